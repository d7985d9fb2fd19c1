import type { Graph } from "../graph/graph";
import { exitOf, type Subnet, subnetOf } from "../network/subnets";
import type { Cell, Part, Tier } from "../report/topology";
import { type Area, arrow, box, frame, heightOf, type Kind, line, picture } from "./canvas";
import { groupsOf, type Group } from "./network-groups";
import { sceneOf, type Site } from "./scene";

const MARGIN = 14;
const ZONES = 606;
const GROUPS = 244;
const WIDTH = 3 * MARGIN + ZONES + GROUPS;
const TOP = 70;
/** From the gateway to the names of the zones. */
const HEAD = 56;
const PART = 34;

/** The network of the first region: subnets with their ranges, routes, endpoints, and what security groups allow. */
export function network(stacks: readonly Graph[]): string | undefined {
  const [site] = sceneOf(stacks).sites;
  if (!site) return undefined;
  const { graph, region } = site;
  const [vpc] = graph.all("aws_vpc");
  const range = graph.text(vpc?.values["cidr_block"]) ?? "";
  const inner = { x: MARGIN + 10, width: ZONES - 20 };
  const groups = groupsOf(stacks, graph);
  const rows = tierRows(site, TOP + HEAD + 28);
  const endpoints = endpointTexts(graph);
  const last = rows.at(-1)?.end ?? TOP + HEAD;
  const boxes = endpoints.map((text) => heightOf([text], inner.width));
  const bottom = Math.max(last + boxes.reduce((sum, height) => sum + height + 8, 0), groupsEnd(groups));
  const middle = MARGIN + ZONES / 2;
  const gateway = graph.all("aws_internet_gateway")[0];
  return picture({
    title: `Network of ${region.name}`,
    description: describe(site, range, groups),
    width: WIDTH,
    height: bottom + 10 + MARGIN,
    parts: [
      box("plain", { x: middle - 75, y: MARGIN, width: 150, height: 34 }, ["internet"], { size: "strong" }),
      frame("frame", { x: MARGIN, y: TOP + 16, width: ZONES, height: bottom - TOP - 6 }),
      line(MARGIN + 12, TOP + 44, `VPC ${range}`, { size: "strong", width: 210 }),
      ...(gateway
        ? [
            arrow([
              [middle, MARGIN + 34],
              [middle, TOP],
            ]),
            box("network", { x: middle - 85, y: TOP, width: 170, height: 34 }, ["internet gateway"], { id: gateway.address }),
          ]
        : []),
      ...region.zones.map((zone, index) => {
        const column = columnOf(site, inner);
        return line(inner.x + index * (column + 8) + column / 2, TOP + HEAD + 20, zone, { anchor: "middle", width: column });
      }),
      ...rows.flatMap((row) => tierDrawing(site, row, inner)),
      ...endpoints.map((text, index) =>
        box(
          "network",
          { ...inner, y: last + boxes.slice(0, index).reduce((sum, height) => sum + height + 8, 0), height: boxes[index] ?? 0 },
          [text],
        ),
      ),
      ...groupDrawing(groups),
    ],
  });
}

interface Row {
  readonly tier: Tier;
  readonly start: number;
  /** Of a cell. */
  readonly size: number;
  readonly end: number;
}

function tierRows({ region }: Site, top: number): readonly Row[] {
  const rows: Row[] = [];
  for (const tier of region.tiers.filter(({ cells }) => cells.length > 0)) {
    const most = Math.max(...tier.cells.map((cell) => partsOf(region.regional, tier, cell).length));
    const start = rows.at(-1)?.end ?? top;
    const size = 30 + most * (PART + 6);
    rows.push({ tier, start, size, end: start + 30 + size + 12 });
  }
  return rows;
}

/** The parts of a subnet; in a public one also the nodes of load balancers. */
function partsOf(regional: readonly Part[], { name }: Tier, { parts }: Cell): readonly Part[] {
  return name === "public" ? [...regional.filter(({ kind }) => kind === "load-balancer"), ...parts] : parts;
}

const LABELS: Readonly<Partial<Record<Part["kind"], readonly [kind: Kind, label: string]>>> = {
  "load-balancer": ["entry", "load balancer"],
  "nat-gateway": ["network", "NAT gateway"],
  tasks: ["compute", "tasks"],
  database: ["data", "database"],
  cache: ["data", "Redis"],
};

/** The width of a zone. */
function columnOf({ region }: Pick<Site, "region">, { width }: Pick<Area, "width">): number {
  return (width - (region.zones.length - 1) * 8) / region.zones.length;
}

function tierDrawing({ graph, region }: Site, { tier, start, size }: Row, inner: Pick<Area, "x" | "width">): readonly string[] {
  const column = columnOf({ region }, inner);
  return [
    line(inner.x, start + 20, `${tier.name}: ${routeText(graph, tier)}`, { width: inner.width }),
    ...tier.cells.flatMap((cell) => {
      const x = inner.x + region.zones.indexOf(cell.zone) * (column + 8);
      const y = start + 30;
      return [
        box("plain", { x, y, width: column, height: size }, []),
        line(x + column / 2, y + 21, cell.cidr, { size: "note", anchor: "middle", width: column }),
        ...partsOf(region.regional, tier, cell).map((part, index) => {
          const [kind, label] = LABELS[part.kind] ?? ["plain", part.label];
          return box(kind, { x: x + 8, y: y + 30 + index * (PART + 6), width: column - 16, height: PART }, [label], {
            id: `${part.label} (${part.id})`,
          });
        }),
      ];
    }),
  ];
}

/** Where the packets of a tier leave the VPC. */
function routeText(graph: Graph, { cells }: Tier): string {
  const subnets = graph.all("aws_subnet").flatMap((subnet) => subnetOf(graph, `\${${subnet.address}.id}`) ?? []);
  const found = cells.flatMap((cell) => subnets.filter(({ address }) => cell.id === `${graph.name}/${address}`));
  const zones = found.map((subnet) => gatewayZone(graph, subnet));
  const isOwn = found.every(({ zone }, index) => zone === zones[index]);
  return [
    ...new Set(found.map((subnet, index) => exitText(subnet, isOwn ? "of the same zone" : `in ${zones[index] ?? "another VPC"}`))),
  ].join("; ");
}

/** The zone of the NAT gateway of a subnet. */
function gatewayZone(graph: Graph, subnet: Subnet): string | undefined {
  const exit = exitOf(subnet);
  return exit?.kind === "nat" ? subnetOf(graph, exit.gateway.values["subnet_id"])?.zone : undefined;
}

/** @param place of the NAT gateway */
function exitText(subnet: Subnet, place: string): string {
  const exit = exitOf(subnet);
  if (exit === undefined) return "no route out of the VPC";
  if (exit.kind === "internet") return "0.0.0.0/0 → internet gateway";
  return `0.0.0.0/0 → ${exit.kind === "nat" ? `NAT gateway ${place}` : exit.by.replace(/_id$/, "").replaceAll("_", " ")}`;
}

/** `gateway endpoints: s3, dynamodb` */
function endpointTexts(graph: Graph): readonly string[] {
  const kinds = new Map<string, string[]>();
  for (const { values } of graph.all("aws_vpc_endpoint")) {
    const kind = (graph.text(values["vpc_endpoint_type"]) ?? "Gateway").toLowerCase();
    const service = (graph.text(values["service_name"]) ?? "").split(".").slice(3).join(".");
    kinds.set(kind, [...(kinds.get(kind) ?? []), service]);
  }
  return [...kinds].map(([kind, services]) => `${kind} endpoint${services.length === 1 ? "" : "s"}: ${services.sort().join(", ")}`);
}

/** Between two groups. */
const STEP = 30;
const GROUPS_HEAD = 46;

const groupHeight = ({ name, lines }: Group): number => heightOf([name, ...lines], GROUPS, "strong") + 6;
const groupsEnd = (groups: readonly Group[]): number => groups.reduce((y, group) => y + groupHeight(group) + STEP, TOP + GROUPS_HEAD);

/** Security groups from the one that clients reach to the stores. */
function groupDrawing(groups: readonly Group[]): readonly string[] {
  const x = WIDTH - MARGIN - GROUPS;
  let y = TOP + GROUPS_HEAD;
  return [
    line(x, TOP + 24, "security groups", { size: "strong" }),
    ...groups.flatMap((group, index) => {
      const height = groupHeight(group);
      const next = groups[index + 1];
      const parts = [
        box(group.kind, { x, y, width: GROUPS, height }, [group.name, ...group.lines], { id: group.id, size: "strong" }),
        ...(next?.from.includes(group.id)
          ? [
              arrow([
                [x + GROUPS / 2, y + height],
                [x + GROUPS / 2, y + height + STEP],
              ]),
            ]
          : []),
      ];
      y += height + STEP;
      return parts;
    }),
  ];
}

function describe({ graph, region }: Site, range: string, groups: readonly Group[]): string {
  const tiers = region.tiers
    .filter(({ cells }) => cells.length > 0)
    .map(
      (tier) =>
        `The ${tier.name} subnets are ${tier.cells.map(({ zone, cidr }) => `${cidr} in ${zone}`).join(", ")}: ${routeText(graph, tier)}.`,
    );
  const rules = groups.map(({ name, lines }) => `The security group ${name} allows ${lines.join(", ")}.`);
  return [`The VPC has the range ${range}.`, ...tiers, ...endpointTexts(graph).map((text) => `There are ${text}.`), ...rules].join(" ");
}

import type { Graph } from "../graph/graph";
import type { Part, Tier } from "../report/topology";
import { type Area, arrow, box, frame, type Kind, line } from "./canvas";
import { counted, type Site } from "./scene";

const ROW = 42;
const GAP = 10;
const CHIP = 34;
/** Services side by side. */
const PER_ROW = 2;
/** From the frame to the bar of the load balancer. */
const HEAD = 44;
const OPERATIONS = 58;
/** Between two boxes in a row, where an arrow is. */
const STEP = 20;
/** Between a row and the next one, where an arrow is. */
const ARROW = 22;

const KINDS: Readonly<Partial<Record<Part["kind"], Kind>>> = { "nat-gateway": "network", tasks: "compute", database: "data" };

/** Where the parts of a region are: the same in each region of a picture. */
export interface Rows {
  readonly balancer: number;
  readonly tasks: number;
  readonly database: number;
  readonly cluster: number;
  readonly caches: number;
  readonly nat: number;
  readonly services: number;
  readonly operations: number;
  readonly end: number;
}

/** The rows of regions that are drawn side by side. */
export function rowsOf(sites: readonly Site[], top: number): Rows {
  const most = (count: (site: Site) => number): number => Math.max(...sites.map(count));
  const stacked = (kind: Part["kind"]): number =>
    most(({ region }) => Math.max(0, ...region.zones.map((zone) => partsIn(region.tiers, zone, kind).length)));
  const size = (rows: number, height: number, gap = GAP): number => (rows === 0 ? 0 : rows * height + (rows - 1) * 6 + gap);
  const balancer = top + HEAD;
  const tasks = balancer + 30 + ROW + ARROW;
  const database = tasks + size(stacked("tasks"), ROW, ARROW);
  const cluster = database + size(stacked("database"), ROW, 4);
  const caches =
    cluster +
    size(
      most(({ database: one }) => (one ? 1 : 0)),
      CHIP,
    );
  const nat =
    caches +
    size(
      most(({ caches: all }) => all.length),
      CHIP,
    );
  const services = nat + size(stacked("nat-gateway"), ROW) + GAP;
  const operations =
    services +
    size(
      most(({ services: all }) => Math.ceil(all.length / PER_ROW)),
      CHIP,
    );
  return { balancer, tasks, database, cluster, caches, nat, services, operations, end: operations + OPERATIONS + GAP };
}

/** The place of a region in the picture. */
export interface Place extends Area {
  readonly rows: Rows;
  readonly role: string;
  /** Where other regions are: the canaries are on that side. */
  readonly neighbour: "left" | "right";
}

/** Zones side by side, with what is in each of them; below them what operates the region. */
export function regionDrawing(site: Site, place: Place): readonly string[] {
  const { region, caches, services, graph } = site;
  const { x, y, width, rows, role } = place;
  const inner = { x: x + GAP, width: width - 2 * GAP };
  const column = (inner.width - (region.zones.length - 1) * 8) / region.zones.length;
  const left = (index: number): number => inner.x + index * (column + 8);
  const bar = (kind: Kind, top: number, text: string): string => box(kind, { ...inner, y: top, height: CHIP }, [text]);
  const chip = (inner.width - (PER_ROW - 1) * 8) / PER_ROW;
  return [
    frame("frame", { x, y, width, height: place.height }),
    line(x + GAP + 2, y + 28, region.name, { size: "strong", width: width * 0.6 }),
    ...(role === "" ? [] : [line(x + width - GAP - 2, y + 28, role, { size: "note", anchor: "end" })]),
    ...region.zones.map((_, index) =>
      frame("zone", { x: left(index), y: rows.balancer - 4, width: column, height: rows.services - rows.balancer - 2 }),
    ),
    ...region.zones.map((zone, index) =>
      line(left(index) + column / 2, rows.balancer + 20, zone, { size: "note", anchor: "middle", width: column }),
    ),
    ...balancers(site, { ...inner, y: rows.balancer + 30, height: ROW - 6 }),
    ...region.zones.flatMap((zone, index) => zoneParts(site, zone, { x: left(index) + 6, y: 0, width: column - 12, height: ROW }, rows)),
    ...caches.map((text, index) => bar("data", rows.caches + index * (CHIP + 6), text)),
    ...services.map((text, index) =>
      box(
        serviceKind(text),
        {
          x: inner.x + (index % PER_ROW) * (chip + 8),
          y: rows.services + Math.floor(index / PER_ROW) * (CHIP + 6),
          width: chip,
          height: CHIP,
        },
        [text],
      ),
    ),
    ...operations(site, graph, place),
  ];
}

const serviceKind = (text: string): Kind => (/^(DynamoDB|S3)/.test(text) ? "data" : text.startsWith("Lambda") ? "compute" : "operations");

const partsIn = (tiers: readonly Tier[], zone: string, kind: Part["kind"]): readonly Part[] =>
  tiers.flatMap(({ cells }) =>
    cells.filter((cell) => cell.zone === zone).flatMap(({ parts }) => parts.filter((part) => part.kind === kind)),
  );

function balancers({ region }: Site, area: Area): readonly string[] {
  const found = region.regional.filter(({ kind }) => kind === "load-balancer");
  const [first] = found;
  if (!first) return [];
  return [
    box("entry", area, [found.length === 1 ? "Application Load Balancer" : counted(found.length, "load balancer")], { id: first.id }),
  ];
}

function zoneParts(site: Site, zone: string, area: Area, rows: Rows): readonly string[] {
  const { region, graph } = site;
  const parts = (kind: Part["kind"]): readonly Part[] => partsIn(region.tiers, zone, kind);
  const stack = (kind: Part["kind"], top: number, name: (part: Part) => string): readonly string[] =>
    parts(kind).map((part, index) =>
      box(KINDS[kind] ?? "plain", { ...area, y: top + index * (ROW + 6) }, [name(part)], { id: `${part.label} (${part.id})` }),
    );
  const middle = area.x + area.width / 2;
  const hasTasks = parts("tasks").length > 0;
  const below = rows.tasks + parts("tasks").length * (ROW + 6) - 6;
  return [
    ...(hasTasks && region.regional.some(({ kind }) => kind === "load-balancer")
      ? [
          arrow([
            [middle, rows.balancer + 30 + ROW - 6],
            [middle, rows.tasks],
          ]),
        ]
      : []),
    ...stack("tasks", rows.tasks, taskName),
    ...(hasTasks && parts("database").length > 0
      ? [
          arrow([
            [middle, below],
            [middle, rows.database],
          ]),
        ]
      : []),
    ...stack("database", rows.database, (part) => instanceRole(graph, site, part)),
    ...stack("nat-gateway", rows.nat, () => "NAT gateway"),
  ];
}

/** `2 tasks`, of `2 × service-x`. */
function taskName({ label }: Part): string {
  const count = /^(\d+) ×/.exec(label)?.[1];
  return count === undefined ? "tasks" : counted(Number(count), "task");
}

/** Aurora promotes the instance with the lowest tier, which is the first that is created. A cluster that replicates has readers only. */
function instanceRole(graph: Graph, { database }: Site, part: Part): string {
  const tiers = graph
    .all("aws_rds_cluster_instance")
    .map(({ address, values }) => [`${graph.name}/${address}`, Number(graph.text(values["promotion_tier"]) ?? 0)] as const)
    .sort(([, one], [, other]) => one - other);
  return database?.isWriter && tiers[0]?.[0] === part.id ? "writer" : "reader";
}

/** Canaries, alarms and topic, one behind the other. */
function operations(site: Site, graph: Graph, { x, width, rows, neighbour }: Place): readonly string[] {
  const { canaries, alarms, topics } = site;
  const count = alarms.metric + alarms.composite;
  const boxes = [
    {
      kind: "canary",
      texts: [counted(canaries.length, "canary").replace("canarys", "canaries"), everyMinutes(canaries[0]?.schedule)],
      exists: canaries.length > 0,
    },
    { kind: "alarm", texts: [counted(count, "alarm"), alarms.composite > 0 ? `${alarms.composite} composite` : ""], exists: count > 0 },
    {
      kind: "topic",
      texts: ["SNS topic", topics.every(({ values }) => graph.text(values["kms_master_key_id"]) !== undefined) ? "encrypted" : ""],
      exists: topics.length > 0,
    },
  ].filter(({ exists }) => exists);
  const size = (width - 2 * GAP - (boxes.length - 1) * STEP) / Math.max(boxes.length, 1);
  const order = neighbour === "right" ? boxes.toReversed() : boxes;
  const left = (index: number): number => x + GAP + index * (size + STEP);
  const middle = rows.operations + OPERATIONS / 2;
  return order.flatMap(({ texts }, index) => [
    box(
      "operations",
      { x: left(index), y: rows.operations, width: size, height: OPERATIONS },
      texts.filter((text) => text !== ""),
    ),
    ...(index === 0
      ? []
      : [
          neighbour === "right"
            ? arrow(
                [
                  [left(index), middle],
                  [left(index) - STEP, middle],
                ],
                "alert",
              )
            : arrow(
                [
                  [left(index) - STEP, middle],
                  [left(index), middle],
                ],
                "alert",
              ),
        ]),
  ]);
}

/** `every minute`, of `rate(1 minute)`. */
function everyMinutes(schedule = ""): string {
  const [, count = "", unit = ""] = /^rate\((\d+) (\w+?)s?\)$/.exec(schedule) ?? [];
  if (count === "") return "";
  return count === "1" ? `every ${unit}` : `every ${count} ${unit}s`;
}

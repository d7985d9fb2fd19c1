import type { Graph } from "../graph/graph";
import { arrow, box, line, picture } from "./canvas";
import { type Place, regionDrawing, rowsOf } from "./overview-region";
import { type PublicName, type Scene, sceneOf, type Site } from "./scene";

const MARGIN = 14;
const BETWEEN = 46;
/** Least width of a zone, and of a region that is alone. */
const ZONE = 133;
const ALONE = 592;
const NAME = { y: 78, height: 58, width: 400 };
const TOP = 206;

/**
 * The platform on one page: clients, DNS, regions with their zones, the database, and how on-call is notified. Undefined if every subnet
 * is of another owner.
 */
export function overview(stacks: readonly Graph[]): string | undefined {
  const scene = sceneOf(stacks);
  const { sites, names } = scene;
  if (sites.length === 0) return undefined;
  const zones = Math.max(...sites.map(({ region }) => region.zones.length));
  const size = Math.max(sites.length === 1 ? ALONE : 0, 14 + zones * ZONE);
  const rows = rowsOf(sites, TOP);
  const width = 2 * MARGIN + sites.length * size + (sites.length - 1) * BETWEEN;
  const places = sites.map((site, index): Place & { readonly site: Site } => ({
    site,
    x: MARGIN + index * (size + BETWEEN),
    y: TOP,
    width: size,
    height: rows.end - TOP,
    rows,
    role: sites.length === 1 ? "" : (names[0]?.answers.find(({ region }) => region === site.region.name)?.role.toLowerCase() ?? ""),
    neighbour: index < sites.length / 2 && sites.length > 1 ? "right" : "left",
  }));
  return picture({
    title: `Overview: ${sites.map(({ region }) => region.name).join(" and ")}`,
    description: describe(scene),
    width,
    height: rows.end + 92,
    parts: [
      ...clients(names, places, width),
      ...places.flatMap((place) => regionDrawing(place.site, place)),
      ...clusters(places),
      ...canaryArrows(places),
      ...onCall(places, width),
    ],
  });
}

type Placed = readonly (Place & { readonly site: Site })[];

function clients(names: readonly PublicName[], places: Placed, width: number): readonly string[] {
  const middle = width / 2;
  const [name] = names;
  const start = box("plain", { x: middle - 70, y: MARGIN, width: 140, height: 38 }, ["clients"], { size: "strong" });
  if (!name) return [start];
  const area = { x: middle - NAME.width / 2, y: NAME.y, width: NAME.width, height: NAME.height };
  const checks = name.interval === undefined ? "" : `health checks every ${name.interval} s, `;
  const answered = places.filter(({ site }) => name.answers.some(({ region }) => region === site.region.name));
  const hasFailover = answered.length > 1;
  const primary = answered.find(({ role }) => role === "primary");
  return [
    start,
    arrow([
      [middle, MARGIN + 38],
      [middle, NAME.y],
    ]),
    box("entry", area, [`Route 53: ${name.name}`, `${checks}TTL ${name.ttl} s`]),
    ...answered.flatMap((place) => {
      const x = place.x + place.width / 2;
      const isBelow = x > area.x + 20 && x < area.x + area.width - 20;
      const side = x < middle ? area.x : area.x + area.width;
      const from: (readonly [number, number])[] = isBelow
        ? [[x, area.y + area.height]]
        : [
            [side, area.y + area.height / 2],
            [x, area.y + area.height / 2],
          ];
      const style = hasFailover && place !== primary ? "standby" : "";
      const anchor = x < middle ? "end" : "start";
      const when = [`while ${primary?.site.region.name ?? ""}`, `is ${style === "" ? "" : "un"}healthy`];
      return [
        arrow([...from, [x, place.y]], style),
        ...(hasFailover
          ? when.map((text, index) => line(x + (anchor === "end" ? -12 : 12), 158 + index * 22, text, { size: "note", anchor }))
          : []),
      ];
    }),
  ];
}

/** The cluster of each region; one bar over all regions of a global database. */
function clusters(places: Placed): readonly string[] {
  const withDatabase = places.filter(({ site }) => site.database);
  const bar = (from: Place, to: Place, text: string): string =>
    box("data", { x: from.x + 10, y: from.rows.cluster, width: to.x + to.width - from.x - 20, height: 34 }, [text]);
  const [first] = withDatabase;
  const last = withDatabase.at(-1);
  if (!first || !last) return [];
  const isGlobal = first !== last && withDatabase.every(({ site }) => site.database?.global !== undefined);
  if (!isGlobal) return withDatabase.map((place) => bar(place, place, place.site.database?.name ?? ""));
  const writer = withDatabase.find(({ site }) => site.database?.isWriter);
  const others = withDatabase.filter((place) => place !== writer).map(({ site }) => site.region.name);
  return [
    bar(first, last, `${first.site.database?.name ?? ""}, global database: ${writer?.site.region.name ?? "?"} → ${others.join(", ")}`),
  ];
}

/** Canaries that request a neighbouring region. */
function canaryArrows(places: Placed): readonly string[] {
  return places.flatMap((place, index) =>
    [index - 1, index + 1].flatMap((other) => {
      const to = places[other];
      if (!to || !place.site.canaries.some(({ regions }) => regions.includes(to.site.region.name))) return [];
      const isRight = other > index;
      const y = place.rows.operations + (isRight ? 18 : 40);
      const start = isRight ? place.x + place.width - 10 : place.x + 10;
      return [
        arrow([
          [start, y],
          [isRight ? to.x : to.x + to.width, y],
        ]),
      ];
    }),
  );
}

function onCall(places: Placed, width: number): readonly string[] {
  const notified = places.filter(({ site }) => site.topics.length > 0);
  const [first] = notified;
  if (!first) return [];
  const y = first.y + first.height + 34;
  const protocols = [...new Set(notified.flatMap(({ site }) => site.protocols))].map((one) => (one === "email" ? "e-mail" : one));
  const size = 190;
  return [
    box("plain", { x: width / 2 - size / 2, y, width: size, height: 46 }, [`on-call: ${protocols.join(", ")}`], { size: "strong" }),
    ...notified.map((place) => {
      const third = (place.width - 20 - 40) / 3;
      const x = place.neighbour === "right" ? place.x + 10 + third / 2 : place.x + place.width - 10 - third / 2;
      const side = x < width / 2 ? width / 2 - size / 2 : width / 2 + size / 2;
      return arrow(
        [
          [x, place.rows.operations + 58],
          [x, y + 23],
          [side, y + 23],
        ],
        "alert",
      );
    }),
  ];
}

function describe({ names, sites }: Scene): string {
  const answers = names.map(
    ({ name, answers: all }) =>
      `Route 53 resolves ${name} to ${all.map(({ region, role }) => `${region} (${role.toLowerCase()})`).join(" and ")}.`,
  );
  const regions = sites.map(({ region, database, canaries, alarms }) =>
    [
      `${region.name} has the zones ${region.zones.join(", ")}, each with a node of the load balancer, tasks and a NAT gateway.`,
      database ? `Its database is ${database.name}${database.isWriter ? " with the writer" : ""}.` : "",
      ...canaries.map(({ host }) => `A canary requests ${host}.`),
      `${alarms.metric + alarms.composite} alarms notify on-call through an SNS topic.`,
    ]
      .filter((sentence) => sentence !== "")
      .join(" "),
  );
  return [...answers, ...regions].join(" ");
}

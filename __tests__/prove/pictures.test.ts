import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { PRESETS } from "../../config/presets";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { picturesOf } from "../../prove/pictures";
import { documentationPictures } from "../../scripts/pictures";
import { inExistingVpcs, MYSQL, ONE_REGION, regionsOf } from "../support/config";
import { graphsOf, stacksOf } from "./platforms";

const PROJECT = resolve(__dirname, "..", "..");
const FOLDER = join(PROJECT, "docs", "pictures");
const MOST_BYTES = 60_000;
/** Height of letters on a narrow screen, and their mean width as a part of it. */
const LETTERS: Readonly<Record<string, number>> = { "": 17, strong: 20, note: 16 };
const LETTER_WIDTH = 0.58;
/** WCAG 2.2, success criterion 1.4.3. */
const LEAST_CONTRAST = 4.5;

const files = documentationPictures((preset) => graphsOf({ preset }));
const pictures = [...files];
const drawn = (overrides: Readonly<Record<string, unknown>>, name: string): string => picturesOf(graphsOf(overrides)).get(name) ?? "";

/** Terraform JSON without the resources of a zone, and without what refers to them. */
function withoutZone(json: unknown, zone: string): unknown {
  if (Array.isArray(json))
    return json.filter((item) => typeof item !== "string" || !item.includes(zone)).map((item) => withoutZone(item, zone));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json)
      .filter(([key]) => !key.includes(zone))
      .map(([key, value]) => [key, withoutZone(value, zone)]),
  );
}

interface Text {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Every text with the place that it takes on a narrow screen, where letters are the largest. */
function textsOf(svg: string): readonly Text[] {
  return [...svg.matchAll(/<text(?: class="(\w+)")? x="([\d.]+)" y="([\d.]+)"(?: text-anchor="(\w+)")?>([^<]*)</g)].map(
    ([, size = "", x, y, anchor = "start", escaped = ""]) => {
      const text = escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
      const letters = LETTERS[size] ?? 17;
      const width = text.length * letters * LETTER_WIDTH;
      const left = Number(x) - { start: 0, middle: width / 2, end: width }[anchor as "start" | "middle" | "end"];
      return { text, left, right: left + width, top: Number(y) - letters * 0.8, bottom: Number(y) + letters * 0.2 };
    },
  );
}

const overlap = (one: Text, other: Text): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Contrast of two colours. @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const value = parseInt(colour.slice(start, start + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((first, second) => second - first);
  return (light + 0.05) / (dark + 0.05);
}

describe("the pictures of the documentation", () => {
  beforeAll(() => {
    if (process.env["UPDATE_PAGES"] !== "1") return;
    for (const [path, svg] of pictures) {
      mkdirSync(dirname(join(PROJECT, path)), { recursive: true });
      writeFileSync(join(PROJECT, path), svg);
    }
  });

  it("are those that npm run pictures writes (UPDATE_PAGES=1 writes them too), and no others", () => {
    expect(readdirSync(FOLDER).sort()).toEqual(pictures.map(([path]) => path.split("/").at(-1)).sort());
    for (const [path, svg] of pictures) expect([path, readFileSync(join(PROJECT, path), "utf8")]).toEqual([path, svg]);
  });

  it("are an overview of each preset, and the network and the takeover of the default one", () => {
    expect(pictures.length).toBe(Object.keys(PRESETS).length + 2);
  });

  it.each(pictures)("%s is small, self-contained, and described for readers who do not see it", (_, svg) => {
    expect(svg.length).toBeLessThan(MOST_BYTES);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|url\(|@import|<script|<image|href=|font-face/);
    expect(svg).toMatch(/<title id="title">[^<]{10,}<\/title>\n<desc id="description">[^<]{50,}<\/desc>/);
    expect(svg).toContain('role="img" aria-labelledby="title description"');
  });

  it.each(pictures)("%s has no text over another one, and none outside", (_, svg) => {
    const texts = textsOf(svg);
    const width = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1]);
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.filter(({ left, right }) => left < 0 || right > width)).toEqual([]);
    const pairs = texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => [one.text, other.text]),
    );
    expect(pairs).toEqual([]);
    expect(texts.filter(({ text }) => text.endsWith("…"))).toEqual([]);
  });

  it("have both themes, each with enough contrast for texts", () => {
    const [[, svg] = ["", ""]] = pictures;
    const themes = [...svg.matchAll(/svg \{ (?:color-scheme: light dark; )?(--[^}]*)\}/g)].map(([, variables = ""]) =>
      Object.fromEntries([...variables.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name = "", colour = ""]) => [name, colour])),
    );
    expect(themes.length).toBe(2);
    expect(svg).toContain("@media (prefers-color-scheme: dark) { svg {");
    for (const colours of themes)
      for (const text of ["text", "quiet"])
        for (const paper of ["paper", "soft"])
          expect(contrast(colours[text] ?? "", colours[paper] ?? "")).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(contrast("#777777", "#ffffff")).toBeLessThan(LEAST_CONTRAST);
  });
});

describe("the overview", () => {
  const texts = (overrides: Readonly<Record<string, unknown>>): readonly string[] =>
    textsOf(drawn(overrides, "overview")).map(({ text }) => text);
  const count = (all: readonly string[], text: string): number => all.filter((one) => one === text).length;
  const standard = texts({});

  it("shows two regions of three zones, one writer, and one global database", () => {
    expect(standard).toEqual(expect.arrayContaining(["us-east-1", "us-west-2", "primary", "secondary", "Route 53: pay.standfast.test"]));
    expect(standard.filter((text) => /^us-(east|west)-\d[abc]$/.test(text)).length).toBe(6);
    for (const [text, times] of [
      ["2 tasks", 6],
      ["writer", 1],
      ["reader", 5],
      ["NAT gateway", 6],
      ["Application Load Balancer", 2],
    ] as const)
      expect([text, count(standard, text)]).toEqual([text, times]);
    expect(standard).toContain("Aurora PostgreSQL 16.8, global database: us-east-1 → us-west-2");
  });

  it("shows another number of zones", () => {
    const [first, second] = regionsOf("hot", "us-east-1", "us-west-2");
    const zones = ["a", "b", "c", "d"].map((zone) => `us-west-2${zone}`);
    const more = texts({ regions: [first, { ...second, availability_zones: zones }], service: { tasks: 8 } });
    expect(more).toContain("us-west-2d");
    expect([count(more, "NAT gateway"), count(more, "2 tasks"), count(more, "3 tasks")]).toEqual([7, 5, 2]);
    const stacks = stacksOf({}).map(([name, json]) => new Graph(name, withoutZone(json, "us-west-2c") as TerraformJson));
    const fewer = textsOf(picturesOf(stacks).get("overview") ?? "").map(({ text }) => text);
    expect(fewer).not.toContain("us-west-2c");
    expect([count(fewer, "NAT gateway"), count(fewer, "2 tasks"), count(fewer, "3 tasks"), count(fewer, "reader")]).toEqual([5, 3, 2, 4]);
  });

  it("shows one region without a failover", () => {
    const one = texts(ONE_REGION);
    expect(one).not.toContain("us-west-2");
    expect(one.some((text) => text.startsWith("while "))).toBe(false);
    expect(one).toContain("Aurora PostgreSQL 16.8");
  });

  it("shows another engine, a cache, another number of tasks, and a single NAT gateway", () => {
    const changed = texts({ ...MYSQL, sessions: "redis", service: { tasks: { min: 9, max: 30 } }, network: { nat: "single" } });
    expect(changed).toContain("Aurora MySQL 3.10.4");
    expect(changed.some((text) => text.startsWith("Redis 7.1: 3 shards"))).toBe(true);
    expect(count(changed, "3 tasks")).toBe(3);
    expect(changed).toContain("9 to 30 tasks");
    expect(count(changed, "NAT gateway")).toBe(1);
    expect(standard.some((text) => text.startsWith("Redis"))).toBe(false);
  });

  it("shows stores without a subnet, the event bus, and the function that tasks call", () => {
    expect(texts({ preset: "payment-elastic" })).toEqual(
      expect.arrayContaining(["Lambda validation", "S3 transaction logs", "DynamoDB payment requests", "10 to 50 tasks"]),
    );
    expect(texts({ preset: "trading" })).toEqual(expect.arrayContaining(["event bus", "DynamoDB sessions", "S3 application data"]));
    expect(standard.filter((text) => /^(Lambda|S3|DynamoDB|event bus)/.test(text))).toEqual([]);
  });

  it("shows no canaries where there are none", () => {
    expect(standard.filter((text) => text === "2 canaries").length).toBe(2);
    expect(texts({ canaries: { enabled: false } }).filter((text) => text.includes("canar"))).toEqual([]);
  });

  it("is not drawn when every subnet is of another owner", () => {
    expect([...picturesOf(graphsOf({ regions: inExistingVpcs(regionsOf("hot", "us-east-1")) })).keys()]).toEqual([]);
  });
});

describe("the picture of the network", () => {
  it("shows ranges, routes, endpoints and flows of the JSON", () => {
    const standard = textsOf(drawn({}, "network")).map(({ text }) => text);
    expect(standard).toEqual(
      expect.arrayContaining([
        "VPC 10.0.0.0/16",
        "public: 0.0.0.0/0 → internet gateway",
        "application: 0.0.0.0/0 → NAT gateway of the same zone",
        "data: no route out of the VPC",
        "from load balancer: 8080",
        "from service: 5432",
        "gateway endpoints: dynamodb, s3",
      ]),
    );
  });

  it("shows another range, another port, a cache, interface endpoints, and one NAT gateway for all zones", () => {
    const regions = regionsOf("hot", "us-east-1").map((region) => ({ ...region, vpc_cidr: "10.40.0.0/16" }));
    const changed = textsOf(
      drawn({ ...MYSQL, regions, sessions: "redis", network: { nat: "single", interface_endpoints: true } }, "network"),
    ).map(({ text }) => text);
    expect(changed).toEqual(expect.arrayContaining(["VPC 10.40.0.0/16", "10.40.0.0/20", "from service: 3306", "from service: 6379"]));
    expect(changed).toContain("application: 0.0.0.0/0 → NAT gateway in us-east-1a");
    expect(changed.some((text) => text.startsWith("interface endpoints: "))).toBe(true);
  });
});

describe("the picture of a takeover", () => {
  it("has the steps of the runbook in their order, and the times of the budgets", () => {
    const texts = textsOf(drawn({}, "takeover")).map(({ text }) => text);
    const steps = ["Find executions", "Fence others", "Promote and scale", "Allow writes", "Await tasks", "Fence others again"];
    expect(texts.filter((text) => steps.includes(text))).toEqual(steps);
    expect(texts).toEqual(expect.arrayContaining(["us-east-1 is lost", "at most 56\u00a0s", "rds:failoverGlobalCluster"]));
  });

  it("shows other times of DNS", () => {
    const texts = textsOf(drawn({ failover: { ttl_seconds: 20 } }, "takeover")).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(["TTL 20\u00a0s", "at most 46\u00a0s"]));
  });

  it("is not drawn for one region", () => {
    expect(drawn(ONE_REGION, "takeover")).toBe("");
  });
});

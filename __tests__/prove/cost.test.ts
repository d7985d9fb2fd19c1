import { describe, expect, it } from "@jest/globals";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cost } from "../../prove/cost";
import { INSTANCES, NODES, type Price, PRICES, quote } from "../../prove/cost/prices";
import { costTables } from "../../prove/cost/table";
import { FREE, TIERS } from "../../prove/cost/types";
import { USAGE } from "../../prove/cost/usage";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { CONFIGURATIONS, EACH_PRESET } from "../support/configurations";
import { graphsOf } from "./platforms";

const PAGE = resolve(__dirname, "..", "..", "prove", "cost", "presets.md");
const of = (json: TerraformJson, region = "us-east-1") => cost([new Graph("main", { provider: { aws: [{ region }] }, ...json })]);
const PROCESSING = cost(graphsOf({ preset: "payment-processing" }));

describe("a monthly estimate", () => {
  it("is the sum of tiers, which a person can add up", () => {
    const tiers = Object.fromEntries(PROCESSING.tiers.map(({ tier, monthly }) => [tier, Number(monthly.toFixed(2))]));
    expect(tiers).toMatchObject({
      // 6 NAT gateways and their addresses, in 730 hours
      network: Number((6 * 730 * (0.045 + 0.005)).toFixed(2)),
      // 2 load balancers, each with an address in three zones
      "load balancing": Number((2 * 730 * (0.0225 + 3 * 0.005)).toFixed(2)),
      // 12 tasks with half a vCPU and 1 GB
      service: Number((12 * 730 * (0.5 * 0.04048 + 0.004445)).toFixed(2)),
      database: Number((6 * 730 * 0.26).toFixed(2)),
      DNS: 13,
    });
    expect(PROCESSING.monthly).toBeCloseTo(PROCESSING.tiers.reduce((sum, { monthly }) => sum + monthly, 0));
  });

  it.each(Object.entries(CONFIGURATIONS))("has a price, or a reason for none, for every resource of %s", (_, overrides) => {
    expect(cost(graphsOf(overrides)).unpriced).toEqual([]);
  });

  it("invents no money: a type, a class or a region without a price is named, and not in the sum", () => {
    const unknown = of({ resource: { aws_msk_cluster: { stream: {} }, aws_kms_key: { key: {} } } });
    expect(unknown).toMatchObject({
      monthly: 1,
      unpriced: [{ stack: "main", address: "aws_msk_cluster.stream", type: "aws_msk_cluster" }],
    });
    expect(of({ resource: { aws_nat_gateway: { nat: {} } } }, "sa-east-1")).toMatchObject({
      monthly: 0,
      unpriced: [{ type: "aws_nat_gateway" }],
    });
    const instance = { aws_rds_cluster_instance: { one: { instance_class: "db.x9.large" } } };
    expect(of({ resource: instance }).unpriced).toHaveLength(1);
    const canary = { aws_synthetics_canary: { one: { schedule: { expression: "cron(0 * * * ? *)" } } } };
    expect(of({ resource: canary }).unpriced).toHaveLength(1);
  });

  it("counts tasks that scaling keeps, ARM, storage and replicas", () => {
    const service = of({
      resource: {
        aws_ecs_cluster: { main: { name: "main" } },
        aws_ecs_task_definition: {
          web: { cpu: "1024", memory: "2048", runtime_platform: { cpu_architecture: "ARM64" }, ephemeral_storage: { size_in_gib: 30 } },
        },
        aws_ecs_service: {
          web: {
            name: "web",
            cluster: "${aws_ecs_cluster.main.arn}",
            task_definition: "${aws_ecs_task_definition.web.arn}",
            desired_count: 2,
          },
        },
        aws_appautoscaling_target: { web: { resource_id: "service/main/web", min_capacity: 4 } },
      },
    });
    expect(service.items.map(({ what, quantity }) => [what, quantity / 730])).toEqual([
      ["4 tasks: vCPU", 4],
      ["4 tasks: GB", 8],
      ["4 tasks: storage beyond 20 GB", 40],
    ]);
    const cache = of({
      resource: {
        aws_elasticache_replication_group: {
          valkey: { node_type: "cache.t4g.small", engine: "valkey", num_node_groups: 3, replicas_per_node_group: 2 },
        },
      },
    });
    expect(cache.monthly).toBeCloseTo(9 * 730 * 0.032 * 0.8);
    expect(cache.safety).toEqual([
      expect.objectContaining({ feature: "replicas of the cache", monthly: expect.closeTo(6 * 730 * 0.032 * 0.8) }),
    ]);
  });

  it("counts an alarm by its metrics, and one on a band of usual values three times", () => {
    const metric = { metric_name: "A", period: 60 };
    const alarms = of({
      resource: {
        aws_cloudwatch_metric_alarm: {
          one: metric,
          fast: { ...metric, period: 10 },
          two: {
            metric_query: [
              { id: "a", metric },
              { id: "b", metric },
              { id: "c", expression: "a + b" },
            ],
          },
          band: {
            threshold_metric_id: "b",
            metric_query: [
              { id: "a", metric },
              { id: "b", expression: "ANOMALY_DETECTION_BAND(a)" },
            ],
          },
        },
        aws_cloudwatch_composite_alarm: { all: {} },
      },
    });
    expect(alarms.items.map(({ monthly }) => Number(monthly.toFixed(2)))).toEqual([0.1, 0.3, 0.2, 0.3, 0.5]);
  });

  it("keeps use apart, with quantities that a person can change", () => {
    const [lcu] = of({ resource: { aws_lb: { web: { subnets: [] } } } }).usage;
    expect(lcu).toMatchObject({ what: "load balancer capacity units", assumed: 1, monthly: 5.84 });
    const more = cost([new Graph("main", { resource: { aws_lb: { web: {} } } })], { aws_lb: { "load balancer capacity units": 5 } });
    expect(more.usage[0]).toMatchObject({ assumed: 5, monthly: expect.closeTo(29.2) });
  });
});

describe("what safety costs", () => {
  const safety = Object.fromEntries(PROCESSING.safety.map(({ feature, monthly }) => [feature, monthly]));

  it("is the difference without it", () => {
    expect(safety["a NAT gateway in each further zone"]).toBeCloseTo(4 * 730 * 0.05);
    expect(safety["database readers"]).toBeCloseTo(4 * 730 * 0.26);
    expect(safety["canaries"]).toBeCloseTo(4 * 730 * 60 * 0.0012);
    expect(safety["DNS failover"]).toBeCloseTo(6 * 0.5 + 2 * 3 + 2 * 2);
    // Six tasks in each region become nine.
    expect(safety["static stability, in addition"]).toBeCloseTo(6 * 730 * (0.5 * 0.04048 + 0.004445));
    expect(safety["standby regions beside us-east-1"]).toBeGreaterThan(PROCESSING.monthly / 3);
  });

  it("has no feature that a platform lacks", () => {
    const one = cost(graphsOf({ preset: "trading" })).safety.map(({ feature }) => feature);
    expect(one.filter((feature) => /standby|proxy|cache|copies/.test(feature))).toEqual([]);
  });
});

describe("the tables of prices and types", () => {
  const prices: readonly (readonly [string, Price])[] = [PRICES, INSTANCES, NODES].flatMap((table) => Object.entries(table));

  it.each(prices)("names the page of the price of %s, and where a verified number was read", (_, price) => {
    expect(price.source).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+pricing\/$/);
    if (price.verified.length > 0) expect(price.read).toMatch(/^https:\/\//);
    for (const region of price.verified) expect(price.prices).toHaveProperty(region);
  });

  it("have a tier for every type with a price, and no type twice", () => {
    expect(Object.keys(USAGE).filter((type) => !(type in TIERS))).toEqual([]);
    expect(FREE.filter((type) => type in TIERS)).toEqual([]);
    expect(
      Object.values(USAGE)
        .flat()
        .filter(({ source }) => !source.startsWith("https://")),
    ).toEqual([]);
  });

  it("give a price of one region, of every region, or none", () => {
    expect(quote(PRICES["nat gateway"], "us-west-2")).toMatchObject({ price: 0.045, isVerified: true });
    expect(quote(PRICES["kms key"], "sa-east-1")).toMatchObject({ price: 1 });
    expect(quote(PRICES["nat gateway"], undefined)).toBeUndefined();
    expect(quote(undefined, "us-east-1")).toBeUndefined();
  });
});

describe("prove/cost/presets.md", () => {
  it("is the estimate of each preset (UPDATE_PAGES=1 writes it)", () => {
    const costs = Object.fromEntries(Object.entries(EACH_PRESET).map(([name, overrides]) => [name, cost(graphsOf(overrides))]));
    const [first] = Object.values(costs);
    const text = `# What each preset costs

USD a month at AWS's list prices, on demand, read on ${first?.priced ?? ""}; 730 hours. Capacity that is paid whether it is used or not. A feature of the second table is in the first as well, except static stability, which no preset has. A test computes this page again.

${costTables(costs)}
`;
    if (process.env["UPDATE_PAGES"] === "1") writeFileSync(PAGE, text);
    expect(existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "").toBe(text);
  });
});

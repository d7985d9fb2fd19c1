import { describe, expect, it } from "@jest/globals";
import { budgets, type Kind } from "../../prove/budgets";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { CONFIGURATIONS } from "../support/configurations";
import { graphsOf } from "./platforms";

const stack = (json: TerraformJson, region = "us-east-1", name = region) => new Graph(name, { provider: { aws: [{ region }] }, ...json });
const of = (kind: Kind, ...stacks: Graph[]) => budgets(stacks).filter((budget) => budget.kind === kind);

describe("a budget", () => {
  const group = (check: object) =>
    stack({
      resource: {
        aws_lb_target_group: { web: { port: 80, health_check: [check] } },
        aws_ecs_service: { web: { desired_count: 6, load_balancer: [{ target_group_arn: "${aws_lb_target_group.web.arn}" }] } },
      },
    });

  it("of a task is phase, further checks and timeout, and names the attributes", () => {
    const [task] = of("task", group({ interval: 5, timeout: 3, unhealthy_threshold: 2 }));
    expect(task?.phases.map(({ least, most }) => [least, most])).toEqual([
      [0, 5],
      [5, 5],
      [0, 3],
    ]);
    expect(task).toMatchObject({ region: "us-east-1", most: 13, promise: { kept: true } });
    expect(task?.phases.map(({ formula }) => formula).join()).toContain("interval 5 s × (unhealthy_threshold 2 − 1)");
  });

  it("takes what is not set as AWS does, and decides nothing about an expression", () => {
    expect(of("task", group({}))[0]).toMatchObject({ most: 95, promise: { kept: false } });
    expect(of("task", group({ interval: "${var.interval}" }))[0]).toMatchObject({ unknown: expect.stringContaining("expression") });
    const elsewhere = stack({ resource: { aws_ecs_service: { web: { load_balancer: [{ target_group_arn: "arn:aws:elb:other" }] } } } });
    expect(of("task", elsewhere)[0]?.unknown).toBe("The target group of aws_ecs_service.web is not in this JSON.");
  });

  it("of a lost writer is that of a promotion, or of a new instance", () => {
    const cluster = (...zones: (string | undefined)[]) =>
      stack({
        resource: {
          aws_rds_cluster: { main: {} },
          aws_rds_cluster_instance: Object.fromEntries(
            zones.map((zone, index) => [
              `i${index}`,
              { cluster_identifier: "${aws_rds_cluster.main.id}", ...(zone === undefined ? {} : { availability_zone: zone }) },
            ]),
          ),
        },
      });
    expect(of("writer", cluster("a", "b"))[0]?.most).toBe(60);
    expect(of("writer", cluster(undefined, undefined))[0]?.most).toBe(60);
    expect(of("writer", cluster("a", "a"))[0]?.most).toBe(600);
    expect(of("writer", cluster("a"))[0]?.most).toBe(600);
    expect(of("writer", cluster())).toEqual([]);
  });

  it("of DNS is that of the child whose failure makes a calculated check unhealthy, and the TTL", () => {
    const region = (name: string) =>
      stack(
        {
          resource: {
            aws_lb: { web: { client_keep_alive: 60 } },
            aws_lb_target_group: { web: {} },
            aws_lb_listener: {
              web: {
                load_balancer_arn: "${aws_lb.web.arn}",
                port: 443,
                protocol: "HTTPS",
                default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web.arn}" }],
              },
            },
            aws_route53_record: { own: { name: `${name}.a.test`, type: "A", alias: [{ name: "${aws_lb.web.dns_name}" }] } },
          },
        },
        name,
      );
    const check = (host: string, more: object = {}) => ({
      type: "HTTPS",
      fqdn: `${host}.a.test`,
      port: 443,
      request_interval: 10,
      failure_threshold: 2,
      ...more,
    });
    const failover = (threshold: number, ttl = 30) =>
      stack(
        {
          resource: {
            aws_route53_health_check: {
              quick: check("us-east-1"),
              slow: check("us-east-1", { type: "TCP", request_interval: 30, failure_threshold: 3 }),
              both: {
                type: "CALCULATED",
                child_health_threshold: threshold,
                child_healthchecks: ["${aws_route53_health_check.quick.id}", "${aws_route53_health_check.slow.id}"],
              },
            },
            aws_route53_record: {
              first: {
                name: "a.test",
                type: "CNAME",
                ttl,
                records: ["us-east-1.a.test"],
                failover_routing_policy: [{ type: "PRIMARY" }],
                health_check_id: "${aws_route53_health_check.both.id}",
              },
              second: {
                name: "a.test",
                type: "CNAME",
                ttl,
                records: ["us-west-2.a.test"],
                failover_routing_policy: [{ type: "SECONDARY" }],
              },
            },
          },
        },
        "us-east-1",
        "failover",
      );
    const pair = [region("us-east-1"), region("us-west-2")];
    expect(of("dns", ...pair, failover(2))[0]).toMatchObject({ most: 26 + 30, promise: { kept: true } });
    expect(of("dns", ...pair, failover(1))[0]).toMatchObject({ most: 100 + 30, promise: { kept: false } });
    expect(of("dns", ...pair, failover(2, 60))[0]).toMatchObject({ most: 86, promise: { kept: false } });
    expect(of("dns", ...pair, failover(0))[0]?.faults).toEqual([
      "aws_route53_health_check.both stays healthy after the loss: a.test resolves to the lost region without an end.",
    ]);
  });

  it("of a cache without a replica does not end, and has no bound with one", () => {
    const cache = (values: Record<string, unknown>) => stack({ resource: { aws_elasticache_replication_group: { main: values } } });
    expect(of("cache", cache({ automatic_failover_enabled: true, replicas_per_node_group: 2 }))[0]).toMatchObject({
      most: undefined,
      faults: [],
    });
    expect(of("cache", cache({ automatic_failover_enabled: true }))[0]?.faults).toHaveLength(1);
    expect(of("cache", cache({ replicas_per_node_group: 2 }))[0]?.faults).toHaveLength(1);
  });

  it("exists for each kind of failure, with a page for each phase", () => {
    const all = budgets(graphsOf(CONFIGURATIONS["two-regions-data"] ?? {}));
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(
      [
        ...["backup", "cache", "connection", "dns", "hear-errors", "hear-region", "hear-task", "hear-writer", "rewind", "takeover", "task"],
        ...["task-replacement", "writer", "zone-nat", "zone-node", "zone-shift"],
      ].sort(),
    );
    expect(all.flatMap(({ phases }) => phases).filter(({ source }) => !source.startsWith("https://docs.aws.amazon.com/"))).toEqual([]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { rto, rpo } of all) expect([rto, rpo]).not.toContain("");
  });
});

import { describe, expect, it } from "@jest/globals";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { simulate } from "../../prove/losses/simulate";
import type { Simulation } from "../../prove/losses/simulation";
import { ONE_REGION } from "../support/config";
import { graphsOf } from "./platforms";

const played = (stacks: readonly Graph[]) => {
  const all = simulate(stacks);
  const of = (id: string): Simulation => {
    const found = all.find((one) => one.id === id);
    if (!found) throw new Error(`no ${id} in ${all.map((one) => one.id).join(", ")}`);
    return found;
  };
  return { all, of };
};
const changed = (stacks: readonly Graph[], name: string, change: (json: Mutable) => void): readonly Graph[] =>
  stacks.map((stack) => {
    if (stack.name !== name) return stack;
    const json = structuredClone(stack.json) as unknown as Mutable;
    change(json);
    return new Graph(name, json);
  });
interface Mutable {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

describe("losses of two regions", () => {
  const stacks = graphsOf({});
  const { all, of } = played(stacks);

  it("are each part once, and the pairs that the platform is built for", () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const count = (kind: Simulation["kind"]) => all.filter((one) => one.kind === kind).length;
    expect({
      zones: count("zone"),
      regions: count("region"),
      gateways: count("nat-gateway"),
      routes: count("route"),
      instances: count("database-instance"),
      secrets: count("secret"),
      registries: count("registry"),
      controlPlanes: count("control-plane"),
      pairs: count("pair"),
    }).toEqual({ zones: 6, regions: 2, gateways: 6, routes: 8, instances: 6, secrets: 2, registries: 1, controlPlanes: 6, pairs: 9 });
    expect(count("key")).toBeGreaterThan(15);
  });

  it("leave four of six tasks when a zone is lost, and six after recovery", () => {
    expect(of("zone us-east-1/us-east-1b")).toMatchObject({
      lost: "The Availability Zone us-east-1b",
      requests: "interrupted",
      writes: "interrupted",
      dns: expect.stringMatching(/ resolves to the load balancer of us-east-1 \(PRIMARY\)\.$/),
      serves: [
        "us-east-1: aws_lb.load-balancer_alb in us-east-1a, us-east-1c; aws_ecs_service.service_service with 2 tasks in us-east-1a, 2 tasks in us-east-1c",
        expect.stringMatching(/^us-west-2: /),
      ],
      capacity: [
        { service: "us-east-1/aws_ecs_service.service_service", before: 6, atOnce: 4, recovered: 6 },
        { service: "us-west-2/aws_ecs_service.service_service", before: 6, atOnce: 6, recovered: 6 },
      ],
      crossings: [],
      because:
        "After the loss of the Availability Zone us-east-1b, 10 of 12 tasks run at once and 12 after recovery, requests are interrupted, and writes are interrupted.",
    });
    expect(of("zone us-east-1/us-east-1b").dark).toContain("us-east-1/aws_rds_cluster_instance.aurora_us-east-1b");
    expect(of("zone us-east-1/us-east-1b").notified).toContain(
      "us-east-1/aws_cloudwatch_metric_alarm.service_alarm-running-tasks-low to aws_sns_topic.alerts_topic in us-east-1",
    );
  });

  it("lead clients to the standby when the primary region is lost, where an operator promotes the database", () => {
    const lost = of("region us-east-1");
    expect(lost).toMatchObject({ requests: "interrupted", writes: "by command", crossings: [] });
    expect(lost.dns).toMatch(/ resolves to the load balancer of us-west-2 \(SECONDARY\), and before to the load balancer of us-east-1\.$/);
    expect(lost.notified).toEqual([
      "us-west-2/aws_cloudwatch_metric_alarm.canary-us-east-1_alarm-canary-us-east-1 to aws_sns_topic.alerts_topic in us-west-2",
    ]);
    expect(of("region us-west-2")).toMatchObject({ requests: "served", writes: "served" });
  });

  it("take clients to the standby with the route of the load balancer, and only starts with a secret or a control plane", () => {
    expect(of("route us-east-1/aws_route.network_public-routes_internet").dns).toContain("resolves to the load balancer of us-west-2");
    expect(of("secret global/aws_secretsmanager_secret.database-secret_secret").because).toContain(
      "12 of 12 tasks run at once and 12 after recovery, new tasks of us-east-1/aws_ecs_service.service_service do not start",
    );
    expect(of("control-plane us-west-2/ECS")).toMatchObject({ requests: "served", writes: "served", dark: [] });
    expect(of("registry public.ecr.aws").because).toContain("new tasks of us-east-1/aws_ecs_service.service_service and us-west-2/");
    expect(of("key us-east-1/aws_kms_key.database-key_key")).toMatchObject({ writes: "by command" });
  });

  it("stay within a zone of the primary when the whole standby is lost, too", () => {
    expect(of("pair zone us-east-1/us-east-1a + region us-west-2")).toMatchObject({
      requests: "interrupted",
      writes: "interrupted",
      capacity: [
        { atOnce: 4, recovered: 6 },
        { atOnce: 0, recovered: 0 },
      ],
    });
    expect(of("pair zone us-east-1/us-east-1a + zone us-east-1/us-east-1b").capacity[0]).toMatchObject({ atOnce: 2, recovered: 6 });
  });

  it("follow health checks, and not the order of records", () => {
    const blind = played(
      changed(stacks, "failover", ({ resource }) => {
        delete resource["aws_route53_record"]?.["dns_primary"]?.["health_check_id"];
      }),
    );
    expect(blind.of("region us-east-1")).toMatchObject({ requests: "lost" });
    expect(blind.of("region us-east-1").dns).toMatch(/resolves to the load balancer of us-east-1 \(PRIMARY\), which does not answer\.$/);
  });

  it("reveal what one region has of another", () => {
    const shared = played(
      changed(stacks, "us-west-2", ({ resource }) => {
        const cluster = resource["aws_rds_cluster"]?.["aurora"] ?? {};
        cluster["kms_key_id"] = "arn:aws:kms:us-east-1:123456789012:key/0123";
      }),
    );
    expect(shared.of("region us-east-1").crossings).toContain("us-west-2/aws_rds_cluster.aurora in us-west-2 is lost with us-east-1.");
    expect(shared.of("region us-east-1")).toMatchObject({ writes: "lost" });
  });
});

describe("losses of one region", () => {
  const { all, of } = played(graphsOf(ONE_REGION));

  it("take everything with the region", () => {
    expect(of("region us-east-1")).toMatchObject({ requests: "lost", writes: "lost", serves: [], notified: [] });
    expect(all.some(({ id }) => id.includes("+ region"))).toBe(false);
  });

  it("leave the other zones otherwise", () => {
    for (const zone of ["a", "b", "c"])
      expect(of(`zone us-east-1/us-east-1${zone}`)).toMatchObject({ requests: "interrupted", writes: "interrupted" });
  });
});

describe("losses of another project", () => {
  const json: TerraformJson = {
    provider: { aws: [{ region: "eu-west-1" }] },
    resource: {
      aws_subnet: {
        public_a: { availability_zone: "eu-west-1a", cidr_block: "10.0.0.0/24" },
        public_b: { availability_zone: "eu-west-1b", cidr_block: "10.0.1.0/24" },
        private_a: { availability_zone: "eu-west-1a", cidr_block: "10.0.2.0/24" },
        private_b: { availability_zone: "eu-west-1b", cidr_block: "10.0.3.0/24" },
      },
      aws_nat_gateway: { only: { subnet_id: "${aws_subnet.public_a.id}" } },
      aws_route_table: { private: { route: [{ cidr_block: "0.0.0.0/0", nat_gateway_id: "${aws_nat_gateway.only.id}" }] } },
      aws_route_table_association: {
        a: { subnet_id: "${aws_subnet.private_a.id}", route_table_id: "${aws_route_table.private.id}" },
        b: { subnet_id: "${aws_subnet.private_b.id}", route_table_id: "${aws_route_table.private.id}" },
      },
      aws_lb: { web: { subnets: ["${aws_subnet.public_a.id}", "${aws_subnet.public_b.id}"] } },
      aws_lb_target_group: { web: { port: 80 } },
      aws_lb_listener: {
        web: {
          load_balancer_arn: "${aws_lb.web.arn}",
          port: 443,
          default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web.arn}" }],
        },
      },
      aws_ecs_task_definition: {
        web: { container_definitions: JSON.stringify([{ name: "web", image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1" }]) },
      },
      aws_ecs_service: {
        web: {
          desired_count: 3,
          task_definition: "${aws_ecs_task_definition.web.arn}",
          network_configuration: [{ subnets: ["${aws_subnet.private_a.id}", "${aws_subnet.private_b.id}"] }],
          load_balancer: [{ target_group_arn: "${aws_lb_target_group.web.arn}", container_name: "web", container_port: 80 }],
        },
      },
      aws_db_instance: { main: { multi_az: true, availability_zone: "eu-west-1a", identifier: "main" } },
      aws_elasticache_subnet_group: { this: { subnet_ids: ["${aws_subnet.private_a.id}", "${aws_subnet.private_b.id}"] } },
      aws_elasticache_replication_group: {
        sessions: { subnet_group_name: "${aws_elasticache_subnet_group.this.name}", num_cache_clusters: 2 },
      },
      aws_route53_record: {
        web: { name: "shop.test", type: "A", alias: [{ name: "${aws_lb.web.dns_name}", evaluate_target_health: true }] },
      },
      aws_kms_key: { unused: {} },
      aws_something_new: { odd: { nested: [{ kms_key_id: "${aws_kms_key.unused.arn}" }] } },
    },
  };
  const { of } = played([new Graph("main", json)]);

  it("show the NAT gateway that all zones use", () => {
    expect(of("zone eu-west-1/eu-west-1a")).toMatchObject({
      requests: "interrupted",
      writes: "interrupted",
      dns: "shop.test resolves to the load balancer of eu-west-1.",
      capacity: [{ service: "main/aws_ecs_service.web", before: 3, atOnce: 1, recovered: 1 }],
      crossings: ["main/aws_subnet.private_b in eu-west-1b loses its way to the internet with aws_nat_gateway.only in eu-west-1a."],
      notified: [],
    });
    expect(of("zone eu-west-1/eu-west-1b")).toMatchObject({ writes: "served", capacity: [{ atOnce: 2, recovered: 3 }], crossings: [] });
  });

  it("have the nodes of a cache, keys of unknown resources, and a registry in another region", () => {
    expect(of("cache-node main/aws_elasticache_replication_group.sessions#1.2")).toMatchObject({ requests: "interrupted" });
    expect(of("key main/aws_kms_key.unused").dark).toEqual(["main/aws_kms_key.unused", "main/aws_something_new.odd"]);
    expect(of("registry 123456789012.dkr.ecr.us-east-1.amazonaws.com").because).toContain(
      "new tasks of main/aws_ecs_service.web do not start",
    );
  });

  it("are none without a platform, and odd values are no crash", () => {
    expect(simulate([])).toEqual([]);
    expect(simulate([new Graph("empty", {})])).toEqual([]);
    const odd = new Graph("odd", {
      resource: {
        aws_ecs_service: { a: { network_configuration: "none", load_balancer: [null, "x"] } },
        aws_lb: { a: { subnets: "${module.vpc.subnets}" } },
        aws_route53_record: { a: { name: "a.test", type: "CNAME", records: ["a.test"], set_identifier: "a" } },
        aws_elasticache_replication_group: { a: {} },
      },
    });
    expect(() => simulate([odd])).not.toThrow();
  });
});

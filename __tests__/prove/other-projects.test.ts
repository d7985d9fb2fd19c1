import { describe, expect, it } from "@jest/globals";
import { prove } from "../../prove/claims";
import { Graph, type TerraformJson } from "../../prove/graph/graph";

/** What each claim says about the JSON of another project. */
const statuses = (json: TerraformJson) => Object.fromEntries(prove([new Graph("main", json)]).map(({ id, status }) => [id, status]));
const because = (json: TerraformJson, claim: string) => prove([new Graph("main", json)]).find(({ id }) => id === claim)?.because;

const ZONES = ["a", "b", "c"];
const entries = <Value>(make: (zone: string, index: number) => Value) =>
  Object.fromEntries(ZONES.map((zone, index) => [zone, make(zone, index)]));
const prefixed = <Value>(prefix: string, table: Readonly<Record<string, Value>>) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [`${prefix}-${name}`, value]));
const subnets = (prefix: string, third: number) =>
  prefixed(
    prefix,
    entries((zone, index) => ({
      vpc_id: "${aws_vpc.this.id}",
      availability_zone: `eu-west-1${zone}`,
      cidr_block: `10.0.${third + index}.0/24`,
    })),
  );
const idsOf = (prefix: string) => ZONES.map((zone) => `\${aws_subnet.${prefix}-${zone}.id}`);

/** A web application as many projects have it: routes and rules inside of tables and groups, no network ACLs, one NAT gateway. */
const WEB: TerraformJson = {
  resource: {
    aws_vpc: { this: { cidr_block: "10.0.0.0/16" } },
    aws_internet_gateway: { this: { vpc_id: "${aws_vpc.this.id}" } },
    aws_subnet: { ...subnets("public", 0), ...subnets("private", 10), ...subnets("data", 20) },
    aws_nat_gateway: { this: { subnet_id: "${aws_subnet.public-a.id}" } },
    aws_route_table: {
      public: { route: [{ cidr_block: "0.0.0.0/0", gateway_id: "${aws_internet_gateway.this.id}" }] },
      private: { route: [{ cidr_block: "0.0.0.0/0", nat_gateway_id: "${aws_nat_gateway.this.id}" }] },
      data: { route: [] },
    },
    aws_route_table_association: Object.assign(
      {},
      ...["public", "private", "data"].map((tier) =>
        prefixed(
          tier,
          entries((zone) => ({ subnet_id: `\${aws_subnet.${tier}-${zone}.id}`, route_table_id: `\${aws_route_table.${tier}.id}` })),
        ),
      ),
    ) as Record<string, Record<string, unknown>>,
    aws_security_group: {
      balancer: {
        ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] }],
        egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
      },
      tasks: {
        ingress: [{ protocol: "tcp", from_port: 3000, to_port: 3000, security_groups: ["${aws_security_group.balancer.id}"] }],
        egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
      },
      database: { ingress: [{ protocol: "tcp", from_port: 5432, to_port: 5432, security_groups: ["${aws_security_group.tasks.id}"] }] },
    },
    aws_lb: { web: { subnets: idsOf("public"), security_groups: ["${aws_security_group.balancer.id}"], enable_zonal_shift: true } },
    aws_lb_target_group: { web: { port: 3000, target_type: "ip" } },
    aws_lb_listener: { web: { default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.web.arn}" }] } },
    aws_ecs_task_definition: { web: { container_definitions: JSON.stringify([{ name: "web", portMappings: [{ containerPort: 3000 }] }]) } },
    aws_ecs_service: {
      web: {
        task_definition: "${aws_ecs_task_definition.web.arn}",
        desired_count: 6,
        availability_zone_rebalancing: "ENABLED",
        network_configuration: [{ subnets: idsOf("private"), security_groups: ["${aws_security_group.tasks.id}"] }],
        load_balancer: [{ target_group_arn: "${aws_lb_target_group.web.arn}", container_name: "web", container_port: 3000 }],
      },
    },
    aws_db_subnet_group: { this: { subnet_ids: idsOf("data") } },
    aws_rds_cluster: {
      this: {
        engine: "aurora-postgresql",
        db_subnet_group_name: "${aws_db_subnet_group.this.name}",
        vpc_security_group_ids: ["${aws_security_group.database.id}"],
      },
    },
    aws_rds_cluster_instance: {
      one: { cluster_identifier: "${aws_rds_cluster.this.id}", instance_class: "db.r6g.large", availability_zone: "eu-west-1a" },
      two: { cluster_identifier: "${aws_rds_cluster.this.id}", instance_class: "db.r6g.large", availability_zone: "eu-west-1b" },
    },
    aws_something_else: { unknown: { of: "${aws_lb.web.arn}" } },
  },
};

describe("Terraform of another project", () => {
  it("is decided as far as claims apply: one NAT gateway for three zones is found", () => {
    expect(statuses(WEB)).toMatchObject({
      Z1: "proven",
      Z2: "refuted",
      Z3: "proven",
      Z4: "proven",
      Z5: "proven",
      Z8: "proven",
      R1: "proven",
      R2: "proven",
      R3: "proven",
      R4: "proven",
      R5: "proven",
      // The tasks may send everything everywhere, and nothing is encrypted.
      R6: "refuted",
      R7: "proven",
      E1: "refuted",
      E6: "refuted",
      P9: "proven",
      X2: "proven",
      N1: "not-applicable",
      // No circuit breaker, no health check in the container, no alarm, and the defaults of AWS for times.
      S1: "refuted",
      S2: "not-applicable",
      S3: "proven",
      S4: "refuted",
      S5: "proven",
      S6: "unknown",
      Z6: "refuted",
      Z7: "refuted",
      Z9: "refuted",
      L1: "refuted",
      L2: "not-applicable",
      L3: "not-applicable",
      L4: "proven",
      L5: "refuted",
      // Three checks every 30 s, and connections of an hour, as AWS sets them.
      F1: "refuted",
      F2: "not-applicable",
      F3: "refuted",
      F4: "not-applicable",
      F5: "not-applicable",
      F6: "proven",
      F7: "not-applicable",
      F8: "not-applicable",
      F9: "not-applicable",
      ...Object.fromEntries(
        ["B1", "B2", "B3", "B4", "B5", "B5b", "B7", "B9", "B10", "B11", "B12", "B13"].map((id) => [id, "not-applicable"]),
      ),
      B6: "refuted",
      B8: "refuted",
    });
    expect(because(WEB, "F1")).toMatch(/^a task of aws_ecs_service\.web takes 95 s: 30 s .* The promise is 13 s/);
    expect(because(WEB, "B6")).toBe("aws_rds_cluster.this can be restored to a moment of the last 1 days only.");
    expect(because(WEB, "B8")).toBe("aws_rds_cluster.this has the default parameters, and accepts connections without TLS.");
    expect(because(WEB, "Z2")).toBe(
      "The loss of eu-west-1a takes the way to the internet from aws_subnet.private-b in eu-west-1b, which uses aws_nat_gateway.this.",
    );
  });

  it("with a database that a range of addresses reaches is refuted, and says which", () => {
    const open = structuredClone(WEB) as { resource: Record<string, Record<string, Record<string, unknown>>> };
    const database = open.resource["aws_security_group"]?.["database"] ?? {};
    database["ingress"] = [{ protocol: "tcp", from_port: 5432, to_port: 5432, cidr_blocks: ["10.0.0.0/8"] }];
    expect(because(open, "R5")).toBe("aws_security_group.database lets 10.0.0.0/8 in.");
  });

  it("with subnets that a module has made is unknown, and not proven", () => {
    const modular = structuredClone(WEB) as { resource: Record<string, Record<string, Record<string, unknown>>> };
    const service = modular.resource["aws_ecs_service"]?.["web"] ?? {};
    service["network_configuration"] = [{ subnets: ["${module.vpc.private_subnets[0]}"], security_groups: [] }];
    expect(statuses(modular)).toMatchObject({ Z1: "unknown", Z2: "unknown", Z5: "unknown", R2: "unknown" });
  });

  it("without a platform in it has nothing to decide, and is read without a crash", () => {
    const results = [{}, { resource: {} }, { locals: { a: 1 } }].flatMap((json) => Object.values(statuses(json)));
    expect([...new Set(results)]).toEqual(["not-applicable"]);
    expect(statuses({ resource: { aws_s3_bucket: { logs: { bucket: "logs" } } } })).toMatchObject({ Z1: "not-applicable", E1: "refuted" });
  });

  it("names subnets by a local value as well", () => {
    const local = structuredClone(WEB) as {
      resource: Record<string, Record<string, Record<string, unknown>>>;
      locals?: Record<string, unknown>;
    };
    local.locals = { private: idsOf("private") };
    const service = local.resource["aws_ecs_service"]?.["web"] ?? {};
    service["network_configuration"] = [{ subnets: "${local.private}", security_groups: ["${aws_security_group.tasks.id}"] }];
    expect(statuses(local)).toEqual(statuses(WEB));
  });
});

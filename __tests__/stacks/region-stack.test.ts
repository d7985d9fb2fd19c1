import { describe, expect, it } from "@jest/globals";
import { services, statements } from "../support/policies";
import { MYSQL, ONE_REGION } from "../support/config";
import { regionStack, target } from "../support/synthesized";
import { gatewayZoneOf, sentences } from "../support/traffic";

const oneRegion = (overrides: object = {}) => regionStack({ ...ONE_REGION, ...overrides });
const region = oneRegion();
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

describe("the network", () => {
  const subnets = (tier: string) => region.all("aws_subnet").filter((subnet) => (subnet["tags"] as { Tier: string }).Tier === tier);

  it("has a public, an application and a data subnet in each of three zones", () => {
    for (const tier of ["public", "application", "data"]) expect(subnets(tier).map((subnet) => subnet["availability_zone"])).toEqual(ZONES);
    expect(region.all("aws_subnet")).toHaveLength(9);
  });

  it("gives no instance a public address of its own", () => {
    expect(region.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
  });

  it("lets each application subnet out through the NAT gateway of its own zone", () => {
    expect(region.all("aws_nat_gateway")).toHaveLength(3);
    for (const subnet of subnets("application")) expect(gatewayZoneOf(region, subnet)).toBe(subnet["availability_zone"]);
  });

  it("gives the data subnets no way out of the VPC", () => {
    for (const subnet of subnets("data")) expect(gatewayZoneOf(region, subnet)).toBeUndefined();
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

  it("has private endpoints for the event bus and the validation, where tasks, or the validation itself, call them", () => {
    const endpointsOf = (overrides: object): string[] =>
      oneRegion({ network: { interface_endpoints: true, outbound_cidrs: [] }, ...overrides })
        .all("aws_vpc_endpoint")
        .filter((endpoint) => endpoint["vpc_endpoint_type"] === "Interface" && endpoint["private_dns_enabled"] === true)
        .map((endpoint) => String(endpoint["service_name"]).replace("com.amazonaws.us-east-1.", ""));
    expect(endpointsOf({ events: { enabled: true } })).toContain("events");
    expect(endpointsOf({ events: { enabled: true } })).not.toContain("lambda");
    expect(endpointsOf({ validation: { enabled: true } })).toContain("lambda");
    expect(endpointsOf({ validation: { enabled: true } })).not.toContain("events");
    const clientsOf = (validation: object): string[] =>
      oneRegion({ network: { interface_endpoints: true }, events: { enabled: true }, validation: { enabled: true, ...validation } })
        .all("aws_vpc_security_group_ingress_rule")
        .filter((rule) => target(rule["security_group_id"]).includes("interface-endpoints"))
        .map((rule) => target(rule["referenced_security_group_id"]))
        .sort();
    const service = "aws_security_group.service_security-group_group";
    expect(clientsOf({ in_vpc: true })).toEqual([service]);
    // Its name leads to the endpoint for the whole VPC: who may not go there sends no event.
    expect(clientsOf({ in_vpc: true, on_events: true })).toEqual([service, "aws_security_group.validation-security-group_group"]);
  });

  it("stops a plan with a sentence where the account lacks one of the zones", () => {
    const lifecycle = region.only("aws_vpc")["lifecycle"] as { precondition: { condition: string; error_message: string }[] };
    expect(lifecycle.precondition.map(({ error_message }) => error_message)).toEqual(
      ZONES.map((zone) => expect.stringContaining(`no Availability Zone ${zone} in us-east-1`)),
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
  const lets = (tier: string, { port, peer, egress }: Packet, stack = region): boolean =>
    stack
      .all("aws_network_acl_rule")
      .filter((rule) => target(rule["network_acl_id"]) === `aws_network_acl.network_acl_${tier}_acl` && rule["egress"] === egress)
      .some(
        (rule) =>
          Number(rule["from_port"]) <= port &&
          port <= Number(rule["to_port"]) &&
          (rule["cidr_block"] === "0.0.0.0/0" || rule["cidr_block"] === peer),
      );
  /** A request and its answer, at both ends. */
  const talks = (client: keyof typeof tierOf, server: keyof typeof tierOf, port: number, stack = region, answer = 40000): boolean =>
    (client === "internet" ||
      (lets(client, { port, peer: tierOf[server], egress: true }, stack) &&
        lets(client, { port: answer, peer: tierOf[server], egress: false }, stack))) &&
    (server === "internet" ||
      (lets(server, { port, peer: tierOf[client], egress: false }, stack) &&
        lets(server, { port: answer, peer: tierOf[client], egress: true }, stack)));

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

  it("let tasks reach the cache, and the data tier reach itself, where there is a cache or a proxy", () => {
    const cached = oneRegion({ sessions: "redis" });
    expect(talks("application", "data", 6379, cached)).toBe(true);
    expect(talks("data", "data", 16379, cached)).toBe(true);
    expect(talks("public", "data", 6379, cached)).toBe(false);
    expect(talks("application", "data", 6379)).toBe(false);
    expect(talks("data", "data", 5432)).toBe(false);
    const mysql = regionStack(MYSQL);
    expect(talks("application", "data", 3306, mysql)).toBe(true);
    expect(talks("application", "data", 5432, mysql)).toBe(false);
    expect(talks("data", "data", 3306, mysql)).toBe(true);
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
  it("let in exactly: clients to the load balancer, the load balancer to the tasks, the tasks to the database", () => {
    expect(sentences(region, "ingress")).toEqual([
      "database from service:5432",
      "load-balancer from 0.0.0.0/0:443",
      "load-balancer from 0.0.0.0/0:80",
      "service from load-balancer:8080",
    ]);
  });

  it("let out no more than that, and HTTPS", () => {
    expect(sentences(region, "egress")).toEqual([
      "load-balancer to service:8080",
      "service to 0.0.0.0/0:443",
      "service to database:5432",
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

  it("speaks TLS to the tasks too, where they bring a certificate", () => {
    const groupOf = (overrides: object) => oneRegion(overrides).only("aws_lb_target_group");
    expect(groupOf({})).toMatchObject({ name: "tg-8080-test-1", protocol: "HTTP", health_check: { protocol: "HTTP" } });
    // Another name, so that the new group can be there before the old one goes.
    expect(groupOf({ service: { protocol: "HTTPS" } })).toMatchObject({
      name: "tg-8080-https-test-1",
      protocol: "HTTPS",
      health_check: { protocol: "HTTPS" },
    });
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
    const guarded = oneRegion({ load_balancer: { waf: true } });
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
    expect(region.at("aws_s3_bucket_public_access_block.access-logs_public-access")).toMatchObject({
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

  it("keeps seven days of backups, and its password in Secrets Manager", () => {
    expect(region.only("aws_rds_cluster")).toMatchObject({
      engine: "aurora-postgresql",
      engine_version: "16.8",
      backup_retention_period: 7,
      storage_encrypted: true,
      copy_tags_to_snapshot: true,
      enabled_cloudwatch_logs_exports: ["postgresql"],
    });
    expect(region.only("aws_rds_cluster")).not.toHaveProperty("master_password");
    expect(region.only("aws_rds_cluster")["master_password_wo"]).toMatch(/^\$\{jsondecode\(ephemeral\./);
    expect(region.only("aws_rds_cluster")).not.toHaveProperty("availability_zones");
  });

  it("leaves the password to RDS where Terraform cannot write it without knowing it", () => {
    const managed = oneRegion({ database: { rewind: false }, terraform_version: "1.10" });
    expect(managed.only("aws_rds_cluster")).toMatchObject({
      manage_master_user_password: true,
      master_user_secret_kms_key_id: "${aws_kms_key.database-key_key.arn}",
    });
    expect(String(managed.only("aws_ecs_task_definition")["container_definitions"])).toContain(
      '"valueFrom" = "${aws_rds_cluster.aurora.master_user_secret[0].secret_arn}:password::"',
    );
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
      '"name" = "DATABASE_PASSWORD", "valueFrom" = "${data.aws_secretsmanager_secret.database_master-secret.arn}:password::"',
    );
  });

  it("can read its own parameters and the one secret, and its program its parameters alone", () => {
    const execution = statements(region).filter(({ address }) => address.includes("execution-role_permissions"));
    expect(execution.find(({ Sid }) => Sid === "ReadOwnParameters")?.Resource).toEqual([
      "arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1",
      "arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1/*",
    ]);
    expect(execution.find(({ Sid }) => Sid === "ReadDatabaseCredentials")?.Resource).toBe(
      "${data.aws_secretsmanager_secret.database_master-secret.arn}",
    );
    const program = statements(region).filter(({ address }) => address.includes("task-role_permissions"));
    expect(program.map(({ Sid }) => Sid)).toEqual(["ReadOwnParameters", "DecryptOwnParameters"]);
  });
});

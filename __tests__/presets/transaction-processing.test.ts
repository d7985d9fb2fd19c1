import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PROJECT } from "../support/requirements";
import { failoverStack, globalStack, presetStacks, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

const PRESET = "transaction-processing";
const REGION = "us-east-1";
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const STACKS = presetStacks(PRESET);
const every = (type?: string): Resource[] => [...STACKS.values()].flatMap((stack) => stack.all(type));
const stackOf = (name: string): Synthesized => {
  const stack = STACKS.get(name);
  if (!stack) throw new Error(`there is no stack ${name}`);
  return stack;
};
const region = stackOf(REGION);
const failover = stackOf("failover");

const subnets = (tier: string): Resource[] =>
  region.all("aws_subnet").filter(({ tags }) => (tags as { readonly Tier?: string } | undefined)?.Tier === tier);
const zones = (resources: readonly Resource[]): unknown[] => resources.map((resource) => resource["availability_zone"]);
/** The zones of subnets, all of them of one tier. */
const zonesIn = (tier: string, references: unknown): unknown[] => {
  const found = (references as string[]).map((reference) => region.resource(target(reference)));
  expect(found.filter((subnet) => !subnets(tier).some(({ address }) => address === subnet.address))).toEqual([]);
  return zones(found);
};
/** Where a subnet's routes lead that leave the VPC: addresses of gateways. */
const waysOut = ({ address }: Resource): string[] => {
  const tables = region
    .all("aws_route_table_association")
    .filter(({ subnet_id: subnet }) => target(subnet) === address)
    .map(({ route_table_id: table }) => target(table));
  expect(tables).toHaveLength(1);
  return region
    .all("aws_route")
    .filter(({ route_table_id: table }) => target(table) === tables[0])
    .map((route) => target(route["nat_gateway_id"] ?? route["gateway_id"]));
};
const alarm = (stack: Synthesized, metric: string): Resource[] =>
  stack.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => name === metric);
/** A part of the container's definition, as Terraform's own notation has it. */
const container = (): string => String(region.only("aws_ecs_task_definition")["container_definitions"]);

describe("the network of transaction-processing", () => {
  it("spans three zones of us-east-1, which a data source looks up before anything is made", () => {
    expect([...STACKS.keys()]).toEqual(["global", REGION, "failover"]);
    expect(region.json["provider"]).toMatchObject({ aws: [{ region: REGION }] });
    expect([...new Set(zones(region.all("aws_subnet")))].sort()).toEqual(ZONES);
    expect(region.json["data"]).toMatchObject({ aws_availability_zones: { network_zones: { state: "available" } } });
    const { precondition } = region.only("aws_vpc")["lifecycle"] as { readonly precondition: readonly { readonly condition: string }[] };
    expect(precondition.map(({ condition }) => condition)).toEqual(
      ZONES.map((zone) => `\${contains(data.aws_availability_zones.network_zones.names, "${zone}")}`),
    );
  });

  it("has in each zone a public subnet, and private ones for tasks and for data", () => {
    for (const tier of ["public", "application", "data"]) expect(zones(subnets(tier))).toEqual(ZONES);
    for (const subnet of subnets("public")) expect(waysOut(subnet)).toEqual([region.only("aws_internet_gateway").address]);
    for (const subnet of [...subnets("application"), ...subnets("data")])
      expect(waysOut(subnet)).not.toContain(region.only("aws_internet_gateway").address);
    expect(region.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
  });

  it("leads the tasks of each zone out through a NAT gateway of that very zone", () => {
    expect(region.all("aws_nat_gateway")).toHaveLength(3);
    for (const subnet of subnets("application")) {
      const [way = "", ...others] = waysOut(subnet);
      expect(others).toEqual([]);
      expect(zonesIn("public", [region.resource(way)["subnet_id"]])).toEqual([subnet["availability_zone"]]);
    }
  });

  it("keeps its tiers apart: data has no way out, and network ACLs let it talk with the tasks and itself only", () => {
    for (const subnet of subnets("data")) expect(waysOut(subnet)).toEqual([]);
    for (const tier of ["public", "application", "data"])
      expect(zonesIn(tier, region.resource(`aws_network_acl.network_acl_${tier}_acl`)["subnet_ids"])).toEqual(ZONES);
    const rules = region
      .all("aws_network_acl_rule")
      .filter(({ network_acl_id: acl, rule_action: action }) => target(acl).includes("_data_") && action === "allow")
      .map((rule) => [rule["egress"] ? "out" : "in", rule["cidr_block"], rule["from_port"], rule["to_port"]]);
    const [tasks, data] = ["10.0.64.0/18", "10.0.128.0/18"];
    expect(rules.sort()).toEqual([
      ["in", data, 1024, 65535],
      ["in", tasks, 3306, 3306],
      ["in", tasks, 6379, 6379],
      ["out", data, 1024, 65535],
      ["out", tasks, 1024, 65535],
    ]);
    const cidrs = (tier: string): number[] => subnets(tier).map(({ cidr_block: cidr }) => Number(String(cidr).split(".")[2]));
    for (const third of cidrs("application")) expect(third >= 64 && third < 128).toBe(true);
    for (const third of cidrs("data")) expect(third >= 128 && third < 192).toBe(true);
  });
});

describe("the database of transaction-processing", () => {
  const cluster = region.only("aws_rds_cluster");
  const instances = region.all("aws_rds_cluster_instance");

  it("is Aurora MySQL, the engine that has backtrack, with an instance in each of three zones", () => {
    expect(cluster).toMatchObject({ engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4" });
    expect(zones(instances)).toEqual(ZONES);
    expect(instances.map((instance) => target(instance["cluster_identifier"]))).toEqual(Array(3).fill(cluster.address));
    expect(zonesIn("data", region.only("aws_db_subnet_group")["subnet_ids"])).toEqual(ZONES);
    expect(every("aws_db_instance")).toEqual([]);
  });

  it("promotes readers of other zones in a known order, and clients reach whichever writes by one name", () => {
    expect(instances.map((instance) => instance["promotion_tier"])).toEqual([0, 1, 2]);
    expect(region.resource("aws_ssm_parameter.parameters_database-writer-endpoint")["value"]).toBe(`\${${cluster.address}.endpoint}`);
    expect(container()).toContain(
      '"name" = "DATABASE_WRITER_HOST", "valueFrom" = aws_ssm_parameter.parameters_database-writer-endpoint.arn',
    );
  });

  it("can be restored to any second of the last seven days", () => {
    expect(every("aws_rds_cluster").map((database) => database["backup_retention_period"])).toEqual([7]);
  });

  it("can be taken back 24 hours in place, by a runbook, and rings when it no longer can", () => {
    expect(cluster).toMatchObject({ backtrack_window: 86400 });
    const { States } = JSON.parse(String(region.resource("aws_sfn_state_machine.rewind_runbook_machine")["definition"])) as {
      readonly States: object;
    };
    expect(JSON.stringify(States)).toContain("aws-sdk:rds:backtrackDBCluster");
    expect(alarm(region, "BacktrackWindowAlert")).toMatchObject([
      { dimensions: { DBClusterIdentifier: cluster["cluster_identifier"] }, comparison_operator: "GreaterThanThreshold", threshold: 0 },
    ]);
  });

  it("is backed up every six hours, into an encrypted vault, and rings when a backup fails or is missing", () => {
    const [rule, ...others] = region.only("aws_backup_plan")["rule"] as Resource[];
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ schedule: "cron(0 0/6 * * ? *)", start_window: 60, lifecycle: { delete_after: 35 } });
    expect(target(rule?.["target_vault_name"])).toBe(region.only("aws_backup_vault").address);
    expect(target(region.only("aws_backup_vault")["kms_key_arn"])).toBe("aws_kms_key.backup-key_key");
    expect(region.only("aws_backup_selection")["resources"]).toEqual([
      `arn:aws:rds:${REGION}:123456789012:cluster:${String(cluster["cluster_identifier"])}`,
    ]);
    const vault = region.only("aws_backup_vault")["name"];
    for (const metric of ["NumberOfBackupJobsFailed", "NumberOfBackupJobsCompleted"])
      expect(alarm(region, metric)).toMatchObject([{ dimensions: { BackupVaultName: vault } }]);
  });

  it("rings when a reader in another zone is a second behind, long before five minutes", () => {
    expect(alarm(region, "AuroraReplicaLagMaximum")).toMatchObject([
      {
        dimensions: { DBClusterIdentifier: cluster["cluster_identifier"] },
        comparison_operator: "GreaterThanThreshold",
        threshold: 1000,
        period: 60,
        evaluation_periods: 1,
        treat_missing_data: "breaching",
      },
    ]);
  });
});

describe("the service of transaction-processing", () => {
  const service = region.only("aws_ecs_service");
  const network = service["network_configuration"] as { readonly subnets: unknown; readonly assign_public_ip: boolean };

  it("runs on Fargate in private subnets of three zones, and nothing runs on machines of its own", () => {
    expect(region.only("aws_ecs_task_definition")).toMatchObject({ requires_compatibilities: ["FARGATE"], network_mode: "awsvpc" });
    expect(service["capacity_provider_strategy"]).toEqual([{ capacity_provider: "FARGATE", weight: 1 }]);
    expect(zonesIn("application", network.subnets)).toEqual(ZONES);
    expect(network.assign_public_ip).toBe(false);
    const machines = /^aws_(instance|launch_|autoscaling_group|spot_|db_instance|elasticache_cluster|emr_|eks_)/;
    expect(every().filter(({ resourceType }) => machines.test(resourceType))).toEqual([]);
  });

  it("keeps two tasks for each zone at least, and spreads them again when a zone is back", () => {
    const least = Number(region.only("aws_appautoscaling_target")["min_capacity"]);
    expect(least / zonesIn("application", network.subnets).length).toBe(2);
    expect(service).toMatchObject({
      desired_count: 6,
      availability_zone_rebalancing: "ENABLED",
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
    });
  });

  it("is found by other services under a private name that ECS keeps", () => {
    const entry = region.only("aws_service_discovery_service");
    expect(target((service["service_registries"] as { readonly registry_arn: string }).registry_arn)).toBe(entry.address);
    expect(entry).toMatchObject({ name: "payments", dns_config: { dns_records: [{ type: "A", ttl: 10 }], routing_policy: "MULTIVALUE" } });
    const namespace = region.only("aws_service_discovery_private_dns_namespace");
    expect(target((entry["dns_config"] as { readonly namespace_id: string }).namespace_id)).toBe(namespace.address);
    expect(namespace).toMatchObject({ name: "test-1.internal", vpc: `\${${region.only("aws_vpc").address}.id}` });
    expect(region.only("aws_vpc")).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
  });

  it("checks its container from within, and replaces what fails, in releases too", () => {
    expect(container()).toMatch(
      /"healthCheck" = \{"command" = \["CMD-SHELL", "[^"]*127\.0\.0\.1:8080\/health[^"]*"\], "interval" = 10, "timeout" = 5, "retries" = 3,/,
    );
    expect(container()).toContain('"essential" = true');
    expect(service).toMatchObject({
      health_check_grace_period_seconds: 60,
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
  });
});

describe("the load balancer of transaction-processing", () => {
  const balancer = region.only("aws_lb");
  const groups = region.all("aws_lb_target_group");

  it("stands in the public subnets of three zones", () => {
    expect(balancer).toMatchObject({ load_balancer_type: "application", internal: false });
    expect(zonesIn("public", balancer["subnets"])).toEqual(ZONES);
  });

  it("spreads requests over the tasks of all zones, and can be led away from one", () => {
    expect(groups.map((group) => group["load_balancing_cross_zone_enabled"])).toEqual(["use_load_balancer_configuration"]);
    expect(balancer).toMatchObject({ enable_zonal_shift: true });
  });

  it("gives requests 30 seconds to end, and tasks longer than that", () => {
    const stop = Number(/"stopTimeout" = (\d+)/.exec(container())?.[1]);
    for (const group of groups) {
      expect(Number(group["deregistration_delay"])).toBeGreaterThanOrEqual(30);
      expect(stop).toBeGreaterThan(Number(group["deregistration_delay"]));
    }
  });

  it("asks each task every five seconds, and passes it by after two failures", () => {
    for (const group of groups)
      expect(group["health_check"]).toMatchObject({
        enabled: true,
        path: "/health",
        matcher: "200",
        interval: 5,
        timeout: 3,
        healthy_threshold: 2,
        unhealthy_threshold: 2,
      });
  });

  it("has a target group for each service, to which a listener leads", () => {
    const led = region
      .all("aws_lb_listener")
      .flatMap(({ default_action: actions }) =>
        (actions as readonly { readonly type: string; readonly target_group_arn?: string }[])
          .filter(({ type }) => type === "forward")
          .map(({ target_group_arn: group }) => target(group)),
      );
    const served = region.all("aws_ecs_service").map(({ load_balancer: of }) => {
      const [{ target_group_arn: group, container_port: port }] = of as [Readonly<Record<string, unknown>>];
      expect(region.resource(target(group))).toMatchObject({ target_type: "ip", port });
      return target(group);
    });
    expect(served).toEqual(groups.map(({ address }) => address));
    expect(led).toEqual(served);
  });

  it("ends TLS with a proven certificate, and sends HTTP on to HTTPS", () => {
    const listeners = new Map(region.all("aws_lb_listener").map((listener) => [listener["port"], listener]));
    expect([...listeners.keys()]).toEqual([80, 443]);
    expect(listeners.get(80)?.["default_action"]).toEqual([
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
    ]);
    expect(listeners.get(443)).toMatchObject({ protocol: "HTTPS", ssl_policy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2-/) });
    expect(target(listeners.get(443)?.["certificate_arn"])).toBe(region.only("aws_acm_certificate_validation").address);
  });
});

describe("sessions of transaction-processing", () => {
  const cache = region.only("aws_elasticache_replication_group");

  it("are kept in Redis in cluster mode: three shards, each copied to two replicas, over three zones", () => {
    expect(cache).toMatchObject({
      engine: "redis",
      cluster_mode: "enabled",
      num_node_groups: 3,
      replicas_per_node_group: 2,
      multi_az_enabled: true,
    });
    expect(target(cache["parameter_group_name"])).toBe(region.only("aws_elasticache_parameter_group").address);
    expect(region.only("aws_elasticache_parameter_group")["parameter"]).toContainEqual({ name: "cluster-enabled", value: "yes" });
    expect(target(cache["subnet_group_name"])).toBe(region.only("aws_elasticache_subnet_group").address);
    expect(zonesIn("data", region.only("aws_elasticache_subnet_group")["subnet_ids"])).toEqual(ZONES);
  });

  it("outlive a node: a replica takes over by itself", () => {
    expect(cache).toMatchObject({ automatic_failover_enabled: true });
    expect(Number(cache["replicas_per_node_group"])).toBeGreaterThan(0);
  });

  it("are found by the service, which learns the cluster's own address and that sessions are there", () => {
    expect(region.resource("aws_ssm_parameter.parameters_sessions-store")["value"]).toBe("redis");
    expect(region.resource("aws_ssm_parameter.parameters_cache-configuration-endpoint")["value"]).toBe(
      `\${${cache.address}.configuration_endpoint_address}`,
    );
    for (const [name, parameter] of [
      ["SESSION_STORE", "sessions-store"],
      ["CACHE_HOST", "cache-configuration-endpoint"],
    ])
      expect(container()).toContain(`"name" = "${name}", "valueFrom" = aws_ssm_parameter.parameters_${parameter}.arn`);
  });
});

describe("DNS of transaction-processing", () => {
  const NAME = "pay.standfast.test";
  const check = failover.only("aws_route53_health_check");

  it("has all its records in the hosted zone of the configuration, which must be the one of that name", () => {
    for (const stack of STACKS.values()) {
      const zone = (stack.json["data"] as { readonly aws_route53_zone: { readonly zone_zone: object } }).aws_route53_zone.zone_zone;
      expect(zone).toMatchObject({ zone_id: "Z0123456789EXAMPLE", private_zone: false });
      expect(JSON.stringify(zone)).toContain('trimsuffix(self.name, \\".\\") == \\"standfast.test\\"');
    }
    const records = every("aws_route53_record");
    expect(records.length).toBeGreaterThan(2);
    for (const record of records) expect(record["zone_id"]).toBe("${data.aws_route53_zone.zone_zone.zone_id}");
  });

  it("asks for the service over HTTPS every ten seconds, and rings after two failures", () => {
    expect(check).toMatchObject({ type: "HTTPS", resource_path: "/health", request_interval: 10, failure_threshold: 2, enable_sni: true });
    const entry = region.resource("aws_route53_record.region-record_record");
    expect(check["fqdn"]).toBe(entry["name"]);
    expect(target((entry["alias"] as { readonly name: string }).name)).toBe(region.only("aws_lb").address);
    expect(alarm(failover, "HealthCheckStatus")).toMatchObject([
      { dimensions: { HealthCheckId: `\${${check.address}.id}` }, comparison_operator: "LessThanThreshold", threshold: 1, period: 60 },
    ]);
  });

  it("leads clients to the one region, and past it to a fallback host as soon as one is named", () => {
    const answers = (stack: Synthesized) =>
      stack
        .all("aws_route53_record")
        .filter(({ name }) => name === NAME)
        .map((record) => [
          (record["failover_routing_policy"] as { readonly type: string } | undefined)?.type,
          record["records"],
          record["ttl"],
          record["health_check_id"] === undefined ? undefined : target(record["health_check_id"]),
        ])
        .sort();
    const own = [`${REGION}.${NAME}`];
    expect(answers(failover)).toEqual([[undefined, own, 30, undefined]]);
    expect(answers(failoverStack({ preset: PRESET, failover: { fallback_host: "sorry.bank.net" } }))).toEqual([
      ["PRIMARY", own, 30, check.address],
      ["SECONDARY", ["sorry.bank.net"], 30, undefined],
    ]);
  });
});

describe("monitoring of transaction-processing", () => {
  it("rings for each zone, while its tasks, its NAT gateway or its database instance are lost", () => {
    for (const zone of ZONES) {
      const { alarm_rule: rule, alarm_actions: actions } = region.resource(`aws_cloudwatch_composite_alarm.composite-alarm-${zone}`);
      const children = [...String(rule).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name);
      const watched = region.all("aws_cloudwatch_metric_alarm").filter(({ alarm_name: name }) => children.includes(String(name)));
      expect(watched.map(({ metric_name: metric }) => metric).sort()).toEqual(["EngineUptime", "ErrorPortAllocation", "HealthyHostCount"]);
      const about = JSON.stringify(watched.map(({ dimensions }) => dimensions));
      expect(about).toContain(`"AvailabilityZone":"${zone}"`);
      expect(ZONES.filter((other) => about.includes(other))).toEqual([zone]);
      expect((actions as string[]).map(target)).toEqual([region.only("aws_sns_topic").address]);
    }
  });

  it("sends every alarm to an encrypted topic that people get by e-mail", () => {
    for (const stack of [region, failover]) {
      const topic = stack.only("aws_sns_topic");
      expect(target(topic["kms_master_key_id"])).toBe("aws_kms_key.alerts-key_key");
      expect(stack.only("aws_sns_topic_subscription")).toMatchObject({ protocol: "email", for_each: "${var.alert_emails}" });
      expect(target(stack.only("aws_sns_topic_subscription")["topic_arn"])).toBe(topic.address);
      const alarms = [...stack.all("aws_cloudwatch_metric_alarm"), ...stack.all("aws_cloudwatch_composite_alarm")];
      expect(alarms.length).toBeGreaterThan(0);
      for (const { alarm_actions: actions } of alarms) expect((actions as string[]).map(target)).toEqual([topic.address]);
    }
  });

  it("shows or watches processor, memory, connections and replication lag of each tier", () => {
    const seen = [...String(region.only("aws_cloudwatch_dashboard")["dashboard_body"]).matchAll(/"(AWS\/\w+|ECS\/\w+)","(\w+)"/g)].map(
      ([, namespace, metric]) => `${namespace} ${metric}`,
    );
    const watched = region
      .all("aws_cloudwatch_metric_alarm")
      .map(({ namespace, metric_name: metric }) => `${String(namespace)} ${String(metric)}`);
    expect([...seen, ...watched]).toEqual(
      expect.arrayContaining([
        "AWS/ECS CPUUtilization",
        "AWS/RDS CPUUtilization",
        "AWS/ElastiCache EngineCPUUtilization",
        "AWS/ECS MemoryUtilization",
        "AWS/ElastiCache DatabaseMemoryUsagePercentage",
        "AWS/RDS DatabaseConnections",
        "AWS/NATGateway ActiveConnectionCount",
        "AWS/RDS AuroraReplicaLagMaximum",
        "AWS/ElastiCache ReplicationLag",
      ]),
    );
  });

  it("tells of the database's failovers as they happen, and rings while the writer is down or new", () => {
    const told = region.all("aws_db_event_subscription").find(({ source_type: type }) => type === "db-cluster");
    expect(told?.["event_categories"]).toEqual(expect.arrayContaining(["failover", "failure"]));
    expect((told?.["source_ids"] as string[]).map(target)).toEqual([region.only("aws_rds_cluster").address]);
    expect(target(told?.["sns_topic"])).toBe(region.only("aws_sns_topic").address);
    const writer = alarm(region, "EngineUptime").filter(({ dimensions }) => (dimensions as { readonly Role?: string }).Role === "WRITER");
    expect(writer).toMatchObject([
      { statistic: "Minimum", comparison_operator: "LessThanThreshold", threshold: 120, treat_missing_data: "breaching" },
    ]);
  });

  it("rings when a container fails its own check or the load balancer's, or fewer than six tasks pass it or run", () => {
    const soon = { period: 60, evaluation_periods: 1 };
    const failing = { comparison_operator: "GreaterThanThreshold", threshold: 0 };
    const tooFew = { statistic: "Minimum", comparison_operator: "LessThanThreshold", treat_missing_data: "breaching" };
    expect(alarm(region, "UnHealthyHostCount")).toMatchObject([{ ...soon, ...failing }]);
    expect(alarm(region, "UnHealthyContainerHealthStatus")).toMatchObject([{ ...soon, ...failing }]);
    expect(alarm(region, "RunningTaskCount")).toMatchObject([{ ...soon, ...tooFew, threshold: 6 }]);
    expect(alarm(region, "HealthyHostCount").map(({ threshold }) => threshold)).toEqual([6, 1, 1, 1]);
    for (const healthy of alarm(region, "HealthyHostCount")) expect(healthy).toMatchObject({ ...soon, ...tooFew });
  });

  it("shows the healthy tasks and the NAT gateway of each zone on dashboards", () => {
    interface Widget {
      readonly properties: { readonly metrics?: readonly (readonly unknown[])[]; readonly alarms?: readonly string[] };
    }
    const widgets = (stack: Synthesized): readonly Widget[] =>
      (JSON.parse(String(stack.only("aws_cloudwatch_dashboard")["dashboard_body"])) as { readonly widgets: readonly Widget[] }).widgets;
    const metrics = widgets(region).flatMap(({ properties }) => properties.metrics ?? []);
    for (const zone of ZONES) {
      expect(metrics.some((metric) => metric.includes("HealthyHostCount") && metric.includes(zone))).toBe(true);
      const [gateway] = waysOut(subnets("application").find((subnet) => subnet["availability_zone"] === zone) ?? region.only("aws_vpc"));
      expect(metrics.some((metric) => metric.includes(`\${${gateway}.id}`))).toBe(true);
    }
    const lights = widgets(failover).flatMap(({ properties }) => properties.alarms ?? []);
    for (const zone of ZONES) {
      const { alarm_name: name } = region.resource(`aws_cloudwatch_composite_alarm.composite-alarm-${zone}`);
      expect(lights).toContain(`arn:aws:cloudwatch:${REGION}:123456789012:alarm:${String(name)}`);
    }
  });
});

describe("scaling of transaction-processing", () => {
  it("keeps processor and memory of 6 to 24 tasks to their targets, quick to add tasks and slow to take them away", () => {
    expect(region.only("aws_appautoscaling_target")).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/ecs-test-1/service-test-1",
      min_capacity: 6,
      max_capacity: 24,
    });
    const policies = region.all("aws_appautoscaling_policy").map((policy) => {
      expect(policy).toMatchObject({ policy_type: "TargetTrackingScaling" });
      expect(target(policy["resource_id"])).toBe(region.only("aws_appautoscaling_target").address);
      return policy["target_tracking_scaling_policy_configuration"];
    });
    expect(policies).toEqual(
      [
        ["ECSServiceAverageCPUUtilization", 60],
        ["ECSServiceAverageMemoryUtilization", 70],
      ].map(([metric, value]) => ({
        predefined_metric_specification: { predefined_metric_type: metric },
        target_value: value,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
      })),
    );
    expect(region.only("aws_ecs_service")["lifecycle"]).toEqual({ ignore_changes: ["desired_count"] });
  });
});

describe("security of transaction-processing", () => {
  const role = (reference: unknown): string => target(reference).split(".")[1]?.split("_")[0] ?? "";
  const sentences = (type: string): string[] =>
    region
      .all(`aws_vpc_security_group_${type}_rule`)
      .map((rule) => {
        expect(rule["from_port"]).toBe(rule["to_port"]);
        const cidr = rule["cidr_ipv4"];
        const peer = typeof cidr === "string" ? cidr : role(rule["referenced_security_group_id"] ?? rule["prefix_list_id"]);
        return `${role(rule["security_group_id"])} ${String(rule["ip_protocol"])} ${Number(rule["from_port"])} ${peer}`;
      })
      .sort();

  it("lets in clients to the load balancer, it to the tasks, the tasks to database and cache, and nobody else", () => {
    expect(sentences("ingress")).toEqual([
      "cache tcp 6379 service",
      "database tcp 3306 service",
      "load-balancer tcp 443 0.0.0.0/0",
      "load-balancer tcp 80 0.0.0.0/0",
      "service tcp 8080 load-balancer",
    ]);
    const inline = region.all("aws_security_group").filter((group) => "ingress" in group || "egress" in group);
    expect([...inline, ...region.all("aws_security_group_rule")]).toEqual([]);
  });

  it("lets out no more than that, and HTTPS of the tasks", () => {
    expect(sentences("egress")).toEqual([
      "load-balancer tcp 8080 service",
      "service tcp 3306 database",
      "service tcp 443 0.0.0.0/0",
      "service tcp 443 network",
      "service tcp 6379 cache",
    ]);
  });

  it("gives database and cache their own security groups, and no public address", () => {
    const groups = (references: unknown): string[] => (references as string[]).map(role);
    expect(groups(region.only("aws_rds_cluster")["vpc_security_group_ids"])).toEqual(["database"]);
    expect(groups(region.only("aws_elasticache_replication_group")["security_group_ids"])).toEqual(["cache"]);
    expect(region.all("aws_rds_cluster_instance").map((instance) => instance["publicly_accessible"])).toEqual([false, false, false]);
    for (const type of ["aws_db_subnet_group", "aws_elasticache_subnet_group"])
      expect(zonesIn("data", region.only(type)["subnet_ids"])).toEqual(ZONES);
    for (const subnet of subnets("data")) expect(waysOut(subnet)).toEqual([]);
  });
});

describe("every resource of transaction-processing", () => {
  it("is tagged Environment=production and DisasterRecovery=enabled", () => {
    for (const stack of STACKS.values()) {
      const { aws } = stack.json["provider"] as { readonly aws: readonly object[] };
      expect(aws.length).toBeGreaterThan(0);
      for (const provider of aws)
        expect(provider).toMatchObject({ default_tags: [{ tags: { Environment: "production", DisasterRecovery: "enabled" } }] });
    }
    const overridden = every().filter(({ tags }) =>
      ["Environment", "DisasterRecovery"].some((key) => key in ((tags as object | undefined) ?? {})),
    );
    expect(overridden).toEqual([]);
    expect(region.only("aws_ecs_service")).toMatchObject({ propagate_tags: "SERVICE" });
  });

  it("carries the environment's suffix in its name, after its kind", () => {
    /** Names of DNS belong to clients and services; a name in a namespace has the suffix there. */
    const OF_DNS = ["aws_route53_record", "aws_service_discovery_service", "aws_service_discovery_private_dns_namespace"];
    const names = every()
      .filter(({ resourceType }) => !OF_DNS.includes(resourceType))
      .flatMap((resource) => [
        ...[
          "name",
          "alarm_name",
          "dashboard_name",
          "function_name",
          "bucket",
          "identifier",
          "cluster_identifier",
          "replication_group_id",
        ].map((key) => resource[key]),
        (resource["tags"] as { readonly Name?: unknown } | undefined)?.Name,
      ])
      .filter((name): name is string => typeof name === "string" && !name.includes("${"));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => !/^[a-z0-9/-]*(-|\/)test-1(-|\/|$)/i.test(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["vpc-test-1", "alb-test-1", "ecs-test-1", "service-test-1", "vault-test-1"]));
  });

  it("can be destroyed with what it holds", () => {
    /** What would keep a resource or its data, and the value that does not. */
    const FREE: readonly (readonly [type: string, attribute: string, value: unknown])[] = [
      ["aws_lb", "enable_deletion_protection", false],
      ["aws_rds_cluster", "deletion_protection", false],
      ["aws_rds_cluster", "skip_final_snapshot", true],
      ["aws_s3_bucket", "force_destroy", true],
      ["aws_backup_vault", "force_destroy", true],
      ["aws_service_discovery_service", "force_destroy", true],
      ["aws_secretsmanager_secret", "recovery_window_in_days", 0],
      ["aws_kms_key", "deletion_window_in_days", 7],
    ];
    for (const [type, attribute, value] of FREE) {
      expect(every(type).length).toBeGreaterThan(0);
      for (const resource of every(type)) expect(resource).toMatchObject({ [attribute]: value });
    }
    expect(every().filter((resource) => "final_snapshot_identifier" in resource || "skip_destroy" in resource)).toEqual([]);
    expect([...STACKS.values()].map(({ json }) => JSON.stringify(json)).filter((text) => text.includes("prevent_destroy"))).toEqual([]);
  });

  it("is made after what it needs, and replaced before it goes where something stands on it", () => {
    const needs = (address: string): readonly string[] => region.resource(address)["depends_on"] as readonly string[];
    expect(needs("aws_ecs_service.service_service")).toEqual(
      expect.arrayContaining([
        "aws_lb_listener.load-balancer_https",
        "aws_iam_role_policy.service_execution-role_permissions",
        ...region.all("aws_rds_cluster_instance").map(({ address }) => address),
        ...region.all("aws_route").flatMap((route) => (route["nat_gateway_id"] ? [route.address] : [])),
      ]),
    );
    expect(needs("aws_appautoscaling_target.service_scaling_target")).toEqual(["aws_ecs_service.service_service"]);
    for (const gateway of region.all("aws_nat_gateway"))
      expect(needs(gateway.address)).toEqual([region.only("aws_internet_gateway").address]);
    for (const type of [
      "aws_lb_target_group",
      "aws_acm_certificate",
      "aws_rds_cluster_parameter_group",
      "aws_db_parameter_group",
      "aws_elasticache_parameter_group",
    ]) {
      expect(every(type).length).toBeGreaterThan(0);
      for (const resource of every(type)) expect(resource["lifecycle"]).toMatchObject({ create_before_destroy: true });
    }
  });

  it("belongs to the environment: no GuardDuty detector and no Config recorder, of which an account has one", () => {
    expect(every().filter(({ resourceType }) => /^aws_(guardduty|config)_/.test(resourceType))).toEqual([]);
  });
});

describe("the configuration of transaction-processing", () => {
  it("asks for provider 5 of AWS, and for Terraform 1.5 where no newer one is promised", () => {
    for (const stack of STACKS.values())
      expect(stack.json["terraform"]).toMatchObject({
        required_providers: { aws: { source: "aws", version: expect.stringMatching(/^5\.\d+\.\d+$/) } },
        required_version: ">= 1.11",
      });
    const older = { preset: PRESET, terraform_version: "1.5" };
    for (const stack of [globalStack(older), regionStack(older), failoverStack(older)])
      expect(stack.json["terraform"]).toMatchObject({ required_version: ">= 1.5" });
  });

  it("has the suffix as a variable, which stops a plan that is given another one", () => {
    for (const stack of STACKS.values()) {
      const { environment_suffix: suffix } = stack.json["variable"] as { readonly environment_suffix: object };
      expect(suffix).toMatchObject({ type: "string", default: "test-1", description: expect.stringMatching(/\w/) });
      expect(suffix).toMatchObject({
        validation: [
          { condition: expect.stringContaining("var.environment_suffix"), error_message: expect.stringContaining("synth again") },
        ],
      });
    }
  });

  it("has a README whose commands and files exist, and whose deployment names its stacks in their order", () => {
    const readme = readFileSync(join(PROJECT, "README.md"), "utf8");
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { readonly scripts: object };
    const commands = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(commands).toEqual(expect.arrayContaining(["synth", "bootstrap"]));
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
    const files = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, file = ""]) => file);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(PROJECT, file)))).toEqual([]);
    const [, deployed = ""] = /npx cdktf deploy (.*)/.exec(readme) ?? [];
    expect(deployed.split(" ").filter((name) => STACKS.has(name))).toEqual([...STACKS.keys()]);
    expect(readme).toContain(`\`${PRESET}\``);
  });
});

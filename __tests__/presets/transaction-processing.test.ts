import { describe, expect, it } from "@jest/globals";
import { alarmsOn } from "../support/alarms";
import { ZONES } from "../support/config";
import { page, stacksIn } from "../support/pages";
import { Preset } from "../support/preset";
import {
  containers,
  failoverStack,
  globalStack,
  parameterArn,
  regionStack,
  type Resource,
  type Synthesized,
  target,
} from "../support/synthesized";
import { defaultRoute, subnetsOf, taskNetwork, zonesOf } from "../support/traffic";

const PRESET = "transaction-processing";
const REGION = "us-east-1";
const preset = new Preset(PRESET);
const STACKS = preset.stacks;
const { region, failover } = preset;
const every = (type?: string): Resource[] => preset.all(type);

/** The zones of subnets, all of them of one tier. */
const zonesIn = (tier: string, references: unknown): unknown[] => {
  const all = subnetsOf(region, tier).map(({ address }) => address);
  expect((references as string[]).map(target).filter((address) => !all.includes(address))).toEqual([]);
  return zonesOf(region, references);
};

describe("the network of transaction-processing", () => {
  it("spans three zones of us-east-1, which a data source looks up before any resource is created", () => {
    expect([...STACKS.keys()]).toEqual(["global", REGION, "failover"]);
    expect(region.json["provider"]).toMatchObject({ aws: [{ region: REGION }] });
    expect([...new Set(region.all("aws_subnet").map((subnet) => subnet["availability_zone"]))].sort()).toEqual(ZONES);
    // Without a state: a zone that AWS marks as impaired must not stop every plan.
    expect(region.json["data"]).toMatchObject({
      aws_availability_zones: { network_zones: { filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] } },
    });
    expect(JSON.stringify(region.json["data"])).not.toContain('"available"');
    const { precondition } = region.only("aws_vpc")["lifecycle"] as { readonly precondition: readonly { readonly condition: string }[] };
    expect(precondition.map(({ condition }) => condition)).toEqual(
      expect.arrayContaining(ZONES.map((zone) => `\${contains(data.aws_availability_zones.network_zones.names, "${zone}")}`)),
    );
  });

  it("separates its tiers: network ACLs allow the data tier to exchange packets with the tasks and itself only", () => {
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
    const cidrs = (tier: string): number[] => subnetsOf(region, tier).map(({ cidr_block: cidr }) => Number(String(cidr).split(".")[2]));
    for (const third of cidrs("application")) expect(third >= 64 && third < 128).toBe(true);
    for (const third of cidrs("data")) expect(third >= 128 && third < 192).toBe(true);
  });
});

describe("the database of transaction-processing", () => {
  const cluster = region.only("aws_rds_cluster");

  it("is Aurora MySQL, the engine that has backtrack", () => {
    expect(cluster).toMatchObject({ engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4" });
  });

  it("can be backtracked 24 hours in place by a runbook, and goes to ALARM when it no longer can", () => {
    expect(cluster).toMatchObject({ backtrack_window: 86400 });
    const { States } = JSON.parse(String(region.resource("aws_sfn_state_machine.rewind_runbook_machine")["definition"])) as {
      readonly States: object;
    };
    expect(JSON.stringify(States)).toContain("aws-sdk:rds:backtrackDBCluster");
    expect(alarmsOn(region, "BacktrackWindowAlert")).toMatchObject([
      { dimensions: { DBClusterIdentifier: cluster["cluster_identifier"] }, comparison_operator: "GreaterThanThreshold", threshold: 0 },
    ]);
  });
});

describe("the service of transaction-processing", () => {
  const service = region.only("aws_ecs_service");

  it("runs nothing on EC2 instances", () => {
    const machines = /^aws_(instance|launch_|autoscaling_group|spot_|db_instance|elasticache_cluster|emr_|eks_)/;
    expect(every().filter(({ resourceType }) => machines.test(resourceType))).toEqual([]);
  });

  it("has a minimum of two tasks for each zone", () => {
    const least = Number(region.only("aws_appautoscaling_target")["min_capacity"]);
    expect(least / zonesIn("application", taskNetwork(region).subnets).length).toBe(2);
    expect(service).toMatchObject({ desired_count: 6 });
  });

  it("has a private name for other services, which ECS maintains", () => {
    const entry = region.only("aws_service_discovery_service");
    expect(target((service["service_registries"] as { readonly registry_arn: string }).registry_arn)).toBe(entry.address);
    expect(entry).toMatchObject({ name: "payments", dns_config: { dns_records: [{ type: "A", ttl: 10 }], routing_policy: "MULTIVALUE" } });
    const namespace = region.only("aws_service_discovery_private_dns_namespace");
    expect(target((entry["dns_config"] as { readonly namespace_id: string }).namespace_id)).toBe(namespace.address);
    expect(namespace).toMatchObject({ name: "test-1.internal", vpc: `\${${region.only("aws_vpc").address}.id}` });
    expect(region.only("aws_vpc")).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
  });
});

describe("the load balancer of transaction-processing", () => {
  const groups = region.all("aws_lb_target_group");

  it("has a target group for each service, to which a listener forwards", () => {
    const routed = region
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
    expect(routed).toEqual(served);
  });
});

describe("sessions of transaction-processing", () => {
  const cache = region.only("aws_elasticache_replication_group");

  it("are in Redis in cluster mode: three shards with two replicas each, over three zones", () => {
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

  it("survive the loss of a node: a replica takes over automatically", () => {
    expect(cache).toMatchObject({ automatic_failover_enabled: true });
    expect(Number(cache["replicas_per_node_group"])).toBeGreaterThan(0);
  });

  it("are available to the service, which has the cluster's configuration endpoint and the session store in its environment", () => {
    expect(region.resource("aws_ssm_parameter.parameters_sessions-store")["value"]).toBe("redis");
    expect(region.resource("aws_ssm_parameter.parameters_cache-configuration-endpoint")["value"]).toBe(
      `\${${cache.address}.configuration_endpoint_address}`,
    );
    for (const [name, parameter] of [
      ["SESSION_STORE", "sessions/store"],
      ["CACHE_HOST", "cache/configuration-endpoint"],
    ])
      expect(containers(region)).toContain(`"name" = "${name}", "valueFrom" = ${parameterArn(parameter ?? "")}`);
  });
});

describe("DNS of transaction-processing", () => {
  const NAME = "pay.standfast.test";
  const check = failover.only("aws_route53_health_check");

  it("resolves to the one region, and to a fallback host if one is configured", () => {
    const publicRecords = (stack: Synthesized) =>
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
    expect(publicRecords(failover)).toEqual([["PRIMARY", own, 30, check.address]]);
    expect(publicRecords(failoverStack({ preset: PRESET, failover: { fallback_host: "sorry.bank.net" } }))).toEqual([
      ["PRIMARY", own, 30, check.address],
      ["SECONDARY", ["sorry.bank.net"], 30, undefined],
    ]);
  });
});

describe("monitoring of transaction-processing", () => {
  it("has an alarm for each zone, which is in ALARM while its tasks, its NAT gateway or its database instance are lost", () => {
    for (const zone of ZONES) {
      const { alarm_rule: rule, alarm_actions: actions } = region.resource(`aws_cloudwatch_composite_alarm.composite-alarm-${zone}`);
      const children = [...String(rule).matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name);
      const watched = region.all("aws_cloudwatch_metric_alarm").filter(({ alarm_name: name }) => children.includes(String(name)));
      expect(watched.map(({ metric_name: metric }) => metric).sort()).toEqual(["EngineUptime", "ErrorPortAllocation", "HealthyHostCount"]);
      const about = JSON.stringify(watched.map(({ dimensions }) => dimensions));
      expect(about).toContain(`"AvailabilityZone":"${zone}"`);
      expect(ZONES.filter((other) => about.includes(other))).toEqual([zone]);
      expect((actions as string[]).map(target)).toEqual(["aws_sns_topic.alerts_topic"]);
    }
  });

  it("shows or has an alarm on CPU, memory, connections and replication lag of each tier", () => {
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

  it("shows the healthy tasks and the NAT gateway of each zone on dashboards", () => {
    interface Widget {
      readonly properties: { readonly metrics?: readonly (readonly unknown[])[]; readonly alarms?: readonly string[] };
    }
    const widgets = (stack: Synthesized): readonly Widget[] =>
      (JSON.parse(String(stack.only("aws_cloudwatch_dashboard")["dashboard_body"])) as { readonly widgets: readonly Widget[] }).widgets;
    const metrics = widgets(region).flatMap(({ properties }) => properties.metrics ?? []);
    for (const zone of ZONES) {
      expect(metrics.some((metric) => metric.includes("HealthyHostCount") && metric.includes(zone))).toBe(true);
      const subnet = subnetsOf(region, "application").find((candidate) => candidate["availability_zone"] === zone);
      const gateway = defaultRoute(region, subnet ?? region.only("aws_vpc"));
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
  it("keeps CPU and memory of 6 to 24 tasks at their targets, and scales out faster than in", () => {
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
    expect(region.only("aws_ecs_service")["lifecycle"]).toMatchObject({ ignore_changes: ["desired_count"] });
  });
});

describe("security of transaction-processing", () => {
  const role = (reference: unknown): string => target(reference).split(".")[1]?.split("_")[0] ?? "";
  it("has separate security groups for database and cache, in subnets of the data tier", () => {
    const groups = (references: unknown): string[] => (references as string[]).map(role);
    expect(groups(region.only("aws_rds_cluster")["vpc_security_group_ids"])).toEqual(["database"]);
    expect(groups(region.only("aws_elasticache_replication_group")["security_group_ids"])).toEqual(["cache"]);
    expect(zonesIn("data", region.only("aws_elasticache_subnet_group")["subnet_ids"])).toEqual(ZONES);
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

  it("is created after its dependencies, and replaced before it is deleted where another resource uses it", () => {
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
});

describe("the configuration of transaction-processing", () => {
  it("requires version 5 of the AWS provider, and Terraform 1.5 where no newer version is configured", () => {
    for (const stack of STACKS.values())
      expect(stack.json["terraform"]).toMatchObject({
        required_providers: { aws: { source: "aws", version: expect.stringMatching(/^5\.\d+\.\d+$/) } },
        required_version: ">= 1.11",
      });
    const older = { preset: PRESET, terraform_version: "1.5" };
    for (const stack of [globalStack(older), regionStack(older), failoverStack(older)])
      expect(stack.json["terraform"]).toMatchObject({ required_version: ">= 1.5" });
  });

  it("has the suffix as a variable, which fails a plan with another value", () => {
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

  it("documents the preset, and deploys its stacks in their order", () => {
    expect(stacksIn("deploy").filter((name) => STACKS.has(name))).toEqual([...STACKS.keys()]);
    expect(page("docs/deploy.md")).toContain(`\`${PRESET}\``);
  });
});

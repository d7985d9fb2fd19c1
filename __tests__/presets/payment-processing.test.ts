import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cidr, overlaps, parseCidr } from "../../config/cidr";
import { PROJECT } from "../support/requirements";
import { failoverStack, globalStack, presetStacks, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

const PRESET = "payment-processing";
const stacks = presetStacks(PRESET);
const stackOf = (name: string): Synthesized => {
  const found = stacks.get(name);
  if (!found) throw new Error(`there is no stack ${name}`);
  return found;
};
const [PRIMARY, STANDBY] = ["us-east-1", "us-west-2"] as const;
const primary = stackOf(PRIMARY);
const standby = stackOf(STANDBY);
const failover = stackOf("failover");
const every = (type: string): Resource[] => [...stacks.values()].flatMap((stack) => stack.all(type));

const REGIONS = [PRIMARY, STANDBY].map((name) => ({ name, stack: stackOf(name), zones: ["a", "b", "c"].map((letter) => name + letter) }));
const zonesOf = (stack: Synthesized, subnets: unknown): unknown[] =>
  (subnets as string[]).map((subnet) => stack.resource(target(subnet))["availability_zone"]);
/** What is written at a path such as `rule.0.key`. */
const valueAt = (resource: Resource, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resource);
const network = (service: Resource) =>
  service["network_configuration"] as { readonly subnets: string[]; readonly assign_public_ip: boolean };
const container = (stack: Synthesized): string => String(stack.only("aws_ecs_task_definition")["container_definitions"]);

describe("the database layer", () => {
  it("has one writer and two readers of Aurora PostgreSQL", () => {
    for (const { stack } of REGIONS) {
      expect(stack.only("aws_rds_cluster")).toMatchObject({ engine: "aurora-postgresql", engine_version: "16.8" });
      const instances = stack.all("aws_rds_cluster_instance");
      expect(instances).toHaveLength(3);
      for (const instance of instances)
        expect(instance).toMatchObject({ cluster_identifier: "${aws_rds_cluster.aurora.id}", engine: "aurora-postgresql" });
    }
  });

  it("has each instance in a zone of its own", () => {
    for (const { stack, zones } of REGIONS) {
      expect(stack.all("aws_rds_cluster_instance").map((instance) => instance["availability_zone"])).toEqual(zones);
      expect(zonesOf(stack, stack.only("aws_db_subnet_group")["subnet_ids"])).toEqual(zones);
    }
  });

  it("promotes a reader in another zone when the writer is lost: one as large, in a fixed order", () => {
    for (const { stack } of REGIONS) {
      const instances = stack.all("aws_rds_cluster_instance");
      expect(instances.map((instance) => instance["promotion_tier"])).toEqual([0, 1, 2]);
      expect(new Set(instances.map((instance) => instance["instance_class"]))).toEqual(new Set(["db.r6g.large"]));
    }
  });

  it("leads tasks to the writer by the cluster's own endpoint, which follows a failover", () => {
    for (const { stack } of REGIONS) {
      expect(stack.resource("aws_ssm_parameter.parameters_database-writer-endpoint")["value"]).toContain("aws_rds_cluster.aurora.endpoint");
      expect(container(stack)).toContain(
        '"name" = "DATABASE_WRITER_HOST", "valueFrom" = aws_ssm_parameter.parameters_database-writer-endpoint.arn',
      );
    }
  });

  it("keeps seven days of automated backups, and snapshots of every six hours besides", () => {
    for (const { stack } of REGIONS) expect(stack.only("aws_rds_cluster")).toMatchObject({ backup_retention_period: 7 });
    expect(primary.only("aws_backup_plan")["rule"]).toMatchObject([
      { schedule: "cron(0 0/6 * * ? *)", lifecycle: { delete_after: 35 }, copy_action: [{ lifecycle: { delete_after: 35 } }] },
    ]);
    expect(primary.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
    ]);
  });
});

describe("the application layer", () => {
  it("runs exactly six tasks on Fargate, and has nothing that could change their number", () => {
    for (const { stack } of REGIONS) {
      const service = stack.only("aws_ecs_service");
      expect(service).toMatchObject({ desired_count: 6, capacity_provider_strategy: [{ capacity_provider: "FARGATE" }] });
      expect(stack.only("aws_ecs_task_definition")).toMatchObject({ requires_compatibilities: ["FARGATE"] });
      expect(stack.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: 6, max_capacity: 6 });
      expect(stack.all().filter(({ resourceType }) => /^aws_appautoscaling_(policy|scheduled_action)$/.test(resourceType))).toEqual([]);
      // Nor does Terraform overlook a number that somebody has changed.
      expect(service["lifecycle"]).toBeUndefined();
    }
  });

  it("spreads the tasks over three zones, and evenly again when a lost one is back", () => {
    for (const { stack, zones } of REGIONS) {
      const service = stack.only("aws_ecs_service");
      expect(zonesOf(stack, network(service).subnets)).toEqual(zones);
      // Moving a task to another zone means starting one more first.
      expect(service).toMatchObject({ availability_zone_rebalancing: "ENABLED", deployment_maximum_percent: 200 });
    }
  });

  it("never deploys below all of its tasks, and rolls back what does not get well", () => {
    for (const { stack } of REGIONS)
      expect(stack.only("aws_ecs_service")).toMatchObject({
        deployment_minimum_healthy_percent: 100,
        deployment_maximum_percent: 200,
        deployment_circuit_breaker: { enable: true, rollback: true },
      });
  });

  it("lets the tasks of every zone reach the database in every zone, and get its answer", () => {
    for (const { stack } of REGIONS) {
      const own = (group: unknown): string => target(group).split(".")[1] ?? "";
      for (const [direction, near, far] of [
        ["ingress", "database", "service"],
        ["egress", "service", "database"],
      ] as const)
        expect(
          stack
            .all(`aws_vpc_security_group_${direction}_rule`)
            .filter((rule) => own(rule["security_group_id"]).startsWith(near) && own(rule["referenced_security_group_id"]).startsWith(far)),
        ).toMatchObject([{ ip_protocol: "tcp", from_port: 5432, to_port: 5432 }]);
      const subnets = (tier: string): Cidr[] =>
        stack
          .all("aws_subnet")
          .filter((subnet) => (subnet["tags"] as { Tier: string }).Tier === tier)
          .map((subnet) => cidr(subnet["cidr_block"]));
      const lets = (tier: string, egress: boolean, port: number, peer: Cidr): boolean =>
        stack
          .all("aws_network_acl_rule")
          .filter((rule) => target(rule["network_acl_id"]).endsWith(`_${tier}_acl`) && rule["egress"] === egress)
          .some(
            (rule) =>
              rule["rule_action"] === "allow" &&
              Number(rule["from_port"]) <= port &&
              port <= Number(rule["to_port"]) &&
              holds(cidr(rule["cidr_block"]), peer),
          );
      const pairs = subnets("application").flatMap((tasks) => subnets("data").map((database) => ({ tasks, database })));
      expect(pairs).toHaveLength(9);
      for (const { tasks, database } of pairs)
        expect([
          lets("application", true, 5432, database),
          lets("data", false, 5432, tasks),
          lets("data", true, 49152, tasks),
          lets("application", false, 49152, database),
        ]).toEqual([true, true, true, true]);
    }
  });
});

describe("load balancing and traffic management", () => {
  it("has a load balancer in three zones that sends requests to the tasks of all of them", () => {
    for (const { stack, zones } of REGIONS) {
      const balancer = stack.only("aws_lb");
      expect(balancer).toMatchObject({ load_balancer_type: "application", internal: false });
      expect(zonesOf(stack, balancer["subnets"])).toEqual(zones);
      // Of an application load balancer, that is: across zones, which only a target group could switch off.
      expect(stack.only("aws_lb_target_group")["load_balancing_cross_zone_enabled"]).toBe("use_load_balancer_configuration");
    }
  });

  it("checks every target every 5 seconds, and passes it by after the two failed checks that AWS asks for", () => {
    for (const { stack } of REGIONS)
      expect(stack.only("aws_lb_target_group")["health_check"]).toMatchObject({
        enabled: true,
        path: "/health",
        interval: 5,
        timeout: 3,
        unhealthy_threshold: 2,
        healthy_threshold: 2,
      });
  });

  it("lets requests end for 30 seconds, and a task live that long after it was told to stop", () => {
    for (const { stack } of REGIONS) {
      expect(stack.only("aws_lb_target_group")).toMatchObject({ deregistration_delay: "30" });
      expect(Number(/"stopTimeout" = (\d+)/.exec(container(stack))?.[1])).toBeGreaterThan(30);
    }
  });

  const records = failover.all("aws_route53_record");

  it("leads clients to the primary's load balancer, and to the standby's while that is unwell", () => {
    expect(
      records.map((record) => [(record["failover_routing_policy"] as { type: string }).type, record["name"], record["records"]]),
    ).toEqual([
      ["PRIMARY", "pay.standfast.test", ["us-east-1.pay.standfast.test"]],
      ["SECONDARY", "pay.standfast.test", ["us-west-2.pay.standfast.test"]],
    ]);
    const check = failover.resource(target(records[0]?.["health_check_id"]));
    expect(check).toMatchObject({ type: "HTTPS", fqdn: "us-east-1.pay.standfast.test", resource_path: "/health" });
    for (const { name, stack } of REGIONS)
      expect(stack.resource("aws_route53_record.region-record_record")).toMatchObject({
        name: `${name}.pay.standfast.test`,
        alias: { name: "${aws_lb.load-balancer_alb.dns_name}", evaluate_target_health: true },
      });
  });

  it("lets clients remember for 30 seconds where they were led, and finds a region unwell after two checks of 10 seconds", () => {
    for (const record of records) expect(record).toMatchObject({ type: "CNAME", ttl: 30 });
    const checks = failover.all("aws_route53_health_check");
    expect(checks).toHaveLength(2);
    for (const check of checks) expect(check).toMatchObject({ request_interval: 10, failure_threshold: 2 });
  });
});

describe("resilience", () => {
  it("replaces a task that fails the load balancer's check, or its own", () => {
    for (const { stack } of REGIONS) {
      expect(stack.only("aws_ecs_service")).toMatchObject({
        load_balancer: [{ target_group_arn: "${aws_lb_target_group.load-balancer_targets_group.arn}" }],
        health_check_grace_period_seconds: 60,
      });
      expect(container(stack)).toMatch(/"healthCheck" = \{"command" = \["CMD-SHELL", "[^"]+\/health[^"]*"\], .*"retries" = 3/);
      expect(container(stack)).toContain('"essential" = true');
    }
  });
});

describe("monitoring and alerting", () => {
  const TOPIC = "${aws_sns_topic.alerts_topic.arn}";
  const alarmsOn = (stack: Synthesized, metric: string): Resource[] =>
    stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["metric_name"] === metric);
  const eventOf = (stack: Synthesized, name: string): unknown => {
    const rule = stack.resource(`aws_cloudwatch_event_rule.${name}`);
    const targets = stack.all("aws_cloudwatch_event_target").filter((candidate) => target(candidate["rule"]) === rule.address);
    expect(targets.map(({ arn }) => arn)).toEqual([TOPIC]);
    return JSON.parse(String(rule["event_pattern"]));
  };

  it("hears of a failover of the database as an event, and rings when the writer has started anew", () => {
    for (const { stack } of REGIONS) {
      const [cluster] = stack.all("aws_db_event_subscription").filter((subscription) => subscription["source_type"] === "db-cluster");
      expect(cluster).toMatchObject({ sns_topic: TOPIC, source_ids: ["${aws_rds_cluster.aurora.cluster_identifier}"] });
      expect(cluster?.["event_categories"]).toEqual(expect.arrayContaining(["failover", "failure", "global-failover"]));
    }
    expect(alarmsOn(primary, "EngineUptime").filter(({ dimensions }) => "Role" in (dimensions as object))).toMatchObject([
      {
        dimensions: { DBClusterIdentifier: "aurora-test-1-us-east-1", Role: "WRITER" },
        comparison_operator: "LessThanThreshold",
        threshold: 120,
        treat_missing_data: "breaching",
      },
    ]);
  });

  it("hears of every task that stops or cannot start, and rings while fewer than six run", () => {
    for (const { stack } of REGIONS) {
      expect(eventOf(stack, "service_event-task-stopped")).toMatchObject({
        "detail-type": ["ECS Task State Change"],
        detail: { lastStatus: ["STOPPED"] },
      });
      expect(eventOf(stack, "service_event-task-placement-failed")).toMatchObject({ "detail-type": ["ECS Service Action"] });
      expect(eventOf(stack, "service_event-deployment-failed")).toMatchObject({ "detail-type": ["ECS Deployment State Change"] });
      expect(alarmsOn(stack, "RunningTaskCount")).toMatchObject([
        { comparison_operator: "LessThanThreshold", threshold: 6, treat_missing_data: "breaching" },
      ]);
    }
  });

  it("rings while a target is unhealthy, while fewer than six are healthy, and while a zone has none", () => {
    for (const { stack, zones } of REGIONS) {
      expect(alarmsOn(stack, "UnHealthyHostCount")).toMatchObject([{ comparison_operator: "GreaterThanThreshold", threshold: 0 }]);
      const healthy = alarmsOn(stack, "HealthyHostCount").map(({ dimensions, threshold }) => [
        (dimensions as { AvailabilityZone?: string }).AvailabilityZone,
        threshold,
      ]);
      expect(healthy).toHaveLength(4);
      expect(healthy).toEqual(expect.arrayContaining([[undefined, 6], ...zones.map((zone) => [zone, 1])]));
    }
  });

  it("has alarms on every part that can fail, and events besides", () => {
    const watched = (stack: Synthesized): unknown[] => [
      ...new Set(stack.all("aws_cloudwatch_metric_alarm").map(({ namespace }) => namespace)),
    ];
    for (const { stack } of REGIONS)
      expect(watched(stack)).toEqual(
        expect.arrayContaining([
          "AWS/ApplicationELB",
          "AWS/CertificateManager",
          "AWS/ECS",
          "AWS/Lambda",
          "AWS/NATGateway",
          "AWS/RDS",
          "CloudWatchSynthetics",
          "ECS/ContainerInsights",
        ]),
      );
    expect(watched(primary)).toContain("AWS/Backup");
    expect(watched(failover)).toEqual(["AWS/Route53"]);
  });

  it("sends every alarm, when it begins and when it ends, to an encrypted topic that e-mail addresses subscribe to", () => {
    for (const stack of [primary, standby, failover]) {
      const alarms = stack.all("aws_cloudwatch_metric_alarm");
      expect(alarms.length).toBeGreaterThan(1);
      for (const alarm of alarms) expect(alarm).toMatchObject({ alarm_actions: [TOPIC], ok_actions: [TOPIC] });
      expect(target(stack.resource("aws_sns_topic.alerts_topic")["kms_master_key_id"])).toBe("aws_kms_key.alerts-key_key");
      expect(stack.resource("aws_sns_topic_subscription.alerts_email")).toMatchObject({
        topic_arn: TOPIC,
        protocol: "email",
        for_each: "${var.alert_emails}",
      });
      expect(stack.json["variable"]).toMatchObject({ alert_emails: { default: ["oncall@bank.test"], nullable: false } });
    }
  });

  interface Widget {
    readonly type: string;
    readonly properties: { readonly title: string; readonly period?: number; readonly annotations?: unknown };
  }
  const widgetsOf = (stack: Synthesized): Widget[] =>
    (JSON.parse(String(stack.only("aws_cloudwatch_dashboard")["dashboard_body"])) as { widgets: Widget[] }).widgets;
  const drawing = (stack: Synthesized, metric: string): Widget[] =>
    widgetsOf(stack).filter((widget) => JSON.stringify(widget).includes(metric));

  it("shows a failover on dashboards minute by minute: where DNS leads, the writer's uptime, tasks by zone, lag and alarms", () => {
    for (const { stack } of REGIONS)
      for (const metric of [
        "EngineUptime",
        "HealthyHostCount",
        "RunningTaskCount",
        "AuroraGlobalDBReplicationLag",
        "HTTPCode_ELB_5XX_Count",
      ])
        expect([metric, drawing(stack, metric).length > 0]).toEqual([metric, true]);
    for (const metric of ["HealthCheckStatus", "HealthyHostCount", "AuroraGlobalDBReplicationLag"])
      expect([metric, drawing(failover, metric).length > 0]).toEqual([metric, true]);
    expect(widgetsOf(failover).filter(({ type }) => type === "alarm")).toHaveLength(2);
    for (const { type, properties } of widgetsOf(failover)) if (type === "metric") expect(properties.period).toBe(60);
  });

  it("measures what was promised: requests that are answered without an error, against 99.99 percent", () => {
    const budgets = widgetsOf(failover).filter(({ properties }) => properties.title.includes("requests without a server error"));
    expect(budgets).toHaveLength(2);
    for (const { properties } of budgets) expect(properties.annotations).toMatchObject({ horizontal: [{ value: 99.99 }] });
  });

  it("rings after a single minute wherever AWS has the metric by the minute, and says how long that takes at most", () => {
    const alarms = every("aws_cloudwatch_metric_alarm");
    // Backups are told of every five minutes and happen every six hours; certificates are counted in days.
    const slow = alarms.filter(({ namespace }) => ["AWS/Backup", "AWS/CertificateManager"].includes(String(namespace)));
    for (const alarm of alarms) {
      if (!slow.includes(alarm)) expect(alarm).toMatchObject({ period: 60, evaluation_periods: 1, datapoints_to_alarm: 1 });
      const seconds = Number(alarm["period"]) * Number(alarm["evaluation_periods"]) + 120;
      expect(alarm["alarm_description"]).toContain(`Maximum latency: ${seconds} s.`);
    }
    expect(slow).toHaveLength(4);
  });
});

describe("the standby region", () => {
  it("is the primary again, resource by resource and value by value, but for what only one of them can have", () => {
    const neutral = (stack: Synthesized, own: string, other: string) =>
      new Map(
        stack.all().map((resource) => {
          const text = JSON.stringify(resource)
            .replaceAll(own, "<own>")
            .replaceAll(other, "<other>")
            .replaceAll(/"10\.[01]\./g, '"10.x.');
          const copy = JSON.parse(text) as Resource;
          return [copy.address, copy];
        }),
      );
    const here = neutral(primary, PRIMARY, STANDBY);
    const there = neutral(standby, STANDBY, PRIMARY);
    const absent = [...here.keys()].filter((address) => !there.has(address));
    expect([...there.keys()].filter((address) => !here.has(address))).toEqual([]);
    // The primary's backups fill the vaults of both; a secondary has no writer.
    expect(absent.filter((address) => !address.includes(".backup_"))).toEqual([
      "aws_cloudwatch_metric_alarm.database_alarm-replica-lag-high",
    ]);
    const differing = [...there].flatMap(([address, resource]) => {
      const twin = here.get(address) ?? {};
      const keys = new Set([...Object.keys(resource), ...Object.keys(twin)]);
      return [...keys]
        .filter((key) => JSON.stringify(resource[key]) !== JSON.stringify((twin as Resource)[key]))
        .map((key) => `${address}.${key}`);
    });
    expect(differing.sort()).toEqual([
      // Without the alarms of a writer and of backups.
      "aws_cloudwatch_composite_alarm.composite-alarm-platform.alarm_rule",
      "aws_cloudwatch_composite_alarm.composite-alarm-platform.depends_on",
      "aws_cloudwatch_composite_alarm.database_composite-alarm.alarm_rule",
      "aws_cloudwatch_composite_alarm.database_composite-alarm.depends_on",
      "aws_cloudwatch_dashboard.dashboard_dashboard.dashboard_body",
      // Only a secondary reports a lag.
      "aws_cloudwatch_metric_alarm.database_alarm-global-lag-high.treat_missing_data",
      "aws_cloudwatch_metric_alarm.database_alarm-writer-down.treat_missing_data",
      // Each leads here what the other leads there, in the order of the regions.
      "aws_iam_role_policy.region-takeover_function_role_permissions.policy",
      "aws_iam_role_policy.region-takeover_runbook_role_permissions.policy",
      // Both vaults hold backups of the primary's cluster.
      "aws_lambda_function.backup-verification_function_function.environment",
      // In the order of the regions, too.
      "aws_lambda_function.region-takeover_function_function.environment",
      // A secondary gets database, user and password from the primary.
      "aws_rds_cluster.aurora.database_name",
      "aws_rds_cluster.aurora.master_password_wo",
      "aws_rds_cluster.aurora.master_password_wo_version",
      "aws_rds_cluster.aurora.master_username",
      "aws_rds_cluster.aurora.source_region",
      "aws_sfn_state_machine.region-takeover_runbook_machine.definition",
      "aws_ssm_parameter.parameters_database-writer-endpoint.value",
    ]);
  });

  it("has everything that it takes to serve while the primary is gone: capacity, data, secret, state and the runbook that takes over", () => {
    expect(standby.only("aws_ecs_service")).toMatchObject({ desired_count: 6 });
    expect(standby.all("aws_rds_cluster_instance")).toHaveLength(3);
    for (const { stack } of REGIONS)
      expect(stack.only("aws_rds_cluster")["global_cluster_identifier"]).toBe(
        stackOf("global").only("aws_rds_global_cluster")["global_cluster_identifier"],
      );
    expect(stackOf("global").only("aws_secretsmanager_secret")["replica"]).toMatchObject([{ region: STANDBY }]);
    expect(standby.json["terraform"]).toMatchObject({
      backend: { s3: { region: STANDBY, bucket: "standfast-state-123456789012-us-west-2" } },
    });
    expect(standby.json["provider"]).toMatchObject({ aws: [{ region: STANDBY }] });
    expect(JSON.stringify(standby.json)).not.toContain("terraform_remote_state");
    expect(standby.resource("aws_sfn_state_machine.region-takeover_runbook_machine")).toMatchObject({
      name: "runbook-region-takeover-test-1",
    });
  });
});

describe("the network", () => {
  const wayOut = (stack: Synthesized, subnet: string): Resource | undefined => {
    const association = stack.all("aws_route_table_association").find(({ subnet_id: id }) => target(id) === subnet);
    return stack
      .all("aws_route")
      .find((route) => route["route_table_id"] === association?.["route_table_id"] && route["destination_cidr_block"] === "0.0.0.0/0");
  };

  it("has public subnets for the load balancer, and private ones for tasks and database, in three zones each", () => {
    for (const { stack, zones } of REGIONS) {
      const subnetsOf = {
        balancer: stack.only("aws_lb")["subnets"] as string[],
        tasks: network(stack.only("aws_ecs_service")).subnets,
        database: stack.only("aws_db_subnet_group")["subnet_ids"] as string[],
      };
      for (const subnets of Object.values(subnetsOf)) expect(zonesOf(stack, subnets)).toEqual(zones);
      for (const subnet of subnetsOf.balancer)
        expect(target(wayOut(stack, target(subnet))?.["gateway_id"])).toMatch(/^aws_internet_gateway\./);
      for (const subnet of subnetsOf.tasks) expect(target(wayOut(stack, target(subnet))?.["nat_gateway_id"])).toMatch(/^aws_nat_gateway\./);
      for (const subnet of subnetsOf.database) expect(wayOut(stack, target(subnet))).toBeUndefined();
      expect(stack.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
      expect(network(stack.only("aws_ecs_service")).assign_public_ip).toBe(false);
      for (const instance of stack.all("aws_rds_cluster_instance")) expect(instance).toMatchObject({ publicly_accessible: false });
    }
  });

  it("lets the tasks of each zone out through a NAT gateway in that zone", () => {
    for (const { stack, zones } of REGIONS) {
      const tasks = network(stack.only("aws_ecs_service")).subnets;
      const gateways = tasks.map((subnet) => stack.resource(target(wayOut(stack, target(subnet))?.["nat_gateway_id"])));
      expect(
        zonesOf(
          stack,
          gateways.map((gateway) => gateway["subnet_id"]),
        ),
      ).toEqual(zones);
    }
  });

  it("reaches S3 and DynamoDB by endpoints in every private subnet, past the NAT gateways", () => {
    for (const { name, stack } of REGIONS) {
      const ways = stack.all("aws_vpc_endpoint").filter((endpoint) => endpoint["vpc_endpoint_type"] === "Gateway");
      expect(ways.map((endpoint) => endpoint["service_name"]).sort()).toEqual([
        `com.amazonaws.${name}.dynamodb`,
        `com.amazonaws.${name}.s3`,
      ]);
      const privateTables = stack
        .all("aws_route_table_association")
        .filter(({ subnet_id: subnet }) => (stack.resource(target(subnet))["tags"] as { Tier: string }).Tier !== "public")
        .map((association) => association["route_table_id"]);
      for (const endpoint of ways) expect(new Set(endpoint["route_table_ids"] as string[])).toEqual(new Set(privateTables));
    }
  });
});

describe("encryption", () => {
  /** Whatever holds data, and where it names its key. */
  const KEY_OF: Readonly<Record<string, string>> = {
    aws_backup_vault: "kms_key_arn",
    aws_cloudwatch_log_group: "kms_key_id",
    aws_ecs_cluster: "configuration.managed_storage_configuration.fargate_ephemeral_storage_kms_key_id",
    aws_lambda_function: "kms_key_arn",
    aws_rds_cluster: "kms_key_id",
    aws_rds_cluster_instance: "performance_insights_kms_key_id",
    aws_s3_bucket_server_side_encryption_configuration: "rule.0.apply_server_side_encryption_by_default.kms_master_key_id",
    aws_secretsmanager_secret: "kms_key_id",
    aws_sfn_state_machine: "encryption_configuration.kms_key_id",
    aws_sns_topic: "kms_master_key_id",
    aws_synthetics_canary: "artifact_config.s3_encryption.kms_key_arn",
  };

  it("is with a customer-managed key for whatever holds data, and every key rotates", () => {
    for (const [type, path] of Object.entries(KEY_OF)) {
      const holders = every(type).filter(({ address }) => !address.includes("access-logs"));
      expect([type, holders.length > 0]).toEqual([type, true]);
      for (const holder of holders)
        expect([holder.address, target(valueAt(holder, path))]).toEqual([holder.address, expect.stringMatching(/^aws_kms_key\./)]);
    }
    for (const cluster of [...every("aws_rds_cluster"), ...every("aws_rds_global_cluster")])
      expect(cluster).toMatchObject({ storage_encrypted: true });
    for (const key of every("aws_kms_key")) expect(key).toMatchObject({ enable_key_rotation: true });
  });

  it("is with S3's own key for the load balancer's access logs alone: of all buckets, that one", () => {
    for (const { stack } of REGIONS) {
      const configurations = stack.all("aws_s3_bucket_server_side_encryption_configuration");
      expect(configurations.map(({ bucket }) => target(bucket)).sort()).toEqual(
        stack
          .all("aws_s3_bucket")
          .map(({ address }) => address)
          .sort(),
      );
      const [own, ...others] = configurations.filter(({ rule }) => !JSON.stringify(rule).includes("aws:kms"));
      expect(others).toEqual([]);
      expect(target(own?.["bucket"])).toBe(target((stack.only("aws_lb")["access_logs"] as { bucket: unknown }).bucket));
      expect(own?.["rule"]).toMatchObject([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
    }
  });
});

describe("the configuration of the application", () => {
  it("is in Parameter Store, below a path of environment and region, read by the tasks, with no secret in it", () => {
    for (const { name, stack } of REGIONS) {
      const parameters = stack.all("aws_ssm_parameter");
      expect(parameters.map((parameter) => String(parameter["name"]).replace(`/standfast/test-1/${name}/`, "")).sort()).toEqual([
        "database/cluster-identifier",
        "database/name",
        "database/port",
        "database/reader-endpoint",
        "database/secret-arn",
        "database/writer-endpoint",
        "service/writes",
        "sessions/store",
      ]);
      expect(parameters.filter(({ value }) => /password/i.test(String(value)))).toEqual([]);
      for (const parameter of ["writer-endpoint", "reader-endpoint", "port", "name"])
        expect(container(stack)).toContain(`aws_ssm_parameter.parameters_database-${parameter}.arn`);
    }
  });

  it("holds the password neither in the JSON nor in a variable: it is drawn when it is applied, and written without being stored", () => {
    expect(primary.only("aws_rds_cluster")["master_password_wo"]).toMatch(/^\$\{jsondecode\(ephemeral\./);
    expect(stackOf("global").only("aws_secretsmanager_secret_version")["secret_string_wo"]).toContain("ephemeral.");
    for (const stack of stacks.values()) {
      expect(Object.keys(stack.json["variable"] as object).filter((variable) => /password|secret/i.test(variable))).toEqual([]);
      expect(stack.all().filter((resource) => "master_password" in resource || "secret_string" in resource)).toEqual([]);
    }
  });
});

describe("names", () => {
  const namesOf = (all: Iterable<Synthesized>): { readonly what: string; readonly name: string }[] =>
    [...all].flatMap((stack) =>
      stack.all().flatMap((resource) =>
        Object.entries({ ...resource, "tags.Name": (resource["tags"] as { Name?: string } | undefined)?.Name })
          .filter(
            ([key, value]) =>
              /(^|_|\.)(name|identifier|family|bucket|Name)$/.test(key) && typeof value === "string" && !value.includes("${"),
          )
          .map(([key, value]) => ({ what: `${resource.resourceType}.${key}`, name: String(value) })),
      ),
    );

  it("are those of no environment with another suffix, but for what AWS names, what is inside a database, and what clients ask for", () => {
    const names = namesOf(stacks.values());
    const other = { preset: PRESET, environment_suffix: "test-2" };
    const others = new Set(
      namesOf([globalStack(other), regionStack(other), regionStack(other, 1), failoverStack(other)]).map(({ name }) => name),
    );
    expect(names.length).toBeGreaterThan(200);
    const shared = new Set(names.filter(({ name }) => others.has(name)).map(({ what }) => what));
    expect([...shared].sort()).toEqual([
      "aws_acm_certificate.domain_name",
      "aws_cloudwatch_metric_alarm.metric_name",
      "aws_db_parameter_group.family",
      "aws_rds_cluster.database_name",
      "aws_rds_cluster_parameter_group.family",
      "aws_rds_global_cluster.database_name",
      "aws_route53_record.name",
      "aws_route53_record.set_identifier",
      "aws_vpc_endpoint.service_name",
    ]);
  });

  it("begin with what a resource is, and end with the suffix, the region and the account where these are needed", () => {
    for (const { name, stack } of REGIONS) {
      expect(stack.only("aws_lb")["name"]).toBe("alb-test-1");
      expect(stack.only("aws_ecs_service")["name"]).toBe("service-test-1");
      expect(stack.resource("aws_sns_topic.alerts_topic")["name"]).toBe("topic-alerts-test-1");
      expect(stack.only("aws_rds_cluster")["cluster_identifier"]).toBe(`aurora-test-1-${name}`);
      expect(stack.all("aws_s3_bucket").map(({ bucket }) => bucket)).toEqual(
        ["access-logs", "canary-results"].map((holds) => `bucket-${holds}-test-1-123456789012-${name}`),
      );
    }
  });

  it("and values speak of no environment such as prod, dev or staging", () => {
    for (const [name, { json }] of stacks) {
      const words = JSON.stringify(json)
        .replaceAll("/dev/null", "")
        .match(/\b(prod|production|dev|development|staging)\b/gi);
      expect([name, words]).toEqual([name, null]);
    }
  });
});

describe("a destroy", () => {
  /** What AWS or Terraform would hold on to. */
  const FREE: readonly (readonly [type: string, attributes: object])[] = [
    ["aws_backup_vault", { force_destroy: true }],
    ["aws_kms_key", { deletion_window_in_days: 7 }],
    ["aws_lb", { enable_deletion_protection: false }],
    ["aws_rds_cluster", { deletion_protection: false, skip_final_snapshot: true }],
    ["aws_rds_global_cluster", { deletion_protection: false, force_destroy: true }],
    ["aws_s3_bucket", { force_destroy: true }],
    ["aws_secretsmanager_secret", { recovery_window_in_days: 0 }],
    ["aws_synthetics_canary", { delete_lambda: true }],
  ];

  it("is held up by nothing: no protection, no final snapshot, no full bucket, no secret that lingers", () => {
    for (const [type, attributes] of FREE) {
      expect([type, every(type).length > 0]).toEqual([type, true]);
      for (const resource of every(type)) expect(resource).toMatchObject(attributes);
    }
    for (const { json } of stacks.values()) expect(JSON.stringify(json)).not.toMatch(/prevent_destroy|"skip_destroy":true/);
  });
});

describe("the account", () => {
  it("keeps what it has one of: no GuardDuty detector, no Config recorder, and no role for one, is made", () => {
    for (const stack of stacks.values()) {
      expect(stack.all().filter(({ resourceType }) => /^aws_(guardduty|config)_|service_linked_role/.test(resourceType))).toEqual([]);
      expect(JSON.stringify(stack.json)).not.toMatch(/AWS_?ConfigRole|config\.amazonaws\.com/);
    }
  });
});

describe("errors and logs", () => {
  it("are kept of traffic, requests, queries, tasks, functions and runbooks", () => {
    for (const { name, stack } of REGIONS) {
      expect(stack.only("aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
      expect(stack.only("aws_lb")["access_logs"]).toMatchObject({ enabled: true });
      expect(stack.only("aws_rds_cluster")["enabled_cloudwatch_logs_exports"]).toEqual(["postgresql"]);
      expect(container(stack)).toContain(`"awslogs-group" = aws_cloudwatch_log_group.service_log_group.name, "awslogs-region" = "${name}"`);
      const functions = stack.all("aws_lambda_function");
      const runbooks = stack.all("aws_sfn_state_machine");
      expect([functions.length, runbooks.length]).toEqual([2, 4]);
      for (const lambda of functions) expect(target(valueAt(lambda, "logging_config.log_group"))).toMatch(/^aws_cloudwatch_log_group\./);
      for (const machine of runbooks) expect(machine["logging_configuration"]).toMatchObject({ level: "ALL" });
    }
  });
});

describe("functions", () => {
  it("run on Node.js 22, with version 3 of the AWS SDK and no other", () => {
    for (const lambda of every("aws_lambda_function")) expect(lambda).toMatchObject({ runtime: "nodejs22.x", handler: "index.handler" });
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as Record<string, object>;
    const packages = Object.keys({ ...dependencies, ...devDependencies });
    expect(packages).not.toContain("aws-sdk");
    expect(packages).toContain("@aws-sdk/client-rds");
  });
});

describe("the instructions", () => {
  const readme = readFileSync(join(PROJECT, "README.md"), "utf8");

  it("deploy every stack in its order, destroy in reverse, and name commands that exist", () => {
    const names = [...stacks.keys()];
    expect(readme).toContain(`npx cdktf deploy ${names.join(" ")} `);
    expect(readme).toContain(`npx cdktf destroy ${names.join(" ")} `);
    expect(readme).toContain(`terraform destroy, stack by stack: ${[...names].reverse().join(", ")}`);
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { scripts: Record<string, string> };
    const commands = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, command = ""]) => command);
    expect(commands).toEqual(expect.arrayContaining(["synth", "bootstrap"]));
    expect(commands.filter((command) => !(command in scripts))).toEqual([]);
  });

  it("say how long Aurora takes, and no resource gives it less time than the provider does", () => {
    expect(readme).toContain("A first deploy takes 20 to 30 minutes, most of it Aurora.");
    const databases = [...every("aws_rds_global_cluster"), ...every("aws_rds_cluster"), ...every("aws_rds_cluster_instance")];
    expect(databases).toHaveLength(9);
    expect(databases.filter((resource) => "timeouts" in resource)).toEqual([]);
  });
});

function cidr(text: unknown): Cidr {
  const parsed = parseCidr(String(text));
  if (!parsed) throw new Error(`${String(text)} is no range`);
  return parsed;
}

/** Whether a range holds all of another. */
function holds(outer: Cidr, inner: Cidr): boolean {
  return outer.prefix <= inner.prefix && overlaps(outer, inner);
}

import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { allows } from "../support/access";
import { GUARDS, KEY_OF, namesOf, wellNamed } from "../support/invariants";
import { list, services, statements } from "../support/policies";
import { firstColumn, scripts, stacksIn } from "../support/readme";
import { PROJECT } from "../support/requirements";
import { presetStacks, type Resource, type Synthesized, target } from "../support/synthesized";
import { natGatewayZone, securityGroupRules, defaultRoute } from "../support/traffic";
import { expectTls } from "../support/tls";

const stacks = presetStacks("payment-elastic");
const stack = (name: string): Synthesized => {
  const found = stacks.get(name);
  if (!found) throw new Error(`there is no stack ${name}`);
  return found;
};
const region = stack("us-east-1");
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const everything = [...stacks.values()].flatMap((each) => each.all());
const ofType = (type: string): Resource[] => everything.filter(({ resourceType }) => resourceType === type);
const subnets = (tier: string): Resource[] => region.all("aws_subnet").filter(({ tags }) => (tags as { Tier: string }).Tier === tier);
const alarms = (metric: string): Resource[] => region.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => name === metric);
/** What a role may do, of every policy that it has. */
const may = (role: string): string[] =>
  statements(region)
    .filter(({ address }) => address === `aws_iam_role_policy.${role}_permissions`)
    .flatMap(({ Action }) => list(Action));
const LAMBDA = "aws_lambda_function.validation_function_function";

describe("the goal", () => {
  it("stands in us-east-1 and in no other region, in three of its zones", () => {
    expect([...stacks.keys()]).toEqual(["global", "us-east-1", "failover"]);
    for (const { json } of stacks.values())
      expect((json["provider"] as { aws: { region: string }[] }).aws.map((provider) => provider.region)).toEqual(["us-east-1"]);
    for (const type of ["aws_subnet", "aws_rds_cluster_instance"])
      expect([...new Set(region.all(type).map((resource) => resource["availability_zone"]))].sort()).toEqual(ZONES);
    expect(region.all("aws_nat_gateway").map(({ subnet_id: subnet }) => target(subnet))).toEqual(
      ZONES.map((zone) => `aws_subnet.network_public_${zone}`),
    );
  });
});

describe("the database layer", () => {
  const cluster = region.only("aws_rds_cluster");
  const instances = region.all("aws_rds_cluster_instance");

  it("is an Aurora PostgreSQL cluster with an instance in each of three zones", () => {
    expect(cluster).toMatchObject({ engine: "aurora-postgresql" });
    expect(instances.map(({ availability_zone: zone }) => zone)).toEqual(ZONES);
    for (const instance of instances) expect(target(instance["cluster_identifier"])).toBe(cluster.address);
    expect(target(cluster["db_subnet_group_name"])).toBe(region.only("aws_db_subnet_group").address);
    expect((region.only("aws_db_subnet_group")["subnet_ids"] as string[]).map(target)).toEqual(
      subnets("data").map(({ address }) => address),
    );
  });

  it("fails over by itself to a reader of the same size, and the service follows by the writer's name", () => {
    expect(instances.map(({ promotion_tier: tier }) => tier)).toEqual([0, 1, 2]);
    expect(new Set(instances.map(({ instance_class: size }) => size)).size).toBe(1);
    expect(region.resource("aws_ssm_parameter.parameters_database-writer-endpoint")["value"]).toBe("${aws_rds_cluster.aurora.endpoint}");
    expect(region.all("aws_db_event_subscription").flatMap(({ event_categories: categories }) => categories)).toContain("failover");
  });

  it("is backed up continuously for seven days, and every six hours besides", () => {
    expect(cluster).toMatchObject({ backup_retention_period: 7 });
    expect(region.only("aws_backup_plan")["rule"]).toMatchObject([{ schedule: "cron(0 0/6 * * ? *)", lifecycle: { delete_after: 35 } }]);
    expect(region.only("aws_backup_selection")["resources"]).toContain(
      `arn:aws:rds:us-east-1:123456789012:cluster:${String(cluster["cluster_identifier"])}`,
    );
  });
});

describe("the application layer", () => {
  const service = region.only("aws_ecs_service");

  it("runs the payments on Fargate, in the private subnets of three zones", () => {
    expect(service).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "FARGATE" }],
      availability_zone_rebalancing: "ENABLED",
      network_configuration: { assign_public_ip: false },
    });
    expect((service["network_configuration"] as { subnets: string[] }).subnets.map(target)).toEqual(
      ZONES.map((zone) => `aws_subnet.network_application_${zone}`),
    );
    expect(target(service["task_definition"])).toBe("aws_ecs_task_definition.service_task_definition");
    expect(region.only("aws_ecs_task_definition")).toMatchObject({ requires_compatibilities: ["FARGATE"], network_mode: "awsvpc" });
  });

  it("follows processor and memory between ten and fifty tasks", () => {
    const scaled = region.only("aws_appautoscaling_target");
    expect(scaled).toMatchObject({
      min_capacity: 10,
      max_capacity: 50,
      resource_id: `service/${String(region.only("aws_ecs_cluster")["name"])}/${String(service["name"])}`,
      scalable_dimension: "ecs:service:DesiredCount",
    });
    const policies = region.all("aws_appautoscaling_policy");
    for (const policy of policies) expect(target(policy["resource_id"])).toBe(scaled.address);
    expect(policies.map((policy) => policy["target_tracking_scaling_policy_configuration"])).toMatchObject([
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" }, target_value: 60 },
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" }, target_value: 70 },
    ]);
    // An apply must not undo what the load has asked for.
    expect(service).toMatchObject({ desired_count: 10, lifecycle: { ignore_changes: ["desired_count"] } });
  });

  it("has a load balancer in three zones, whose one target group takes healthy tasks of every zone", () => {
    const balancer = region.only("aws_lb");
    const group = region.only("aws_lb_target_group");
    expect(balancer).toMatchObject({ load_balancer_type: "application", internal: false });
    expect((balancer["subnets"] as string[]).map(target)).toEqual(ZONES.map((zone) => `aws_subnet.network_public_${zone}`));
    const https = region.all("aws_lb_listener").find(({ port }) => port === 443);
    expect(https?.["default_action"]).toEqual([{ type: "forward", target_group_arn: `\${${group.address}.arn}` }]);
    expect(service["load_balancer"]).toMatchObject([{ target_group_arn: `\${${group.address}.arn}`, container_port: group["port"] }]);
    expect(group).toMatchObject({
      target_type: "ip",
      health_check: { interval: 5, timeout: 3, unhealthy_threshold: 2, path: "/health", matcher: "200" },
    });
    expect(group["load_balancing_cross_zone_enabled"]).not.toBe("false");
  });
});

describe("serverless processing", () => {
  it("validates payments by a function that the service knows and may call", () => {
    expect(region.resource(LAMBDA)).toMatchObject({ function_name: "function-validate-payment-test-1", publish: true });
    expect(target(region.only("aws_lambda_alias")["function_name"])).toBe(LAMBDA);
    expect(target(region.resource("aws_ssm_parameter.parameters_validation-function")["value"])).toBe(
      region.only("aws_lambda_alias").address,
    );
    expect(region.only("aws_ecs_task_definition")["container_definitions"]).toContain(
      '"name" = "VALIDATION_FUNCTION", "valueFrom" = aws_ssm_parameter.parameters_validation-function.arn',
    );
    expect(may("service_task-role")).toContain("lambda:InvokeFunction");
  });

  it("binds the function to no zone, nor the table that it remembers payments in", () => {
    // Outside a VPC, Lambda runs a function in several zones; tied to subnets, in those of the subnets only.
    expect(region.resource(LAMBDA)).not.toHaveProperty("vpc_config");
    const { variables } = region.resource(LAMBDA)["environment"] as { variables: { REQUESTS_TABLE: string } };
    expect(target(variables.REQUESTS_TABLE)).toBe(region.only("aws_dynamodb_table").address);
  });
});

describe("storage", () => {
  const settingsOf = (bucket: Resource, type: string): Resource => {
    const [found, ...others] = region.all(type).filter((settings) => target(settings["bucket"]) === bucket.address);
    if (!found || others.length > 0) throw new Error(`${bucket.address} has not one ${type}`);
    return found;
  };
  const logs = region.resource("aws_s3_bucket.transaction-logs_bucket");

  it("keeps transaction logs in a bucket that the service may add to, and neither read nor empty", () => {
    const granted = statements(region).filter(
      ({ address, Resource: where }) =>
        address === "aws_iam_role_policy.service_task-role_permissions" && list(where).some((arn) => arn.includes(String(logs["bucket"]))),
    );
    expect(granted.flatMap(({ Action }) => list(Action))).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
    expect(target(region.resource("aws_ssm_parameter.parameters_storage-transaction-logs-bucket")["value"])).toBe(logs.address);
  });

  it("keeps every version in every bucket, and lets none grow for ever", () => {
    expect(region.all("aws_s3_bucket")).toHaveLength(2);
    for (const bucket of region.all("aws_s3_bucket")) {
      expect(settingsOf(bucket, "aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" });
      const [rule] = settingsOf(bucket, "aws_s3_bucket_lifecycle_configuration")["rule"] as Resource[];
      expect(rule).toMatchObject({
        status: "Enabled",
        expiration: [{ days: expect.any(Number) }],
        noncurrent_version_expiration: [{ noncurrent_days: expect.any(Number) }],
      });
    }
    expect(settingsOf(logs, "aws_s3_bucket_lifecycle_configuration")["rule"]).toMatchObject([
      {
        transition: [
          { days: 30, storage_class: "STANDARD_IA" },
          { days: 90, storage_class: "GLACIER_IR" },
        ],
        expiration: [{ days: 2557 }],
      },
    ]);
  });

  it("encrypts what is in the buckets, transaction logs with a key of the platform's own", () => {
    const encryptionOf = (bucket: Resource): unknown =>
      (settingsOf(bucket, "aws_s3_bucket_server_side_encryption_configuration")["rule"] as Resource[])[0]?.[
        "apply_server_side_encryption_by_default"
      ];
    expect(encryptionOf(logs)).toEqual({ sse_algorithm: "aws:kms", kms_master_key_id: "${aws_kms_key.storage-key_key.arn}" });
    // Load balancers write to buckets with S3's own keys only.
    expect(encryptionOf(region.resource("aws_s3_bucket.access-logs_bucket"))).toEqual({ sse_algorithm: "AES256" });
  });
});

describe("monitoring and alerting", () => {
  it("rings when a reader falls a second behind the writer, or none reports how far it is", () => {
    expect(alarms("AuroraReplicaLagMaximum")).toMatchObject([
      {
        namespace: "AWS/RDS",
        dimensions: { DBClusterIdentifier: region.only("aws_rds_cluster")["cluster_identifier"] },
        comparison_operator: "GreaterThanThreshold",
        threshold: 1000,
        treat_missing_data: "breaching",
      },
    ]);
  });

  it("rings when a target is unhealthy, when a zone or the whole has too few, and when the load balancer answers with errors", () => {
    expect(alarms("UnHealthyHostCount")).toMatchObject([{ comparison_operator: "GreaterThanThreshold", threshold: 0 }]);
    expect(alarms("HTTPCode_ELB_5XX_Count")).toMatchObject([{ comparison_operator: "GreaterThanThreshold", threshold: 0 }]);
    const healthy = alarms("HealthyHostCount").map(
      ({ dimensions, threshold, comparison_operator: operator, treat_missing_data: silence }) => [
        (dimensions as { AvailabilityZone?: string }).AvailabilityZone ?? "all",
        `${String(operator)} ${Number(threshold)}, ${String(silence)}`,
      ],
    );
    expect(Object.fromEntries(healthy)).toEqual({
      all: "LessThanThreshold 10, breaching",
      ...Object.fromEntries(ZONES.map((zone) => [zone, "LessThanThreshold 1, breaching"])),
    });
  });

  it("rings when fewer than ten tasks run, or none is counted", () => {
    expect(alarms("RunningTaskCount")).toMatchObject([
      {
        dimensions: { ClusterName: region.only("aws_ecs_cluster")["name"], ServiceName: region.only("aws_ecs_service")["name"] },
        comparison_operator: "LessThanThreshold",
        threshold: region.only("aws_appautoscaling_target")["min_capacity"],
        treat_missing_data: "breaching",
      },
    ]);
    expect(region.only("aws_ecs_cluster")["setting"]).toEqual([{ name: "containerInsights", value: "enhanced" }]);
  });

  it("sends every alarm to an encrypted topic of its stack, which CloudWatch may publish to and every address gets", () => {
    const rung = [...stacks.values()].filter((each) => each.all("aws_cloudwatch_metric_alarm").length > 0);
    expect(rung).toHaveLength(2);
    for (const each of rung) {
      const topic = each.only("aws_sns_topic");
      for (const alarm of [...each.all("aws_cloudwatch_metric_alarm"), ...each.all("aws_cloudwatch_composite_alarm")])
        expect({ alarm: alarm.address, actions: alarm["alarm_actions"] }).toEqual({
          alarm: alarm.address,
          actions: [`\${${topic.address}.arn}`],
        });
      expect(target(topic["kms_master_key_id"])).toMatch(/^aws_kms_key\./);
      const admitted = allows(
        statements(each).filter(({ address }) => address === each.only("aws_sns_topic_policy").address),
        {
          service: "cloudwatch.amazonaws.com",
          action: "sns:Publish",
          resource: `arn:aws:sns:us-east-1:123456789012:${String(topic["name"])}`,
          context: { "aws:SourceAccount": "123456789012", "aws:SecureTransport": "true" },
        },
      );
      expect(admitted).toBe(true);
      expect(each.only("aws_sns_topic_subscription")).toMatchObject({
        protocol: "email",
        topic_arn: `\${${topic.address}.arn}`,
        for_each: "${var.alert_emails}",
      });
    }
  });
});

describe("networking", () => {
  it("has a public and two private subnets in each of three zones, private as no route leads in", () => {
    for (const tier of ["public", "application", "data"]) expect(subnets(tier).map(({ availability_zone: zone }) => zone)).toEqual(ZONES);
    for (const subnet of subnets("public")) expect(defaultRoute(region, subnet)).toBe(region.only("aws_internet_gateway").address);
    for (const subnet of [...subnets("application"), ...subnets("data")])
      expect(defaultRoute(region, subnet)).not.toBe(region.only("aws_internet_gateway").address);
    expect(region.all("aws_subnet").filter(({ map_public_ip_on_launch: open }) => open !== false)).toEqual([]);
  });

  it("leads each application subnet out through the NAT gateway of its own zone, and data subnets nowhere", () => {
    expect(region.all("aws_nat_gateway")).toHaveLength(3);
    for (const subnet of subnets("application")) expect(natGatewayZone(region, subnet)).toBe(subnet["availability_zone"]);
    for (const subnet of subnets("data")) expect(defaultRoute(region, subnet)).toBeUndefined();
  });

  it("lets clients talk to the load balancer, it to the tasks, they to the database, and nobody else", () => {
    expect(securityGroupRules(region, "ingress")).toEqual([
      "database from service:5432",
      "load-balancer from 0.0.0.0/0:443",
      "load-balancer from 0.0.0.0/0:80",
      "service from load-balancer:8080",
    ]);
  });

  it("has network ACLs before every subnet, and the data tier exchanges packets with the application tier alone", () => {
    const guarded = region.all("aws_network_acl").flatMap((acl) => (acl["subnet_ids"] as string[]).map(target));
    expect(guarded.sort()).toEqual(
      region
        .all("aws_subnet")
        .map(({ address }) => address)
        .sort(),
    );
    const application = subnets("application").map((subnet) => String(subnet["cidr_block"]));
    const rules = region.all("aws_network_acl_rule").filter((rule) => target(rule["network_acl_id"]).includes("_data_"));
    expect(rules.map((rule) => [rule["egress"], rule["cidr_block"], rule["from_port"]]).sort()).toEqual([
      [false, "10.0.64.0/18", 5432],
      [true, "10.0.64.0/18", 1024],
    ]);
    // 10.0.64.0/18: its third byte is 64 to 127.
    expect(application.map((cidr) => Number(cidr.split(".")[2]) >> 6)).toEqual([1, 1, 1]);
  });
});

describe("identity and access", () => {
  const assumedBy = (role: unknown): readonly string[] =>
    statements(region)
      .filter(({ address, Action }) => address === target(role) && Action === "sts:AssumeRole")
      .flatMap(services);

  it("has two roles for the tasks: one that starts them, and one for the program, which reaches what is its own", () => {
    const task = region.only("aws_ecs_task_definition");
    for (const role of [task["execution_role_arn"], task["task_role_arn"]]) expect(assumedBy(role)).toEqual(["ecs-tasks.amazonaws.com"]);
    expect(task["execution_role_arn"]).not.toBe(task["task_role_arn"]);
    expect([...new Set(may("service_task-role"))].sort()).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "lambda:InvokeFunction",
      "s3:AbortMultipartUpload",
      "s3:PutObject",
      "ssm:GetParameter",
      "ssm:GetParameters",
      "ssm:GetParametersByPath",
    ]);
  });

  it("has a role for each function, taken on by Lambda alone; the validation remembers payments and does nothing else", () => {
    const roles = region.all("aws_lambda_function").map(({ role }) => role);
    expect(new Set(roles).size).toBe(roles.length);
    for (const role of roles) expect(assumedBy(role)).toEqual(["lambda.amazonaws.com"]);
    expect(may("validation_function_role").filter((action) => !/^(logs|xray|kms):/.test(action))).toEqual([
      "sqs:SendMessage",
      "dynamodb:PutItem",
    ]);
  });

  it("allows no role everything, nor a whole service, nor all resources to the service and its function but where there is no choice", () => {
    const allowed = [...stacks.values()]
      .flatMap(statements)
      .filter(({ address, Effect }) => Effect === "Allow" && !address.startsWith("aws_kms_key."));
    expect(allowed.length).toBeGreaterThan(50);
    expect(allowed.filter(({ Action }) => list(Action).some((action) => /^\*$|:\*$/.test(action)))).toEqual([]);
    const onAll = allowed.filter(({ address, Resource }) => /\.(service|validation)_/.test(address) && list(Resource).includes("*"));
    expect(onAll.flatMap(({ Action }) => list(Action))).toEqual([
      "ecr:GetAuthorizationToken",
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
    ]);
  });
});

describe("technical requirements and constraints", () => {
  it("names everything by its type and the suffix", () => {
    const names = everything.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter(({ value }) => !value.includes("test-1"))).toEqual([]);
    expect(names.filter(({ value }) => !wellNamed(value))).toEqual([]);
  });

  it("can be destroyed as a whole: nothing is protected, and nothing keeps its data or its name", () => {
    for (const [type, attribute, , free] of GUARDS) {
      expect({ type, found: ofType(type).length > 0 }).toEqual({ type, found: true });
      for (const resource of ofType(type)) expect(resource).toMatchObject({ [attribute]: free });
    }
    for (const secret of ofType("aws_secretsmanager_secret")) expect(secret).toMatchObject({ recovery_window_in_days: 0 });
    expect(JSON.stringify([...stacks.values()].map(({ json }) => json))).not.toMatch(/prevent_destroy|skip_destroy|retain_on_delete/);
  });

  it("encrypts every store with a key of its own, which is renewed every year", () => {
    const stores = Object.entries(KEY_OF).flatMap(([type, keyOf]) =>
      ofType(type).map((store) => ({ store: store.address, key: target(keyOf(store)) })),
    );
    expect(stores.length).toBeGreaterThan(20);
    expect(stores.filter(({ key }) => !key.startsWith("aws_kms_key.")).map(({ store }) => store)).toEqual([
      "aws_s3_bucket_server_side_encryption_configuration.access-logs_encryption",
    ]);
    expect(region.only("aws_rds_cluster")).toMatchObject({ storage_encrypted: true });
    for (const key of ofType("aws_kms_key")) expect(key).toMatchObject({ enable_key_rotation: true, rotation_period_in_days: 365 });
  });

  it("speaks TLS with clients, database, buckets, topics and queues, and refuses what is not", () => {
    expectTls(region, [...stacks.values()], 5);
  });

  it("logs what service, database, network and functions do, and keeps what a function could not work off", () => {
    for (const lambda of region.all("aws_lambda_function"))
      expect(lambda).toMatchObject({ logging_config: { log_format: "JSON" }, tracing_config: { mode: "Active" } });
    expect(target((region.resource(LAMBDA)["dead_letter_config"] as { target_arn: string }).target_arn)).toBe(
      region.only("aws_sqs_queue").address,
    );
    expect(region.only("aws_rds_cluster")).toMatchObject({ enabled_cloudwatch_logs_exports: ["postgresql"] });
    expect(region.only("aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
    expect(region.only("aws_lb")).toMatchObject({ access_logs: { enabled: true } });
    expect(region.only("aws_ecs_task_definition")["container_definitions"]).toContain(
      '"awslogs-group" = aws_cloudwatch_log_group.service_log_group.name',
    );
    for (const group of region.all("aws_cloudwatch_log_group")) expect(group).toMatchObject({ retention_in_days: 90 });
  });
});

describe("what is delivered", () => {
  it("says what happens when a task, a zone, the writer or a release is lost", () => {
    expect(firstColumn("What it does about failures")).toEqual(
      expect.arrayContaining(["a task", "a zone: tasks", "a zone: the writer", "a zone: NAT", "a bad release"]),
    );
  });

  it("is deployed and destroyed by commands that exist, stack by stack in an order that the README gives", () => {
    const own = (command: "deploy" | "destroy"): string[] => stacksIn(command).filter((name) => stacks.has(name));
    expect(own("deploy")).toEqual([...stacks.keys()]);
    expect(own("destroy")).toEqual([...stacks.keys()]);
    const { scripts: known } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as { scripts: Record<string, string> };
    expect(scripts()).toEqual(expect.arrayContaining(["bootstrap", "synth"]));
    expect(scripts().filter((name) => !(name in known))).toEqual([]);
  });
});

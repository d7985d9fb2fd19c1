import { describe, expect, it } from "@jest/globals";
import { EVERY_STORE, MYSQL, ONE_REGION, twoRegions } from "../support/config";
import { list, type PolicyStatement, statements } from "../support/policies";
import { regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

const oneRegion = (overrides: object = {}) => regionStack({ ...ONE_REGION, ...overrides });
const everything = regionStack(EVERY_STORE);
const mysql = regionStack(MYSQL);
const plain = oneRegion();

/** What the program itself may do. */
const program = (stack = everything): readonly PolicyStatement[] =>
  statements(stack).filter(({ address }) => address.includes("service_task-role_permissions"));
const said = (sid: string, from = program()): PolicyStatement => {
  const found = from.find(({ Sid }) => Sid === sid);
  if (!found) throw new Error(sid);
  return found;
};
const alarmsOf = (namespace: string, stack = everything): Resource[] =>
  stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => alarm["namespace"] === namespace);

describe("Aurora MySQL", () => {
  it("can be taken back for the seconds asked for, under TLS and an audit log", () => {
    expect(mysql.only("aws_rds_cluster")).toMatchObject({
      engine: "aurora-mysql",
      engine_version: "8.0.mysql_aurora.3.10.4",
      backtrack_window: 86400,
      port: 3306,
      enabled_cloudwatch_logs_exports: ["audit", "error", "slowquery"],
    });
    const group = mysql.only("aws_rds_cluster_parameter_group");
    expect(group).toMatchObject({ family: "aurora-mysql8.0", name: "cluster-parameters-8-0-test-1" });
    expect(group["parameter"]).toEqual(
      expect.arrayContaining([
        { name: "require_secure_transport", value: "ON" },
        { name: "long_query_time", value: "0.5" },
        { name: "server_audit_logging", value: "1" },
      ]),
    );
    for (const instance of mysql.all("aws_rds_cluster_instance")) expect(instance).toMatchObject({ engine: "aurora-mysql" });
  });

  it("rings when it can be taken back less far than was asked for", () => {
    expect(mysql.all("aws_cloudwatch_metric_alarm").find(({ metric_name: name }) => name === "BacktrackWindowAlert")).toMatchObject({
      dimensions: { DBClusterIdentifier: "aurora-test-1-us-east-1" },
      statistic: "Sum",
      threshold: 0,
      treat_missing_data: "notBreaching",
    });
    expect(plain.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => String(name).startsWith("Backtrack"))).toEqual([]);
    expect(plain.only("aws_rds_cluster")).not.toHaveProperty("backtrack_window");
  });

  it("is reached through its proxy alone", () => {
    const ingress = mysql
      .all("aws_vpc_security_group_ingress_rule")
      .map(({ security_group_id: group, referenced_security_group_id: from }) => [target(from).split(".")[1], target(group).split(".")[1]]);
    expect(ingress).toEqual(
      expect.arrayContaining([
        ["service_security-group_group", "database_proxy_security-group_group"],
        ["database_proxy_security-group_group", "database_security-group_group"],
      ]),
    );
    expect(ingress.filter(([, to]) => to === "database_security-group_group")).toHaveLength(1);
  });
});

describe("the database's password", () => {
  it("changes with its version, and the tasks with it", () => {
    const raised = oneRegion({ database: { password_version: 2 } });
    expect(raised.only("aws_rds_cluster")).toMatchObject({ master_password_wo_version: 2 });
    const labels = (stack: typeof plain) =>
      /"dockerLabels" = (\{.*?\})/.exec(String(stack.only("aws_ecs_task_definition")["container_definitions"]))?.[1];
    expect(labels(raised)).not.toEqual(labels(plain));
  });
});

describe("the engine's lifecycle", () => {
  it("does not slide into Extended Support unless it is paid for", () => {
    expect(plain.only("aws_rds_cluster")).toMatchObject({ engine_lifecycle_support: "open-source-rds-extended-support-disabled" });
    expect(oneRegion({ database: { extended_support: true } }).only("aws_rds_cluster")).toMatchObject({
      engine_lifecycle_support: "open-source-rds-extended-support",
    });
  });
});

describe("instances of the database", () => {
  it("are promoted in another order when asked for", () => {
    const tiers = oneRegion({ database: { promotion_tiers: [2, 0, 1] } }).all("aws_rds_cluster_instance");
    expect(tiers.map(({ availability_zone: zone, promotion_tier: tier }) => [zone, tier])).toEqual([
      ["us-east-1a", 2],
      ["us-east-1b", 0],
      ["us-east-1c", 1],
    ]);
  });

  it("follow the load when asked for, each and in number", () => {
    const stack = oneRegion({
      database: {
        instance_class: "db.serverless",
        serverless: { min_acu: 0.5, max_acu: 32 },
        reader_scaling: { max_readers: 9, cpu_percent: 50 },
      },
    });
    expect(stack.only("aws_rds_cluster")).toMatchObject({ serverlessv2_scaling_configuration: { min_capacity: 0.5, max_capacity: 32 } });
    expect(stack.all("aws_rds_cluster_instance").map(({ instance_class: name }) => name)).toEqual(Array(3).fill("db.serverless"));
    expect(stack.all("aws_appautoscaling_target").find(({ service_namespace: service }) => service === "rds")).toMatchObject({
      scalable_dimension: "rds:cluster:ReadReplicaCount",
      min_capacity: 2,
      max_capacity: 9,
    });
  });
});

describe("the cache", () => {
  const cluster = everything.only("aws_elasticache_replication_group");

  it("is not there unless sessions are kept in it", () => {
    for (const sessions of ["none", "dynamodb"]) expect(oneRegion({ sessions }).all("aws_elasticache_replication_group")).toEqual([]);
    for (const sessions of ["redis", "both"]) expect(oneRegion({ sessions }).all("aws_elasticache_replication_group")).toHaveLength(1);
  });

  it("is in cluster mode: by its own switch and by its parameters, with automatic failover over the zones", () => {
    expect(cluster).toMatchObject({
      engine: "redis",
      engine_version: "7.1",
      cluster_mode: "enabled",
      num_node_groups: 3,
      replicas_per_node_group: 2,
      automatic_failover_enabled: true,
      multi_az_enabled: true,
      snapshot_retention_limit: 7,
    });
    expect(cluster).not.toHaveProperty("preferred_cache_cluster_azs");
    expect(cluster).not.toHaveProperty("notification_topic_arn");
    expect(everything.only("aws_elasticache_parameter_group")).toMatchObject({
      family: "redis7",
      parameter: expect.arrayContaining([{ name: "cluster-enabled", value: "yes" }]) as unknown,
    });
    expect((everything.only("aws_elasticache_subnet_group")["subnet_ids"] as string[]).map(target)).toEqual(
      ["a", "b", "c"].map((letter) => `aws_subnet.network_data_us-east-1${letter}`),
    );
  });

  it("lets nobody in without the task's role, and keeps no password", () => {
    expect(everything.all("aws_elasticache_user").map(({ user_name: name, access_string: access }) => [name, access])).toEqual([
      ["default", "off ~* -@all"],
      ["cache-user-service-test-1", "on ~* &* +@all -@admin -@dangerous"],
    ]);
    const service = everything.all("aws_elasticache_user").find(({ user_name: name }) => name !== "default");
    expect(service).toMatchObject({ authentication_mode: { type: "iam" }, user_id: "cache-user-service-test-1" });
    for (const user of everything.all("aws_elasticache_user")) expect(user).not.toHaveProperty("passwords");
    expect(cluster).not.toHaveProperty("auth_token");
    expect(said("ConnectToCache")).toMatchObject({
      Action: "elasticache:Connect",
      Resource: [
        "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:cache-test-1-us-east-1",
        "arn:aws:elasticache:us-east-1:123456789012:user:cache-user-service-test-1",
      ],
    });
  });

  it("answers to the service only", () => {
    const rules = everything
      .all("aws_vpc_security_group_ingress_rule")
      .filter(({ security_group_id: group }) => target(group) === "aws_security_group.cache_security-group_group");
    expect(rules).toMatchObject([{ from_port: 6379, to_port: 6379 }]);
    expect(target(rules[0]?.["referenced_security_group_id"])).toBe("aws_security_group.service_security-group_group");
  });

  it("can be Valkey, which has no default user", () => {
    const valkey = oneRegion({ sessions: "redis", cache: { engine: "valkey", engine_version: "8.1" } });
    expect(valkey.only("aws_elasticache_replication_group")).toMatchObject({ engine: "valkey", engine_version: "8.1" });
    expect(valkey.only("aws_elasticache_parameter_group")).toMatchObject({ family: "valkey8" });
    expect(valkey.only("aws_elasticache_user")).toMatchObject({ engine: "valkey", authentication_mode: { type: "iam" } });
    expect(valkey.only("aws_elasticache_user_group")).toMatchObject({ engine: "valkey" });
  });

  it("is watched node by node: processor, memory, lag in seconds, and keys given up", () => {
    const alarms = alarmsOf("AWS/ElastiCache");
    const nodes = [1, 2, 3].flatMap((shard) => [1, 2, 3].map((node) => `cache-test-1-us-east-1-000${shard}-00${node}`));
    for (const [metric, threshold, silence] of [
      ["EngineCPUUtilization", 90, "breaching"],
      ["DatabaseMemoryUsagePercentage", 80, "breaching"],
      ["ReplicationLag", 5, "notBreaching"],
      ["Evictions", 0, "notBreaching"],
    ] as const) {
      const own = alarms.filter(({ metric_name: name }) => name === metric);
      expect(own.map(({ dimensions }) => (dimensions as { CacheClusterId: string }).CacheClusterId).sort()).toEqual(nodes);
      for (const alarm of own) expect(alarm).toMatchObject({ threshold, treat_missing_data: silence });
    }
  });

  it("keeps its address in the state, and leaves a snapshot only where the environment is protected", () => {
    expect(cluster.address).toBe("aws_elasticache_replication_group.cache");
    expect(cluster).not.toHaveProperty("final_snapshot_identifier");
    expect(regionStack({ ...EVERY_STORE, protect: true }).only("aws_elasticache_replication_group")).toHaveProperty(
      "final_snapshot_identifier",
    );
  });
});

describe("sessions in DynamoDB", () => {
  const table = everything.only("aws_dynamodb_table");

  it("are paid by the request, end by themselves, and can be restored to any second", () => {
    expect(table).toMatchObject({
      address: "aws_dynamodb_table.sessions",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "session_id",
      ttl: { enabled: true, attribute_name: "expires_at" },
      point_in_time_recovery: { enabled: true, recovery_period_in_days: 35 },
      deletion_protection_enabled: false,
    });
    expect(table).not.toHaveProperty("stream_enabled");
    for (const key of ["read_capacity", "write_capacity"]) expect(table).not.toHaveProperty(key);
  });

  it("can be used by the service one by one, and listed by nobody", () => {
    expect(said("UseSessions")).toMatchObject({
      Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      Resource: "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
    });
    expect(said("DecryptSessions").Condition).toEqual({ StringEquals: { "kms:ViaService": "dynamodb.us-east-1.amazonaws.com" } });
    const all = statements(everything).flatMap(({ Action }) => list(Action));
    expect(all.filter((action) => /^dynamodb:(Scan|Query|Batch|\*)/.test(action))).toEqual([]);
  });

  it("ring when they are turned away, and when DynamoDB itself fails", () => {
    expect(alarmsOf("AWS/DynamoDB").map(({ metric_name: name, dimensions }) => [name, dimensions])).toEqual([
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "DeleteItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "GetItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "PutItem" }],
      ["SystemErrors", { TableName: "table-sessions-test-1", Operation: "UpdateItem" }],
      ["ReadThrottleEvents", { TableName: "table-sessions-test-1" }],
      ["WriteThrottleEvents", { TableName: "table-sessions-test-1" }],
    ]);
  });
});

describe("buckets", () => {
  const ofType = (type: string, stack = everything): [string, Resource][] =>
    stack.all(type).map((resource) => [
      target(resource["bucket"])
        .replace("aws_s3_bucket.", "")
        .replace(/_bucket$/, ""),
      resource,
    ]);
  const DATA_BUCKETS = ["application-data", "service-configuration", "transaction-logs"];
  const ALL = ["access-logs", ...DATA_BUCKETS];

  it.each([
    ["aws_s3_bucket_versioning", { versioning_configuration: { status: "Enabled" } }],
    ["aws_s3_bucket_ownership_controls", { rule: { object_ownership: "BucketOwnerEnforced" } }],
    [
      "aws_s3_bucket_public_access_block",
      { block_public_acls: true, block_public_policy: true, ignore_public_acls: true, restrict_public_buckets: true },
    ],
  ])("all have %s", (type, expected) => {
    const found = ofType(type);
    expect(found.map(([bucket]) => bucket).sort()).toEqual(ALL);
    for (const [, resource] of found) expect(resource).toMatchObject(expected);
  });

  it("all speak TLS only", () => {
    const denied = statements(everything).filter(
      ({ address, Sid }) => address.startsWith("aws_s3_bucket_policy.") && Sid === "EncryptedTransportOnly",
    );
    expect(denied).toHaveLength(ALL.length);
    for (const statement of denied)
      expect(statement).toMatchObject({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
  });

  it("get cheaper the older their data are, and forget what nobody can see any more", () => {
    const lifecycles = Object.fromEntries(
      ofType("aws_s3_bucket_lifecycle_configuration").map(([bucket, { rule }]) => [bucket, (rule as Resource[])[0]]),
    );
    expect(Object.keys(lifecycles).sort()).toEqual(ALL);
    for (const bucket of DATA_BUCKETS)
      expect(lifecycles[bucket]).toMatchObject({
        status: "Enabled",
        filter: [{ prefix: "" }],
        transition: [
          { days: 30, storage_class: "STANDARD_IA" },
          { days: 90, storage_class: "GLACIER_IR" },
        ],
        noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      });
    expect(lifecycles["transaction-logs"]?.["expiration"]).toEqual([{ days: 2557 }]);
    expect(lifecycles["application-data"]?.["expiration"]).toEqual([{ expired_object_delete_marker: true }]);
  });

  it("with data record who asked for what, beside the load balancer's log", () => {
    const logged = ofType("aws_s3_bucket_logging");
    expect(logged.map(([bucket]) => bucket).sort()).toEqual(DATA_BUCKETS);
    for (const [, logging] of logged) {
      expect(target(logging["target_bucket"])).toBe("aws_s3_bucket.access-logs_bucket");
      expect(logging["target_prefix"]).toMatch(/^s3\/bucket-/);
    }
    expect(statements(everything).find(({ Sid }) => Sid === "BucketsWriteLogs")).toMatchObject({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
  });

  it("let the service add to the logs and do nothing else with them, and use its own data", () => {
    expect(said("TransactionLogsAppend")).toMatchObject({
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1/*",
    });
    expect(said("ApplicationDataReadWrite")).toMatchObject({
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      Resource: "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1/*",
    });
    const onLogs = program().filter(({ Resource }) => list(Resource).some((resource) => resource.includes("bucket-transaction-logs")));
    expect(onLogs.flatMap(({ Action }) => list(Action))).toEqual(["s3:PutObject", "s3:AbortMultipartUpload"]);
  });

  it("are locked for as long as asked, in a protected environment", () => {
    const locked = regionStack({
      ...EVERY_STORE,
      protect: true,
      storage: { transaction_logs: true, object_lock: { mode: "COMPLIANCE", days: 365 } },
    });
    expect(ofType("aws_s3_bucket_object_lock_configuration", locked)).toMatchObject([
      ["service-configuration", {}],
      ["transaction-logs", { rule: { default_retention: { mode: "COMPLIANCE", days: 365 } } }],
    ]);
    expect(everything.all("aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });
});

describe("backups", () => {
  it("are of everything that holds data and that AWS Backup knows; the export has the bucket's versions", () => {
    expect(everything.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
      "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
    ]);
    expect(plain.only("aws_backup_selection")["resources"]).toEqual(["arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1"]);
    expect(oneRegion({ backup: { enabled: false } }).all("aws_backup_vault")).toEqual([]);
  });

  it("leave the continuous backups of Aurora to Aurora", () => {
    for (const rule of everything.only("aws_backup_plan")["rule"] as object[]) expect(rule).not.toHaveProperty("enable_continuous_backup");
    expect(plain.only("aws_rds_cluster")).toMatchObject({ backup_retention_period: 7 });
  });

  it.each([
    [1, "cron(0 0/1 * * ? *)"],
    [6, "cron(0 0/6 * * ? *)"],
    [24, "cron(0 0 * * ? *)"],
  ])("are made every %s hours", (every_hours, schedule) => {
    expect(oneRegion({ backup: { every_hours } }).only("aws_backup_plan")["rule"]).toMatchObject([{ schedule }]);
  });

  it("have a role that reads the stores that are there, and no others", () => {
    const sids = (stack: typeof plain) =>
      statements(stack)
        .filter(({ address }) => address === "aws_iam_role_policy.backup_role_permissions")
        .map(({ Sid }) => Sid);
    expect(sids(plain)).not.toEqual(expect.arrayContaining(["BackUpTables"]));
    expect(sids(plain)).not.toEqual(expect.arrayContaining(["ReadBuckets"]));
    expect(sids(everything)).toEqual(expect.arrayContaining(["SnapshotClusters", "BackUpTables", "ReadBuckets", "ReadObjects"]));
    const keys = statements(everything).find(
      ({ address, Sid }) => address === "aws_iam_role_policy.backup_role_permissions" && Sid === "UseKeys",
    );
    expect(keys?.Condition).toEqual({
      "ForAnyValue:StringEquals": {
        "kms:ResourceAliases": ["backup", "database", "sessions", "storage"].map((purpose) => `alias/key-${purpose}-test-1`),
      },
    });
  });

  it("can be tested by a restore into the data tier, which nobody reaches", () => {
    expect(everything.only("aws_backup_restore_testing_selection")).toMatchObject({
      protected_resource_type: "Aurora",
      restore_metadata_overrides: {
        dbSubnetGroupName: "subnets-test-1",
        vpcSecurityGroupIds: "${jsonencode([aws_security_group.restore-testing_security-group_group.id])}",
      },
    });
    const rules = everything.json.resource?.["aws_vpc_security_group_ingress_rule"] ?? {};
    expect(Object.keys(rules).filter((rule) => rule.startsWith("restore-testing"))).toEqual([]);
    expect(plain.all("aws_backup_restore_testing_plan")).toEqual([]);
  });

  it("of the service's configuration are made after each deployment and with the others", () => {
    const rules = everything.all("aws_cloudwatch_event_rule").filter(({ address }) => address.includes("service-export"));
    expect(rules.map(({ schedule_expression: schedule }) => schedule).filter(Boolean)).toEqual(["rate(6 hours)"]);
    expect(JSON.parse(String(rules.find((rule) => rule["event_pattern"])?.["event_pattern"]))).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change"],
      resources: ["arn:aws:ecs:us-east-1:123456789012:service/ecs-test-1/service-test-1"],
      detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
    });
    expect(everything.at("aws_lambda_function.service-export_function_function")).toMatchObject({
      runtime: "nodejs22.x",
      tracing_config: { mode: "Active" },
    });
    for (const permission of everything.all("aws_lambda_permission"))
      expect(permission).toMatchObject({
        principal: "events.amazonaws.com",
        source_arn: expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\./) as unknown,
      });
    expect(everything.all("aws_lambda_permission")).toHaveLength(2);
    expect(plain.all("aws_lambda_function").filter(({ address }) => address.includes("service-export"))).toEqual([]);
  });
});

describe("parameters", () => {
  const byName = (stack = everything) =>
    new Map(
      stack.all("aws_ssm_parameter").map((parameter) => [String(parameter["name"]).replace("/standfast/test-1/us-east-1/", ""), parameter]),
    );

  it("are one tree below the environment and its region", () => {
    for (const { name } of everything.all("aws_ssm_parameter")) expect(name).toMatch(/^\/standfast\/test-1\/us-east-1\//);
    expect([...byName().keys()].sort()).toEqual([
      "cache/configuration-endpoint",
      "cache/port",
      "cache/user",
      "database/cluster-identifier",
      "database/name",
      "database/port",
      "database/reader-endpoint",
      "database/secret-arn",
      "database/writer-endpoint",
      "flags/new-ledger",
      "sessions/expiry-attribute",
      "sessions/key-attribute",
      "sessions/store",
      "sessions/table",
      "storage/application-data-bucket",
      "storage/transaction-logs-bucket",
    ]);
    expect(byName().get("sessions/store")).toMatchObject({ value: "both" });
    expect(byName().get("flags/new-ledger")).toMatchObject({ value: "on", type: "String" });
  });

  it("encrypt where the secret is, and hold no secret", () => {
    expect(byName().get("database/secret-arn")).toMatchObject({ type: "SecureString", key_id: "${aws_kms_key.parameters-key_key.arn}" });
    for (const { value } of everything.all("aws_ssm_parameter")) expect(String(value)).not.toMatch(/password|secret_string/);
  });

  it("that a rewind changes are not changed back by Terraform; the others are", () => {
    const led = [...byName()].filter(([, { lifecycle }]) => lifecycle !== undefined);
    expect(led.map(([name]) => name).sort()).toEqual([
      "database/cluster-identifier",
      "database/reader-endpoint",
      "database/writer-endpoint",
    ]);
    for (const [, { lifecycle }] of led) expect(lifecycle).toEqual({ ignore_changes: ["value"] });
    expect([...byName(mysql).values()].filter(({ lifecycle }) => lifecycle !== undefined)).toEqual([]);
  });
});

describe("a number of tasks that follows the load", () => {
  it("is Terraform's to begin with, and then the load's", () => {
    expect(everything.only("aws_ecs_service")).toMatchObject({ desired_count: 6, lifecycle: { ignore_changes: ["desired_count"] } });
    expect(plain.only("aws_ecs_service")).not.toHaveProperty("lifecycle");
    const policies = everything
      .all("aws_appautoscaling_policy")
      .filter(({ service_namespace: service }) => String(service).includes("service_scaling_target"));
    expect(policies).toHaveLength(2);
    for (const policy of policies)
      expect(policy["target_tracking_scaling_policy_configuration"]).toMatchObject({ scale_out_cooldown: 60, scale_in_cooldown: 300 });
    expect(plain.all("aws_appautoscaling_policy")).toEqual([]);
  });
});

describe("a rewind", () => {
  it("is there wherever a database serves, and its ARN is an output", () => {
    const rewinds = (stack: Synthesized) => stack.all("aws_sfn_state_machine").filter(({ address }) => address.includes(".rewind_"));
    expect(rewinds(plain)).toHaveLength(1);
    expect(plain.json["output"]).toHaveProperty("rewind_runbook_arn");
    expect(rewinds(regionStack(twoRegions("pilot-light"), 1))).toEqual([]);
    expect(rewinds(oneRegion({ database: { rewind: false } }))).toEqual([]);
  });

  it("is told of when it fails without a word of its own, and may log what its key encrypts", () => {
    const ended = plain.all("aws_cloudwatch_event_rule").find(({ address }) => address.includes("rewind-ended"));
    expect(JSON.parse(String(ended?.["event_pattern"]))).toEqual({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: {
        stateMachineArn: ["arn:aws:states:us-east-1:123456789012:stateMachine:runbook-rewind-test-1"],
        status: ["FAILED", "TIMED_OUT", "ABORTED"],
      },
    });
    expect(statements(plain).find(({ Sid }) => Sid === "LogDelivery")).toMatchObject({
      address: "aws_kms_key.runbooks-key_key",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "kms:Decrypt",
    });
  });

  it("leads the tasks by parameters that Terraform leaves as they are, in every region", () => {
    for (const index of [0, 1])
      expect(
        regionStack({}, index)
          .all("aws_ssm_parameter")
          .find(({ name }) => String(name).endsWith("database/writer-endpoint")),
      ).toMatchObject({ lifecycle: { ignore_changes: ["value"] } });
  });
});

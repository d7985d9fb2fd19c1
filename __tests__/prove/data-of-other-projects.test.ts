import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import { Graph, type TerraformJson } from "../../prove/graph/graph";

const decide = (claim: string, ...stacks: readonly TerraformJson[]) => {
  const graphs = stacks.map((json, index) => new Graph(`stack-${index}`, json));
  const [found] = prove(
    graphs,
    CLAIMS.filter(({ id }) => id === claim),
  );
  return [found?.status, found?.because];
};

const ACCOUNT = { region: "eu-west-1", allowed_account_ids: ["123456789012"], default_tags: [{ tags: { backup: "yes" } }] };
const ROLE = {
  name: "backup",
  assume_role_policy: JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
  }),
  managed_policy_arns: ["arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"],
};

/** A database that AWS Backup finds by a tag, in one region. */
const tagged = (selection: Readonly<Record<string, unknown>>, rule: Readonly<Record<string, unknown>> = {}): TerraformJson => ({
  provider: { aws: [ACCOUNT] },
  resource: {
    aws_rds_cluster: { this: { cluster_identifier: "orders", engine: "aurora-mysql", backup_retention_period: 14 } },
    aws_backup_vault: { this: { name: "vault" } },
    aws_backup_plan: { this: { rule: [{ rule_name: "r", target_vault_name: "vault", schedule: "cron(0 */4 * * ? *)", ...rule }] } },
    aws_iam_role: { this: ROLE },
    aws_backup_selection: {
      this: { plan_id: "${aws_backup_plan.this.id}", iam_role_arn: "${aws_iam_role.this.arn}", ...selection },
    },
  },
});

describe("backups of another project", () => {
  it.each([
    [{ selection_tag: [{ type: "STRINGEQUALS", key: "backup", value: "yes" }] }],
    [{ resources: ["*"] }],
    [{ resources: ["arn:aws:rds:*:*:cluster:ord*"], condition: [{ string_like: [{ key: "aws:ResourceTag/backup", value: "y*" }] }] }],
    [{ resources: ["*"], condition: [{ string_not_equals: [{ key: "aws:ResourceTag/backup", value: "no" }] }] }],
  ])("are found by %j", (selection) => {
    expect(decide("B6", tagged(selection))[0]).toBe("proven");
  });

  it.each([
    [{ selection_tag: [{ type: "STRINGEQUALS", key: "backup", value: "no" }] }],
    [{ resources: ["arn:aws:rds:*:*:db:*"] }],
    [{ resources: ["*"], not_resources: ["arn:aws:rds:*:*:cluster:*"] }],
    [{ resources: ["*"], condition: [{ string_not_equals: [{ key: "aws:ResourceTag/backup", value: "yes" }] }] }],
    [{ resources: ["*"], condition: [{ string_not_like: [{ key: "aws:ResourceTag/backup", value: "*" }] }] }],
  ])("are not found by %j", (selection) => {
    expect(decide("B6", tagged(selection))[0]).toBe("refuted");
  });

  it("have the gap that the schedules leave", () => {
    expect(decide("B6", tagged({ resources: ["*"] }, { schedule: "cron(0 5 ? * SUN *)" }))).toEqual([
      "refuted",
      "aws_rds_cluster.this is not backed up for 168 hours at a time.",
    ]);
  });
});

describe("connections of another project", () => {
  const cluster = (engine: string, version: string, parameters: unknown, family = `${engine}${version.split(".")[0]}`): TerraformJson => ({
    resource: {
      aws_rds_cluster: {
        this: { engine, engine_version: version, db_cluster_parameter_group_name: "${aws_rds_cluster_parameter_group.this.name}" },
      },
      aws_rds_cluster_parameter_group: { this: { family, parameter: parameters } },
    },
  });

  it("are TLS only by the parameter of the engine, or by its default", () => {
    expect(decide("B8", cluster("aurora-postgresql", "16.4", [{ name: "rds.force_ssl", value: "1" }]))[0]).toBe("proven");
    expect(decide("B8", cluster("aurora-postgresql", "16.4", []))[0]).toBe("refuted");
    expect(decide("B8", cluster("aurora-postgresql", "17.4", []))[0]).toBe("proven");
    const mysql = [{ name: "require_secure_transport", value: "ON" }];
    expect(decide("B8", cluster("aurora-mysql", "8.0.mysql_aurora.3.08.0", mysql, "aurora-mysql8.0"))[0]).toBe("proven");
    expect(decide("B8", cluster("aurora-mysql", "8.0.mysql_aurora.3.08.0", [], "aurora-mysql8.0"))[0]).toBe("refuted");
    expect(decide("B8", { resource: { aws_rds_cluster: { this: { engine: "neptune" } } } })[0]).toBe("unknown");
  });
});

describe("a cache of another project", () => {
  const subnets = Object.fromEntries(
    ["a", "b"].map((zone) => [zone, { availability_zone: `eu-west-1${zone}`, cidr_block: `10.0.${zone === "a" ? 0 : 1}.0/24` }]),
  );
  const cache = (values: Readonly<Record<string, unknown>>): TerraformJson => ({
    resource: {
      aws_subnet: subnets,
      aws_elasticache_subnet_group: { this: { subnet_ids: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"] } },
      aws_elasticache_replication_group: {
        this: {
          subnet_group_name: "${aws_elasticache_subnet_group.this.name}",
          automatic_failover_enabled: true,
          multi_az_enabled: true,
          ...values,
        },
      },
    },
  });

  it("without cluster mode has nodes in two zones", () => {
    expect(decide("B9", cache({ num_cache_clusters: 2 }))[0]).toBe("proven");
    expect(decide("B9", cache({ num_cache_clusters: 1 }))[0]).toBe("refuted");
    expect(decide("B9", cache({ num_cache_clusters: 2, preferred_cache_cluster_azs: ["eu-west-1a", "eu-west-1a"] }))).toEqual([
      "refuted",
      "The loss of eu-west-1a takes all nodes of a shard of aws_elasticache_replication_group.this.",
    ]);
    expect(decide("B9", cache({ num_cache_clusters: 2, parameter_group_name: "default.redis7.cluster.on" }))[0]).toBe("refuted");
  });
});

describe("what another project does not have", () => {
  it("is read without a crash", () => {
    const odd: TerraformJson = {
      resource: {
        aws_rds_cluster: { this: {} },
        aws_rds_global_cluster: { this: {} },
        aws_backup_plan: { this: {} },
        aws_backup_selection: { this: { plan_id: "${aws_backup_plan.this.id}" } },
        aws_dynamodb_table: { this: {} },
        aws_dynamodb_table_replica: { this: {} },
        aws_elasticache_replication_group: { this: {} },
        aws_s3_bucket: { this: {} },
        aws_s3_bucket_replication_configuration: { this: {} },
        aws_secretsmanager_secret: { this: {} },
        aws_ecs_service: { this: {} },
        aws_ecs_task_definition: { this: {} },
        aws_cloudwatch_metric_alarm: { this: {} },
        aws_cloudwatch_event_target: { this: {} },
      },
    };
    const graphs = [new Graph("one", odd), new Graph("two", { ...odd, provider: { aws: [ACCOUNT] } })];
    expect(prove(graphs).filter(({ id }) => id.startsWith("B"))).toHaveLength(14);
  });
});

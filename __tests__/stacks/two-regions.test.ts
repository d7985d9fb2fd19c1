import { describe, expect, it } from "@jest/globals";
import { list, statements } from "../support/policies";
import { DATA } from "../support/config";
import { failoverStack, globalStack, regionStack, type Resource, type Synthesized } from "../support/synthesized";

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const primary = regionStack();
const standby = regionStack({}, 1);
const shared = globalStack();
const failover = failoverStack();

const regions = (kind: string, ...names: string[]) =>
  names.map((name, index) => ({
    name,
    availability_zones: ["a", "b", "c"].map((letter) => `${name}${letter}`),
    vpc_cidr: `10.${index}.0.0/16`,
    ...(index > 0 && { standby: kind }),
  }));

/** What asks for another region, or takes over from it: by its name, and by nothing else. */
const LOOKING_BEYOND = /canary|canaries_|region-takeover|backup-verification|dashboard_body/;

/** Every string in a stack that names a region, with where it stands, beside what looks beyond its own region. */
function mentions(stack: Synthesized, region: string): string[] {
  const walk = (value: unknown, path: string): string[] => {
    if (typeof value === "string") return value.includes(region) ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => walk(inner, `${path}.${key}`));
  };
  return stack
    .all()
    .flatMap((resource) => walk(resource, resource.address))
    .concat(walk(stack.json["data"], "data"), walk(stack.json["provider"], "provider"), walk(stack.json["terraform"], "terraform"))
    .filter((path) => !LOOKING_BEYOND.test(path));
}

describe("the standby region", () => {
  it("names the primary region only where it says whose copy it is", () => {
    expect(mentions(standby, PRIMARY)).toEqual(["aws_rds_cluster.aurora.source_region"]);
  });

  it("is known to the primary by the name of its vault alone, which no apply asks for", () => {
    expect(mentions(primary, STANDBY)).toEqual(["aws_backup_plan.backup_plan.rule.0.copy_action.0.destination_vault_arn"]);
  });

  it("reads no other stack's state", () => {
    for (const stack of [primary, standby, shared, failover]) expect(JSON.stringify(stack.json)).not.toContain("terraform_remote_state");
  });

  it("keeps its state in its own region", () => {
    expect(standby.json["terraform"]).toMatchObject({
      backend: { s3: { bucket: "standfast-state-123456789012-us-west-2", region: STANDBY, key: "standfast/test-1/us-west-2.tfstate" } },
    });
  });

  it("is the same platform: every address of the primary, zone by zone, but for what only a writer or a reader has", () => {
    const addresses = (stack: Synthesized, region: string, other: string) =>
      stack.all().map(({ address }) => address.replaceAll(region, "<region>").replaceAll(other, "<other>"));
    const here = addresses(standby, STANDBY, PRIMARY);
    const there = addresses(primary, PRIMARY, STANDBY);
    // The primary fills the vaults of both.
    expect(there.filter((address) => !here.includes(address) && !address.includes(".backup_")).sort()).toEqual([
      "aws_cloudwatch_metric_alarm.database_alarm-replica-lag-high",
    ]);
    expect(here.filter((address) => !there.includes(address))).toEqual([]);
  });

  const modes = { hot: [6, 3], warm: [3, 1], "pilot-light": [0, 0] } as const;
  it.each(Object.entries(modes))("keeps as much running as a %s standby says", (kind, [tasks, instances]) => {
    const stack = regionStack({ regions: regions(kind, PRIMARY, STANDBY) }, 1);
    expect(stack.only("aws_ecs_service")).toMatchObject({ desired_count: tasks });
    expect(stack.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: tasks, max_capacity: tasks });
    expect(stack.all("aws_rds_cluster_instance")).toHaveLength(instances);
    expect(
      stack
        .all("aws_cloudwatch_metric_alarm")
        .filter(({ metric_name: name }) => name === "RunningTaskCount" || name === "HealthyHostCount"),
      // Of all tasks, of all targets, and of the targets in each of three zones.
    ).toHaveLength(tasks > 0 ? 5 : 0);
  });
});

describe("the global database", () => {
  const clusterOf = (stack: Synthesized): Resource => stack.only("aws_rds_cluster");

  it("is one shell that each region's cluster joins by its name", () => {
    expect(shared.only("aws_rds_global_cluster")).toMatchObject({
      global_cluster_identifier: "global-database-test-1",
      engine: "aurora-postgresql",
      engine_version: "16.8",
      engine_lifecycle_support: "open-source-rds-extended-support-disabled",
      storage_encrypted: true,
      force_destroy: true,
      deletion_protection: false,
    });
    for (const stack of [primary, standby])
      expect(clusterOf(stack)).toMatchObject({
        global_cluster_identifier: "global-database-test-1",
        engine_version: "16.8",
        storage_encrypted: true,
      });
  });

  it("has clusters whose identifiers differ, each under a key of its own region", () => {
    expect([primary, standby].map((stack) => clusterOf(stack)["cluster_identifier"])).toEqual([
      "aurora-test-1-us-east-1",
      "aurora-test-1-us-west-2",
    ]);
    for (const stack of [primary, standby]) expect(clusterOf(stack)["kms_key_id"]).toBe("${aws_kms_key.database-key_key.arn}");
  });

  it("gets its password as a write-only value from a secret of its own; the secondary has none", () => {
    expect(clusterOf(primary)).toMatchObject({ master_password_wo_version: 1, master_username: "ledger_admin", database_name: "payments" });
    expect(clusterOf(primary)["master_password_wo"]).toBe(
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.database.secret_string)["password"]}',
    );
    for (const key of ["master_username", "master_password", "master_password_wo", "manage_master_user_password", "database_name"])
      expect(clusterOf(standby)).not.toHaveProperty(key);
    expect(clusterOf(primary)).not.toHaveProperty("manage_master_user_password");
  });

  it("is left alone by Terraform when a failover or an upgrade has changed the members' roles or versions", () => {
    for (const stack of [primary, standby])
      expect(clusterOf(stack)["lifecycle"]).toEqual({
        ignore_changes: [
          "global_cluster_identifier",
          "replication_source_identifier",
          "engine_version",
          // Each would replace the cluster, with its data, when somebody changes the order of the regions.
          "source_region",
          "database_name",
          "master_username",
        ],
      });
  });

  it("rings when a standby falls behind by more than the promise, in milliseconds and wherever the standby is", () => {
    const lagOf = (stack: Synthesized) =>
      stack.all("aws_cloudwatch_metric_alarm").filter((candidate) => candidate["metric_name"] === "AuroraGlobalDBReplicationLag");
    expect(lagOf(standby)).toMatchObject([
      { threshold: 300000, dimensions: { DBClusterIdentifier: "aurora-test-1-us-west-2" }, treat_missing_data: "breaching" },
    ]);
    // A primary reports no lag, until it has become the standby.
    expect(lagOf(primary)).toMatchObject([
      { threshold: 300000, dimensions: { DBClusterIdentifier: "aurora-test-1-us-east-1" }, treat_missing_data: "notBreaching" },
    ]);
  });

  it("does not exist for a single region, nor anything for it", () => {
    const alone = globalStack({ regions: regions("hot", PRIMARY), database: { rewind: false }, terraform_version: "1.10" });
    expect(alone.all("aws_rds_global_cluster")).toEqual([]);
    expect(alone.all("aws_secretsmanager_secret")).toEqual([]);
    expect(JSON.stringify(regionStack({ regions: regions("hot", PRIMARY) }).json)).not.toContain("global-database");
  });
});

describe("the database's secret", () => {
  it("is there for a single region too: a restored cluster must know the same password, and tasks keep the one they started with", () => {
    expect(globalStack({ regions: regions("hot", PRIMARY) }).only("aws_secretsmanager_secret")).toMatchObject({ replica: [] });
  });

  it("is drawn as an ephemeral value, and replicated under a key of each region", () => {
    expect(shared.only("aws_secretsmanager_secret")).toMatchObject({
      name: "secret-database-test-1",
      kms_key_id: "${aws_kms_key.secret-key-us-east-1_key.arn}",
      replica: [{ region: STANDBY, kms_key_id: "${aws_kms_key.secret-key-us-west-2_key.arn}" }],
      recovery_window_in_days: 0,
    });
    expect(shared.only("aws_secretsmanager_secret_version")).toMatchObject({
      secret_string_wo:
        '${jsonencode({ username = "ledger_admin", password = ephemeral.aws_secretsmanager_random_password.database.random_password })}',
      secret_string_wo_version: 1,
    });
    expect(shared.only("aws_secretsmanager_secret_version")).not.toHaveProperty("secret_string");
  });

  it("has its second key made in the standby region", () => {
    const providers = shared.all("aws_kms_key").map((key) => key["provider"]);
    expect(providers).toEqual(["aws", "aws.us-west-2"]);
  });

  it("may be read by the tasks of each region, with that region's key", () => {
    for (const stack of [primary, standby]) {
      const read = statements(stack).filter(({ Sid }) => Sid === "ReadDatabaseCredentials" || Sid === "DecryptDatabaseCredentials");
      expect(read.map(({ Resource }) => list(Resource)[0]).sort()).toEqual([
        "${data.aws_kms_alias.database_master-secret-key.target_key_arn}",
        "${data.aws_secretsmanager_secret.database_master-secret.arn}",
      ]);
    }
  });
});

describe("failover by DNS", () => {
  const records = (stack: Synthesized) =>
    stack
      .all("aws_route53_record")
      .map(
        (record) =>
          [
            record["name"],
            (record["failover_routing_policy"] as { type: string } | undefined)?.type,
            record["set_identifier"],
            record["ttl"],
            (record["records"] as string[] | undefined)?.[0],
            record["health_check_id"],
          ] as unknown[],
      )
      .sort();
  const health = (region: string): string => `\${aws_route53_health_check.dns_health-check-${region}.id}`;

  it("leads to the primary while it is well, and to the standby otherwise, 30 seconds later at most", () => {
    expect(records(failover)).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", STANDBY, 30, "us-west-2.pay.standfast.test", undefined],
    ]);
  });

  it("checks each region by its own name: HTTPS with SNI, every 10 seconds, lost after two failures", () => {
    const checks = failover.all("aws_route53_health_check");
    expect(checks.map((check) => check["fqdn"])).toEqual(["us-east-1.pay.standfast.test", "us-west-2.pay.standfast.test"]);
    for (const check of checks)
      expect(check).toMatchObject({
        type: "HTTPS",
        port: 443,
        resource_path: "/health",
        request_interval: 10,
        failure_threshold: 2,
        enable_sni: true,
      });
  });

  it("finds those names in each region's own stack, which serve certificates for them and for the shared name", () => {
    for (const [stack, region] of [
      [primary, PRIMARY],
      [standby, STANDBY],
    ] as const) {
      expect(stack.all("aws_route53_record").find(({ alias }) => alias)).toMatchObject({
        name: `${region}.pay.standfast.test`,
      });
      expect(stack.only("aws_acm_certificate")).toMatchObject({
        domain_name: `${region}.pay.standfast.test`,
        subject_alternative_names: ["pay.standfast.test"],
      });
    }
  });

  it("has the shared name proven once, where no region can take the proof along", () => {
    expect(shared.only("aws_acm_certificate")).toMatchObject({ domain_name: "pay.standfast.test" });
    for (const stack of [primary, standby]) {
      const proofs = stack.all("aws_route53_record").filter((record) => String(record["name"]).includes("domain_validation_options"));
      expect(proofs).toHaveLength(1);
    }
  });

  it("is watched in us-east-1, where Route 53 reports, whatever the regions are", () => {
    const europe = failoverStack({ regions: regions("hot", "eu-west-1", "eu-central-1") });
    const providers = (europe.json["provider"] as { aws: { region: string }[] }).aws;
    const [first, ...others] = providers.map(({ region }) => region);
    expect(first).toBe("us-east-1");
    // Where runbooks find the ids of the health checks.
    expect(others).toEqual(["eu-west-1", "eu-central-1"]);
    expect(europe.json["terraform"]).toMatchObject({
      backend: { s3: { bucket: "standfast-state-123456789012-eu-west-1", region: "eu-west-1" } },
    });
    expect(europe.all("aws_cloudwatch_metric_alarm").map((alarm) => [alarm["metric_name"], alarm["alarm_name"]])).toEqual([
      ["HealthCheckStatus", "alarm-region-down-eu-central-1-test-1"],
      ["HealthCheckStatus", "alarm-region-down-eu-west-1-test-1"],
    ]);
  });

  it("makes a chain of three regions", () => {
    const three = failoverStack({ regions: regions("hot", PRIMARY, STANDBY, "eu-west-1") });
    expect(records(three)).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "us-west-2-and-next", 30, "us-west-2.next.pay.standfast.test", undefined],
      ["us-west-2.next.pay.standfast.test", "PRIMARY", STANDBY, 30, "us-west-2.pay.standfast.test", health(STANDBY)],
      ["us-west-2.next.pay.standfast.test", "SECONDARY", "eu-west-1", 30, "eu-west-1.pay.standfast.test", undefined],
    ]);
  });

  it("is a plain record for one region, and leads to the fallback host where there is one", () => {
    expect(records(failoverStack({ regions: regions("hot", PRIMARY) }))).toEqual([
      ["pay.standfast.test", undefined, undefined, 30, "us-east-1.pay.standfast.test", undefined],
    ]);
    expect(records(failoverStack({ regions: regions("hot", PRIMARY), failover: { fallback_host: "sorry.bank.net" } }))).toEqual([
      ["pay.standfast.test", "PRIMARY", PRIMARY, 30, "us-east-1.pay.standfast.test", health(PRIMARY)],
      ["pay.standfast.test", "SECONDARY", "fallback", 30, "sorry.bank.net", undefined],
    ]);
  });

  it("lets the apex follow as an alias when asked for, with certificates that cover it", () => {
    const dns = { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE", apex: true };
    const apex = failoverStack({ dns })
      .all("aws_route53_record")
      .filter((record) => record["name"] === "standfast.test");
    expect(
      apex.map((record) => [
        record["type"],
        (record["failover_routing_policy"] as { type: string }).type,
        (record["alias"] as { name: string; evaluate_target_health: boolean }).name,
      ]),
    ).toEqual([
      ["A", "PRIMARY", "us-east-1.pay.standfast.test"],
      ["A", "SECONDARY", "us-west-2.pay.standfast.test"],
    ]);
    expect(regionStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      subject_alternative_names: ["pay.standfast.test", "standfast.test"],
    });
    expect(globalStack({ dns }).only("aws_acm_certificate")).toMatchObject({
      domain_name: "pay.standfast.test",
      subject_alternative_names: ["standfast.test"],
    });
  });
});

describe("the hosted zone", () => {
  it("is looked up, so that an id of another zone stops the plan", () => {
    const zone = (
      failover.json["data"] as {
        aws_route53_zone: Record<string, { zone_id: string; lifecycle: { postcondition: { error_message: string }[] } }>;
      }
    ).aws_route53_zone["zone_zone"];
    expect(zone?.zone_id).toBe("Z0123456789EXAMPLE");
    expect(zone?.lifecycle.postcondition[0]?.error_message).toContain("Z0123456789EXAMPLE is not the id of the zone standfast.test");
  });

  it("is made when asked for, and then found by its name", () => {
    const certificate = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/1`;
    const overrides = {
      dns: { zone_name: "bank.net", zone_id: undefined, create_zone: true },
      regions: regions("hot", PRIMARY, STANDBY).map((region) => ({ ...region, certificate_arn: certificate(region.name) })),
    };
    const made = globalStack(overrides);
    expect(made.only("aws_route53_zone")).toMatchObject({ name: "bank.net", force_destroy: true });
    expect(made.all("aws_acm_certificate")).toEqual([]);
    expect(failoverStack(overrides).json["data"]).toMatchObject({ aws_route53_zone: { zone_zone: { name: "bank.net" } } });
  });
});

describe("the data beside the database", () => {
  const [here, there] = [0, 1].map((index) => regionStack(DATA, index)) as [Synthesized, Synthesized];
  const joined = failoverStack(DATA);

  it("has its sessions in one table, and a replica in the standby region under that region's key", () => {
    expect(here.only("aws_dynamodb_table")).toMatchObject({
      name: "table-sessions-test-1",
      stream_enabled: true,
      stream_view_type: "NEW_AND_OLD_IMAGES",
      lifecycle: { ignore_changes: ["replica"] },
    });
    expect(there.all("aws_dynamodb_table")).toEqual([]);
    expect(joined.only("aws_dynamodb_table_replica")).toMatchObject({
      global_table_arn: "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      kms_key_arn: "${data.aws_kms_alias.sessions-us-west-2_key.target_key_arn}",
      point_in_time_recovery: true,
      provider: "aws.us-west-2",
    });
    const grants = [here, there].map((stack) => statements(stack).find(({ Sid }) => Sid === "UseSessions")?.Resource);
    expect(grants).toEqual([
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:dynamodb:us-west-2:123456789012:table/table-sessions-test-1",
    ]);
  });

  it("watches the sessions in both regions", () => {
    for (const stack of [here, there])
      expect(stack.all("aws_cloudwatch_metric_alarm").filter(({ namespace }) => namespace === "AWS/DynamoDB")).toHaveLength(6);
  });

  it("copies new objects of either region to the other, under the key of where they arrive", () => {
    const rules = joined.all("aws_s3_bucket_replication_configuration");
    expect(rules.map(({ bucket }) => bucket).sort()).toEqual(
      ["transaction-logs", "application-data"]
        .flatMap((what) => [PRIMARY, STANDBY].map((place) => `bucket-${what}-test-1-123456789012-${place}`))
        .sort(),
    );
    for (const rule of rules) {
      const to = String(rule["bucket"]).endsWith(PRIMARY) ? STANDBY : PRIMARY;
      expect(rule["rule"]).toMatchObject([
        {
          status: "Enabled",
          delete_marker_replication: { status: "Disabled" },
          source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
          destination: {
            bucket: `arn:aws:s3:::${String(rule["bucket"]).replace(/us-(east-1|west-2)$/, to)}`,
            encryption_configuration: { replica_kms_key_id: expect.stringContaining(`key-${to}.target_key_arn`) as unknown },
          },
        },
      ]);
    }
  });

  it("is backed up every six hours in the primary, with a copy in the standby's vault", () => {
    expect(here.only("aws_backup_plan")["rule"]).toEqual([
      {
        rule_name: "every-6-hours",
        schedule: "cron(0 0/6 * * ? *)",
        target_vault_name: "${aws_backup_vault.vault_vault.name}",
        start_window: 60,
        completion_window: 1440,
        lifecycle: { delete_after: 35 },
        copy_action: [
          {
            destination_vault_arn: "arn:aws:backup:us-west-2:123456789012:backup-vault:vault-test-1",
            lifecycle: { delete_after: 35 },
          },
        ],
      },
    ]);
    expect(here.only("aws_backup_selection")["resources"]).toEqual([
      "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
      "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
      "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
      "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
    ]);
    expect(there.only("aws_backup_vault")).toMatchObject({ name: "vault-test-1", force_destroy: true });
    expect(there.all("aws_backup_plan")).toEqual([]);
  });

  it("has a cache of its own in each region that runs, with fewer replicas in a warm one and none in a pilot light", () => {
    const cacheOf = (kind: string) =>
      regionStack({ ...DATA, regions: regions(kind, PRIMARY, STANDBY) }, 1)
        .all("aws_elasticache_replication_group")
        .map((group) => [group["replication_group_id"], group["replicas_per_node_group"]]);
    expect(cacheOf("hot")).toEqual([["cache-test-1-us-west-2", 2]]);
    expect(cacheOf("warm")).toEqual([["cache-test-1-us-west-2", 1]]);
    expect(cacheOf("pilot-light")).toEqual([]);
  });

  it("grows with the load in a warm standby, where it follows the load at all", () => {
    const targetOf = (tasks: unknown) =>
      regionStack({ service: { tasks }, regions: regions("warm", PRIMARY, STANDBY) }, 1).only("aws_appautoscaling_target");
    expect(targetOf({ min: 10, max: 50 })).toMatchObject({ min_capacity: 3, max_capacity: 50 });
    expect(targetOf(6)).toMatchObject({ min_capacity: 3, max_capacity: 3 });
  });

  it.each(["warm", "pilot-light"])("keeps the number of tasks that a takeover has given it, as a %s one, whatever is applied", (kind) => {
    const stack = regionStack({ regions: regions(kind, PRIMARY, STANDBY) }, 1);
    expect(stack.only("aws_appautoscaling_target")["lifecycle"]).toEqual({ ignore_changes: ["min_capacity", "max_capacity"] });
    expect(stack.only("aws_ecs_service")["lifecycle"]).toEqual({ ignore_changes: ["desired_count"] });
    const hot = regionStack({ regions: regions("hot", PRIMARY, STANDBY) }, 1);
    expect(hot.only("aws_appautoscaling_target")["lifecycle"]).toBeUndefined();
    expect(hot.only("aws_ecs_service")["lifecycle"]).toBeUndefined();
  });

  it("does not grow by the clock in a warm standby", () => {
    const schedule = [{ name: "opening", at: "cron(0 7 * * ? *)", min: 12, max: 50 }];
    const steps = (kind: string) =>
      regionStack({ service: { tasks: { min: 6, max: 50 }, scaling: { schedule } }, regions: regions(kind, PRIMARY, STANDBY) }, 1).all(
        "aws_appautoscaling_scheduled_action",
      );
    expect(steps("warm")).toEqual([]);
    expect(steps("hot")).toHaveLength(1);
  });
});

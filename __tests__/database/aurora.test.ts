import { describe, expect, it } from "@jest/globals";
import { MYSQL, ZONES } from "../support/config";
import { oneRegion, regionStack, type Synthesized, target } from "../support/synthesized";

const mysql = regionStack(MYSQL);
const region = oneRegion();

describe("the database", () => {
  const instances = region.all("aws_rds_cluster_instance");

  it("retains seven days of backups, and has its password in Secrets Manager", () => {
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

  it("is in the data tier only", () => {
    expect((region.only("aws_db_subnet_group")["subnet_ids"] as string[]).map(target)).toEqual(
      ZONES.map((zone) => `aws_subnet.network_data_${zone}`),
    );
    expect(instances.filter((instance) => instance["publicly_accessible"] !== false)).toEqual([]);
  });

  it("accepts only TLS connections, and has the parameters of its major version", () => {
    expect(region.only("aws_rds_cluster_parameter_group")).toMatchObject({
      family: "aurora-postgresql16",
      parameter: expect.arrayContaining([{ name: "rds.force_ssl", value: "1" }]),
    });
    expect(oneRegion({ database: { engine_version: "17.7" } }).only("aws_rds_cluster_parameter_group")).toMatchObject({
      family: "aurora-postgresql17",
    });
  });

  describe("ends what blocks other payments:", () => {
    const parametersOf = (stack: Synthesized): Record<string, string> =>
      Object.fromEntries(
        (stack.only("aws_rds_cluster_parameter_group")["parameter"] as { name: string; value: string }[]).map(({ name, value }) => [
          name,
          value,
        ]),
      );

    it("the session of a client that is lost, within a minute", () => {
      const { tcp_keepalives_idle: idle, tcp_keepalives_interval: interval, tcp_keepalives_count: count } = parametersOf(region);
      expect(Number(idle) + Number(interval) * Number(count)).toBe(60);
      expect(Object.keys(parametersOf(mysql)).filter((name) => name.startsWith("tcp_"))).toEqual([]);
    });

    it("a session with an open transaction and no statement for a minute, or as configured", () => {
      const timeoutOf = (stack: Synthesized) => parametersOf(stack)["idle_in_transaction_session_timeout"];
      expect(timeoutOf(region)).toBe("60000");
      expect(timeoutOf(oneRegion({ database: { idle_in_transaction_seconds: 5 } }))).toBe("5000");
      expect(timeoutOf(mysql)).toBeUndefined();
    });

    it("a statement that runs too long, if configured", () => {
      const limited = { database: { statement_timeout_seconds: 30 } };
      const timeoutsOf = (stack: Synthesized) =>
        Object.entries(parametersOf(stack)).filter(([name]) => ["statement_timeout", "max_execution_time"].includes(name));
      expect(timeoutsOf(region)).toEqual([]);
      expect(timeoutsOf(oneRegion(limited))).toEqual([["statement_timeout", "30000"]]);
      expect(timeoutsOf(mysql)).toEqual([]);
      expect(timeoutsOf(regionStack({ ...MYSQL, database: { ...MYSQL.database, ...limited.database } }))).toEqual([
        ["max_execution_time", "30000"],
      ]);
    });
  });

  it("has one writer and two readers, each pinned to its own zone, promoted in order", () => {
    expect(instances.map((instance) => instance["availability_zone"])).toEqual(ZONES);
    expect(instances.map((instance) => instance["promotion_tier"])).toEqual([0, 1, 2]);
  });

  it("places more instances in the zones in turn, each with its own name", () => {
    const four = oneRegion({ database: { readers: 4 } }).all("aws_rds_cluster_instance");
    const inOrder = [...four].sort((one, other) => Number(one["promotion_tier"]) - Number(other["promotion_tier"]));
    expect(inOrder.map((instance) => instance["availability_zone"])).toEqual([...ZONES, "us-east-1a", "us-east-1b"]);
    expect(new Set(four.map((instance) => instance["identifier"])).size).toBe(5);
  });

  it("is maintained after its cluster: the readers first, the place of the writer last", () => {
    expect(region.only("aws_rds_cluster")["preferred_maintenance_window"]).toBe("sun:05:00-sun:06:00");
    expect(instances.map((instance) => instance["preferred_maintenance_window"])).toEqual([
      "sun:07:00-sun:07:30",
      "sun:06:30-sun:07:00",
      "sun:06:00-sun:06:30",
    ]);
  });

  it("is maintained in a standby region on an earlier day than in the primary region", () => {
    const days = [0, 1].map((index) => {
      const stack = regionStack({}, index);
      const windows = [...stack.all("aws_rds_cluster"), ...stack.all("aws_rds_cluster_instance")].map((resource) =>
        String(resource["preferred_maintenance_window"]),
      );
      return [...new Set(windows.map((window) => window.slice(0, 3)))];
    });
    expect(days).toEqual([["sun"], ["sat"]]);
  });

  it("has Performance Insights and enhanced monitoring on every instance", () => {
    for (const instance of instances)
      expect(instance).toMatchObject({ performance_insights_enabled: true, monitoring_interval: 15, auto_minor_version_upgrade: false });
  });

  it("has fixed addresses in the state, independent of the names of the modules", () => {
    expect([region.only("aws_rds_cluster").address, ...instances.map(({ address }) => address)]).toEqual([
      "aws_rds_cluster.aurora",
      ...ZONES.map((zone) => `aws_rds_cluster_instance.aurora_${zone}`),
    ]);
  });
});

describe("instances of the database", () => {
  it("are promoted in the configured order", () => {
    const tiers = oneRegion({ database: { promotion_tiers: [2, 0, 1] } }).all("aws_rds_cluster_instance");
    expect(tiers.map(({ availability_zone: zone, promotion_tier: tier }) => [zone, tier])).toEqual([
      ["us-east-1a", 2],
      ["us-east-1b", 0],
      ["us-east-1c", 1],
    ]);
  });

  it("scale with the load if configured, each in capacity or together in number", () => {
    const stack = oneRegion({ database: { instance_class: "db.serverless", serverless: { min_acu: 0.5, max_acu: 32 } } });
    const scaled = oneRegion({ database: { reader_scaling: { max_readers: 9, cpu_percent: 50 } } });
    expect(stack.only("aws_rds_cluster")).toMatchObject({ serverlessv2_scaling_configuration: { min_capacity: 0.5, max_capacity: 32 } });
    expect(stack.all("aws_rds_cluster_instance").map(({ instance_class: name }) => name)).toEqual(Array(3).fill("db.serverless"));
    expect(scaled.all("aws_appautoscaling_target").find(({ service_namespace: service }) => service === "rds")).toMatchObject({
      scalable_dimension: "rds:cluster:ReadReplicaCount",
      min_capacity: 2,
      max_capacity: 9,
    });
  });
});

describe("the engine's lifecycle", () => {
  it("does not enter Extended Support unless it is configured", () => {
    expect(region.only("aws_rds_cluster")).toMatchObject({ engine_lifecycle_support: "open-source-rds-extended-support-disabled" });
    expect(oneRegion({ database: { extended_support: true } }).only("aws_rds_cluster")).toMatchObject({
      engine_lifecycle_support: "open-source-rds-extended-support",
    });
  });
});

describe("Aurora MySQL", () => {
  it("has the configured backtrack window, and requires TLS and an audit log", () => {
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

  it("goes to ALARM when the available backtrack window is shorter than configured", () => {
    expect(mysql.all("aws_cloudwatch_metric_alarm").find(({ metric_name: name }) => name === "BacktrackWindowAlert")).toMatchObject({
      dimensions: { DBClusterIdentifier: "aurora-test-1-us-east-1" },
      statistic: "Sum",
      threshold: 0,
      treat_missing_data: "notBreaching",
    });
    expect(region.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => String(name).startsWith("Backtrack"))).toEqual([]);
    expect(region.only("aws_rds_cluster")).not.toHaveProperty("backtrack_window");
  });

  it("rejects a plan that adds backtrack to a cluster without it, and accepts one that takes it away", () => {
    const lifecycleOf = (hours: number | undefined) =>
      regionStack({ ...MYSQL, database: { ...MYSQL.database, backtrack_hours: hours, proxy: false } }).only("aws_rds_cluster")[
        "lifecycle"
      ] as {
        readonly precondition?: readonly { readonly condition: string; readonly error_message: string }[];
      };
    const isGuard = ({ condition }: { readonly condition: string }) => condition.includes("first-backtrack");
    expect(lifecycleOf(24).precondition?.filter(isGuard)).toEqual([
      {
        condition: '${terraform_data.database_first-backtrack.output.value != "0"}',
        error_message: expect.stringContaining("RDS cannot enable it later. Remove backtrack_hours"),
      },
    ]);
    expect((lifecycleOf(undefined).precondition ?? []).filter(isGuard)).toEqual([]);
  });

  it("is reachable only through its proxy", () => {
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

  it("changes its instances in their windows, or at once and one after the other, the first to be promoted last", () => {
    const instances = (apply_immediately: boolean) =>
      oneRegion({ database: { apply_immediately } })
        .all("aws_rds_cluster_instance")
        .map((instance) => ({
          tier: instance["promotion_tier"],
          immediately: instance["apply_immediately"],
          after: (instance["depends_on"] as string[]).filter((address) => address.startsWith("aws_rds_cluster_instance.")),
        }))
        .sort((one, other) => Number(one.tier) - Number(other.tier));
    expect(instances(false)).toEqual([0, 1, 2].map((tier) => ({ tier, immediately: false, after: [] })));
    expect(instances(true)).toEqual([
      { tier: 0, immediately: true, after: ["aws_rds_cluster_instance.aurora_us-east-1b"] },
      { tier: 1, immediately: true, after: ["aws_rds_cluster_instance.aurora_us-east-1c"] },
      { tier: 2, immediately: true, after: [] },
    ]);
    // A password must not wait for a window.
    expect(oneRegion({}).only("aws_rds_cluster")).toMatchObject({ apply_immediately: true });
  });
});

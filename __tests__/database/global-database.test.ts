import { describe, expect, it } from "@jest/globals";
import { ONE_REGION } from "../support/config";
import { containers, globalStack, oneRegion, regionStack, type Resource, type Synthesized } from "../support/synthesized";

const primary = regionStack();
const standby = regionStack({}, 1);
const shared = globalStack();

describe("the global database", () => {
  const clusterOf = (stack: Synthesized): Resource => stack.only("aws_rds_cluster");

  it("is one global cluster that the cluster of each region joins by name", () => {
    expect(shared.only("aws_rds_global_cluster")).toMatchObject({
      global_cluster_identifier: "global-database-test-1",
      engine_lifecycle_support: "open-source-rds-extended-support-disabled",
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

  it("is created from the cluster of the primary region if that exists, and otherwise empty with the configured engine", () => {
    const found = "data.aws_rds_clusters.database_primary-cluster";
    expect(shared.json["data"]).toMatchObject({
      aws_rds_clusters: { "database_primary-cluster": { filter: [{ name: "db-cluster-id", values: ["aurora-test-1-us-east-1"] }] } },
    });
    const global = shared.only("aws_rds_global_cluster");
    expect(global).toMatchObject({
      source_db_cluster_identifier: `\${one(tolist(${found}.cluster_arns))}`,
      engine: `\${length(${found}.cluster_arns) == 0 ? "aurora-postgresql" : null}`,
      database_name: `\${length(${found}.cluster_arns) == 0 ? "payments" : null}`,
      storage_encrypted: `\${length(${found}.cluster_arns) == 0 ? true : null}`,
      // Another version than that of the existing cluster is an upgrade of all members.
      engine_version: '${contains(data.aws_rds_cluster.database_primary-version[*].engine_version, "16.8") ? null : "16.8"}',
    });
    expect(global["lifecycle"]).toMatchObject({
      ignore_changes: ["source_db_cluster_identifier", "engine", "database_name", "storage_encrypted"],
    });
  });

  it("is rejected while the cluster of the primary region exists outside of it, with the commands that correct this", () => {
    const [condition] = (shared.only("aws_rds_global_cluster")["lifecycle"] as { postcondition: Record<string, string>[] }).postcondition;
    expect(condition?.["condition"]).toBe(
      "${alltrue([for arn in data.aws_rds_clusters.database_primary-cluster.cluster_arns : contains([for member in self.global_cluster_members : member.db_cluster_arn], arn)])}",
    );
    expect(condition?.["error_message"]).toBe(
      "The cluster aurora-test-1-us-east-1 exists and is not a member of the global database global-database-test-1. An existing cluster becomes a member only when the global database is created from it; until then, the first cluster of another region would become its writer, without data. Remove the other members with aws rds remove-from-global-cluster, delete the global database with aws rds delete-global-cluster --global-cluster-identifier global-database-test-1, and apply the stack global again before any other stack.",
    );
  });

  it("has clusters with different identifiers, each encrypted with a key of its region", () => {
    expect([primary, standby].map((stack) => clusterOf(stack)["cluster_identifier"])).toEqual([
      "aurora-test-1-us-east-1",
      "aurora-test-1-us-west-2",
    ]);
    for (const stack of [primary, standby]) expect(clusterOf(stack)["kms_key_id"]).toBe("${aws_kms_key.database-key_key.arn}");
  });

  it("gets its password as a write-only value from its secret; the secondary has none", () => {
    expect(clusterOf(primary)).toMatchObject({ master_password_wo_version: 1, master_username: "ledger_admin", database_name: "payments" });
    expect(clusterOf(primary)["master_password_wo"]).toBe(
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.database.secret_string)["password"]}',
    );
    for (const key of ["master_username", "master_password", "master_password_wo", "manage_master_user_password", "database_name"])
      expect(clusterOf(standby)).not.toHaveProperty(key);
    expect(clusterOf(primary)).not.toHaveProperty("manage_master_user_password");
  });

  it("is not changed by Terraform after a failover or an upgrade has changed the roles or versions of its members", () => {
    for (const stack of [primary, standby])
      expect(clusterOf(stack)["lifecycle"]).toMatchObject({
        ignore_changes: [
          "global_cluster_identifier",
          "replication_source_identifier",
          "engine_version",
          // Each would replace the cluster, with its data, when the order of the regions changes.
          "source_region",
          "database_name",
          "master_username",
          "engine_lifecycle_support",
        ],
      });
  });

  it("has one writer endpoint, in a parameter of each region that a rewind may change and a new global database renews", () => {
    const parameters = shared.all("aws_ssm_parameter");
    expect(parameters.map(({ address, provider }) => [address, provider])).toEqual([
      ["aws_ssm_parameter.database_writer-endpoint-us-east-1", "aws"],
      ["aws_ssm_parameter.database_writer-endpoint-us-west-2", "aws.us-west-2"],
    ]);
    for (const parameter of parameters)
      expect(parameter).toMatchObject({
        type: "String",
        value: "${aws_rds_global_cluster.aurora.endpoint}",
        lifecycle: { ignore_changes: ["value"], replace_triggered_by: ["terraform_data.database_endpoint"] },
      });
    expect(shared.only("terraform_data")["input"]).toEqual({ endpoint: "${aws_rds_global_cluster.aurora.endpoint}" });
    expect(shared.json["output"]).toMatchObject({ database_writer_endpoint: { value: "${aws_rds_global_cluster.aurora.endpoint}" } });
    expect(globalStack(ONE_REGION).all("aws_ssm_parameter")).toEqual([]);
  });

  it("is the writer of the tasks in every region, which read its endpoint by name", () => {
    for (const [index, name] of ["us-east-1", "us-west-2"].entries()) {
      const stack = regionStack({}, index);
      expect(containers(stack)).toContain(
        `"name" = "DATABASE_WRITER_HOST", "valueFrom" = "arn:aws:ssm:${name}:123456789012:parameter/standfast/test-1/${name}/database/global-writer-endpoint"`,
      );
      expect(stack.all("aws_ssm_parameter").filter((parameter) => String(parameter["name"]).endsWith("writer-endpoint"))).toEqual([]);
      expect(stack.json["output"]).not.toHaveProperty("database_writer_endpoint");
    }
    expect(oneRegion().json["output"]).toMatchObject({ database_writer_endpoint: { value: "${aws_rds_cluster.aurora.endpoint}" } });
  });

  it("blocks commits above the configured lag in the first region only, and by default in none", () => {
    const limits = (stack: Synthesized) =>
      (stack.only("aws_rds_cluster_parameter_group")["parameter"] as { name: string; value: string }[])
        .filter(({ name }) => name === "rds.global_db_rpo")
        .map(({ value }) => value);
    const limited = { database: { global_rpo_seconds: 60 } };
    expect([regionStack(limited), regionStack(limited, 1), primary].map(limits)).toEqual([["60"], [], []]);
  });

  it("goes to ALARM when a standby is behind by more than the recovery point objective, in milliseconds and in every region", () => {
    const lagOf = (stack: Synthesized) =>
      stack.all("aws_cloudwatch_metric_alarm").filter((candidate) => candidate["metric_name"] === "AuroraGlobalDBReplicationLag");
    expect(lagOf(standby)).toMatchObject([
      { threshold: 60000, dimensions: { DBClusterIdentifier: "aurora-test-1-us-west-2" }, treat_missing_data: "notBreaching" },
    ]);
    // A primary reports no lag until it has become the standby.
    expect(lagOf(primary)).toMatchObject([
      { threshold: 60000, dimensions: { DBClusterIdentifier: "aurora-test-1-us-east-1" }, treat_missing_data: "notBreaching" },
    ]);
  });

  it("does not exist for a single region, nor does any resource for it", () => {
    const alone = globalStack({ ...ONE_REGION, database: { rewind: false }, terraform_version: "1.10" });
    expect(alone.all("aws_rds_global_cluster")).toEqual([]);
    expect(alone.all("aws_secretsmanager_secret")).toEqual([]);
    // The runbook pages describe every topology.
    const resources = oneRegion()
      .all()
      .filter(({ resourceType }) => resourceType !== "aws_ssm_document");
    expect(JSON.stringify(resources)).not.toContain("global-database");
  });
});

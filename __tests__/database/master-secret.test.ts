import { describe, expect, it } from "@jest/globals";
import { ONE_REGION } from "../support/config";
import { list, statements } from "../support/policies";
import { globalStack, oneRegion, regionStack } from "../support/synthesized";

interface Condition {
  readonly condition: string;
  readonly error_message: string;
}

const STANDBY = "us-west-2";
const plain = oneRegion();
const primary = regionStack();
const standby = regionStack({}, 1);
const shared = globalStack();

describe("the database's password", () => {
  it("changes with its version, and the tasks are replaced with it", () => {
    const raised = oneRegion({ database: { password_version: 2 } });
    expect(raised.only("aws_rds_cluster")).toMatchObject({ master_password_wo_version: 2 });
    const labels = (stack: typeof plain) =>
      /"dockerLabels" = (\{.*?\})/.exec(String(stack.only("aws_ecs_task_definition")["container_definitions"]))?.[1];
    expect(labels(raised)).not.toEqual(labels(plain));
  });

  it("is not changed while the cluster of another region is the writer, unless the secret has this version already", () => {
    const raised = globalStack({ database: { password_version: 2 } });
    expect(raised.json["data"]).toMatchObject({
      aws_secretsmanager_secrets: {
        "database-secret_swap-guard_secrets": {
          filter: [
            { name: "name", values: ["secret-database-test-1"] },
            // Without the full stop, it would match version 20, too.
            { name: "tag-value", values: ["password_version=2."] },
          ],
        },
      },
    });
    expect(raised.only("aws_secretsmanager_secret")["tags"]).toEqual({ PasswordVersion: "password_version=2." });
    expect(raised.only("aws_secretsmanager_secret_version")["lifecycle"]).toEqual({
      precondition: [
        {
          condition:
            '${contains(data.aws_secretsmanager_secrets.database-secret_swap-guard_secrets.names, "secret-database-test-1") || alltrue([for member in aws_rds_global_cluster.aurora.global_cluster_members : !member.is_writer || endswith(member.db_cluster_arn, ":cluster:aurora-test-1-us-east-1")])}',
          error_message:
            "database.password_version = 2 is a new password, and the cluster aurora-test-1-us-east-1 is not the writer of the global database. An apply would change the secret and not the password of the database, and new tasks could not connect. Switch the roles back with the runbook region-takeover of us-east-1, then apply. Until then, set database.password_version to its previous value.",
        },
      ],
    });
    expect(globalStack(ONE_REGION).only("aws_secretsmanager_secret_version")).not.toHaveProperty("lifecycle");
  });

  it("reaches the cluster only after the stack global has written it to the secret, and a first plan of both passes", () => {
    for (const stack of [plain, primary]) {
      // The pending change of the version defers the lookup, and so the condition, to the apply.
      expect(stack.resource("terraform_data.database_secret-guard_version")).toMatchObject({ input: { password_version: 1 } });
      expect(stack.json["data"]).toMatchObject({
        aws_secretsmanager_secret: {
          "database_secret-guard_secret": { name: "secret-database-test-1", depends_on: ["terraform_data.database_secret-guard_version"] },
        },
      });
      expect(stack.only("aws_rds_cluster")["lifecycle"]).toMatchObject({
        precondition: [
          {
            condition:
              '${lookup(data.aws_secretsmanager_secret.database_secret-guard_secret.tags, "PasswordVersion", "") == "password_version=1."}',
            error_message:
              "The secret secret-database-test-1 does not contain the password of database.password_version = 1. Apply the stack global first, then plan this stack again.",
          },
        ],
      });
    }
    expect(standby.only("aws_rds_cluster")["lifecycle"]).not.toHaveProperty("precondition");
    expect(standby.all("terraform_data").filter(({ address }) => address.includes("secret-guard"))).toEqual([]);
  });

  it("is managed by RDS where Terraform does not support write-only arguments", () => {
    const managed = oneRegion({ database: { rewind: false }, terraform_version: "1.10" });
    expect(managed.only("aws_rds_cluster")).toMatchObject({
      manage_master_user_password: true,
      master_user_secret_kms_key_id: "${aws_kms_key.database-key_key.arn}",
    });
    expect(String(managed.only("aws_ecs_task_definition")["container_definitions"])).toContain(
      '"valueFrom" = "${aws_rds_cluster.aurora.master_user_secret[0].secret_arn}:password::"',
    );
  });
});

describe("the database's secret", () => {
  it("exists for a single region, too: a restored cluster needs the same password, and tasks keep the one that they started with", () => {
    expect(globalStack(ONE_REGION).only("aws_secretsmanager_secret")).toMatchObject({ replica: [] });
  });

  it("of a single region stops the plan while it has a replica, because the provider does not remove the last one", () => {
    const [condition] = (globalStack(ONE_REGION).only("aws_secretsmanager_secret")["lifecycle"] as { postcondition: Condition[] })
      .postcondition;
    expect(condition?.condition).toBe("${length(self.replica) == 0}");
    expect(condition?.error_message).toContain(
      "aws secretsmanager remove-regions-from-replication --region us-east-1 --secret-id secret-database-test-1 ",
    );
    expect(shared.only("aws_secretsmanager_secret")).not.toHaveProperty("lifecycle");
  });

  it("is generated as an ephemeral value, and replicated under a key of each region", () => {
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

  it("has its second key in the standby region", () => {
    const providers = shared.all("aws_kms_key").map((key) => key["provider"]);
    expect(providers).toEqual(["aws", "aws.us-west-2"]);
  });

  it("may be read by the tasks and the rewind of each region, with that region's key", () => {
    for (const stack of [primary, standby]) {
      const read = statements(stack).filter(({ Sid }) => Sid === "ReadDatabaseCredentials" || Sid === "DecryptDatabaseCredentials");
      expect(read.map(({ address, Resource }) => [address.split(".")[1], list(Resource)[0]])).toEqual(
        ["rewind_password-function_role_permissions", "service_execution-role_permissions"].flatMap((role) => [
          [role, "${data.aws_secretsmanager_secret.database_master-secret.arn}"],
          [role, "${data.aws_kms_alias.database_master-secret-key.target_key_arn}"],
        ]),
      );
    }
  });
});

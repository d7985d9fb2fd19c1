import { describe, expect, it } from "@jest/globals";
import { MYSQL, twoRegions } from "../../support/config";
import { permissionsOf, statements } from "../../support/policies";
import { globalStack, oneRegion, regionStack, type Synthesized } from "../../support/synthesized";

const plain = oneRegion();

describe("a rewind", () => {
  it("exists in every region whose database has instances, and its ARN is an output", () => {
    const rewinds = (stack: Synthesized) => stack.all("aws_sfn_state_machine").filter(({ address }) => address.includes(".rewind_"));
    expect(rewinds(plain)).toHaveLength(1);
    expect(plain.json["output"]).toHaveProperty("rewind_runbook_arn");
    expect(rewinds(regionStack(twoRegions("pilot-light"), 1))).toEqual([]);
    expect(rewinds(oneRegion({ database: { rewind: false } }))).toEqual([]);
  });

  it("notifies on-call when it fails without its own message, and its key allows log delivery", () => {
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

  it.each([
    ["by restore", plain, "aurora-rewind-test-1-us-east-1-*"],
    ["by backtrack", oneRegion(MYSQL), "aurora-test-1-us-east-1"],
  ])("%s may set the password of its cluster to that of the one secret, and of no other", (_, stack, cluster) => {
    const own = permissionsOf(stack, "rewind_password-function_role").filter((permission) => /^(rds|secretsmanager|kms):/.test(permission));
    expect(own.sort()).toEqual(
      [
        // Of its environment, and of the secret.
        "kms:Decrypt on ${aws_kms_key.runbooks-key_key.arn}",
        "kms:Decrypt on ${data.aws_kms_alias.database_master-secret-key.target_key_arn}",
        `rds:ModifyDBCluster on arn:aws:rds:us-east-1:123456789012:cluster:${cluster}`,
        "secretsmanager:GetSecretValue on ${data.aws_secretsmanager_secret.database_master-secret.arn}",
      ].sort(),
    );
    const decrypt = statements(stack).find(
      ({ address, Sid }) => address.includes("rewind_password") && Sid === "DecryptDatabaseCredentials",
    );
    expect(decrypt?.Condition).toEqual({ StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } });
    expect(permissionsOf(stack, "rewind_runbook_role").filter((permission) => permission.startsWith("secretsmanager:"))).toEqual([]);
  });

  it("switches the tasks with parameters that Terraform does not change, in every region", () => {
    for (const [index, region] of ["us-east-1", "us-west-2"].entries()) {
      const path = `/standfast/test-1/${region}/database`;
      const parameters = [globalStack(), regionStack({}, index)].flatMap((stack) => stack.all("aws_ssm_parameter"));
      const { definition } = regionStack({}, index).resource("aws_sfn_state_machine.rewind_runbook_machine");
      for (const name of ["cluster-identifier", "global-writer-endpoint", "reader-endpoint"]) {
        expect(definition).toContain(`${path}/${name}`);
        expect(parameters.find((parameter) => parameter["name"] === `${path}/${name}`)).toMatchObject({
          lifecycle: { ignore_changes: ["value"] },
        });
      }
    }
  });
});

import { describe, expect, it } from "@jest/globals";
import { twoRegions } from "../../support/config";
import { statements } from "../../support/policies";
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

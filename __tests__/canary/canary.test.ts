import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { permissionsOf } from "../support/policies";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

describe("canaries", () => {
  const targetUrls = (stack: Synthesized): unknown[] =>
    stack
      .all("aws_synthetics_canary")
      .map(({ run_config: config }) => (config as { environment_variables: { TARGET_URL: string } }).environment_variables.TARGET_URL);

  it("request the public name and the other region, from each of two regions", () => {
    expect(targetUrls(regionStack())).toEqual(["https://pay.standfast.test/health", "https://us-west-2.pay.standfast.test/health"]);
    expect(targetUrls(regionStack({}, 1))).toEqual(["https://pay.standfast.test/health", "https://us-east-1.pay.standfast.test/health"]);
  });

  it("of a single region request that region, because there is no other", () => {
    expect(targetUrls(oneRegion({}))).toEqual(["https://pay.standfast.test/health", "https://us-east-1.pay.standfast.test/health"]);
  });

  it("run, encrypt their results, are outside the VPC, and leave neither function nor log behind", () => {
    expect(everything.all("aws_synthetics_canary")).toHaveLength(2);
    for (const canary of everything.all("aws_synthetics_canary")) {
      expect(canary).toMatchObject({
        start_canary: true,
        delete_lambda: true,
        artifact_config: { s3_encryption: { encryption_mode: "SSE_KMS", kms_key_arn: "${aws_kms_key.canaries-key_key.arn}" } },
        schedule: { expression: "rate(1 minute)" },
      });
      expect(canary).not.toHaveProperty("vpc_config");
    }
    // A log group that Lambda created would never expire.
    const actions = everything
      .all("aws_synthetics_canary")
      .flatMap(({ address }) => permissionsOf(everything, `${address.split(".")[1]?.replace(/_canary$/, "") ?? ""}_role`));
    expect(actions.filter((allowed) => allowed.startsWith("logs:")).length).toBeGreaterThan(0);
    expect(actions.filter((allowed) => allowed.startsWith("logs:CreateLogGroup"))).toEqual([]);
  });

  it("go to ALARM when a run fails or is missing; the period is the interval between runs", () => {
    const slow = oneRegion({ canaries: { every_minutes: 5 } });
    for (const [stack, period] of [
      [everything, 60],
      [slow, 300],
    ] as const) {
      const alarms = stack.all("aws_cloudwatch_metric_alarm").filter(({ metric_name: name }) => name === "SuccessPercent");
      expect(alarms).toHaveLength(2);
      for (const alarm of alarms)
        expect(alarm).toMatchObject({ period, threshold: 100, comparison_operator: "LessThanThreshold", treat_missing_data: "breaching" });
    }
  });
});

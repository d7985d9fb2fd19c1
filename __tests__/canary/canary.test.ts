import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { permissionsOf } from "../support/policies";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

describe("canaries", () => {
  interface Variables {
    readonly TARGET_URL: string;
    readonly WRITES: string;
  }
  const variables = (stack: Synthesized): Variables[] =>
    stack
      .all("aws_synthetics_canary")
      .map(({ run_config: config }) => (config as { environment_variables: Variables }).environment_variables);
  const targetUrls = (stack: Synthesized): string[] => variables(stack).map(({ TARGET_URL: url }) => url);
  const PUBLIC = "https://pay.standfast.test/health/deep";

  it("request the deep path of the public name and of the other region, from each of two regions", () => {
    expect(targetUrls(regionStack())).toEqual([PUBLIC, "https://us-west-2.pay.standfast.test/health/deep"]);
    expect(targetUrls(regionStack({}, 1))).toEqual([PUBLIC, "https://us-east-1.pay.standfast.test/health/deep"]);
  });

  it("of a single region request that region, because there is no other", () => {
    expect(targetUrls(oneRegion({}))).toEqual([PUBLIC, "https://us-east-1.pay.standfast.test/health/deep"]);
  });

  it("write and read back by the public name only, and only with a path for it", () => {
    const write = { canaries: { write_path: "/health/payments" } };
    for (const stack of [oneRegion(write), regionStack(write), regionStack(write, 1)]) {
      expect(variables(stack).filter(({ WRITES: writes }) => writes === "true")).toMatchObject([
        { TARGET_URL: "https://pay.standfast.test/health/payments" },
      ]);
      expect(stack.all("aws_synthetics_canary")).toHaveLength(3);
      const composite = stack.all("aws_cloudwatch_composite_alarm").find(({ address }) => address.includes("canar"));
      expect(composite?.["alarm_rule"]).toContain("canary-write");
    }
    for (const stack of [oneRegion({}), regionStack()])
      expect(variables(stack).every(({ WRITES: writes }) => writes === "false")).toBe(true);
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

import { describe, expect, it } from "@jest/globals";
import { aConfig } from "../../support/config";
import { CONFIGURATIONS } from "../../support/configurations";
import { list, statements, withSid } from "../../support/policies";
import { globalStack, regionStack, type Resource, type Synthesized, target } from "../../support/synthesized";

const FUNCTION = "aws_lambda_function.key-check_function_function";

/** Every region of every configuration. */
const REGIONS = Object.entries(CONFIGURATIONS).flatMap(([name, overrides]) =>
  aConfig(overrides).regions.map(({ name: region }, index) => ({
    title: `${name}, ${region}`,
    region,
    stack: regionStack(overrides, index),
    shared: globalStack(overrides),
  })),
);

/** The keys that the function checks, by alias. */
function checkedKeys(stack: Synthesized): Readonly<Record<string, string>> {
  const { variables } = stack.resource(FUNCTION)["environment"] as { readonly variables: Readonly<Record<string, string>> };
  return JSON.parse(variables["KEYS"] ?? "") as Readonly<Record<string, string>>;
}

/** The keys that a stack creates, by alias. */
function createdKeys(stack: Synthesized): Readonly<Record<string, string>> {
  const aliases = stack.all("aws_kms_alias").map(({ name, target_key_id: key }) => [String(name), `\${${target(key)}.arn}`]);
  return Object.fromEntries(aliases) as Readonly<Record<string, string>>;
}

/** The key of the database secret that the stack `global` creates in a region, as the region's stack looks it up. */
function secretKey(stack: Synthesized, shared: Synthesized, region: string): Readonly<Record<string, string>> {
  const isOfRegion = ({ address }: Resource): boolean => address === `aws_kms_alias.secret-key-${region}_alias`;
  const aliases = shared.all("aws_kms_alias").filter(isOfRegion);
  const lookups = stack.json["data"] as Readonly<Record<string, Readonly<Record<string, { readonly name: string }>>>>;
  return Object.fromEntries(
    aliases.map(({ name }) => {
      const [id] = Object.entries(lookups["aws_kms_alias"] ?? {}).find(([, lookup]) => lookup.name === name) ?? [];
      return [String(name), `\${data.aws_kms_alias.${String(id)}.target_key_arn}`];
    }),
  );
}

describe.each(REGIONS)("the check of the keys of $title", ({ stack, shared, region }) => {
  const expected = { ...createdKeys(stack), ...secretKey(stack, shared, region) };

  it("reads every key of the region, and no other", () => {
    const keys = stack.all("aws_kms_key").map(({ address }) => `\${${address}.arn}`);
    expect(Object.values(createdKeys(stack)).sort()).toEqual(keys.sort());
    expect(checkedKeys(stack)).toEqual(expected);
  });

  it("may describe exactly these keys, whose policies leave it to IAM", () => {
    const own = statements(stack).filter(({ address }) => address === "aws_iam_role_policy.key-check_function_role_permissions");
    const describing = own.filter(({ Action }) => list(Action).includes("kms:DescribeKey"));
    expect(describing).toHaveLength(1);
    expect([...list(describing[0]?.Resource)].sort()).toEqual(Object.values(expected).sort());
    const others = own.flatMap(({ Action }) => list(Action)).filter((action) => action.startsWith("kms:") && action !== "kms:DescribeKey");
    expect(others).toEqual(["kms:Decrypt"]);
    for (const { address } of stack.all("aws_kms_key")) {
      const policy = statements(stack).filter((statement) => statement.address === address);
      expect(withSid(policy, "EnableIamPolicies")).toMatchObject({ Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" } });
    }
  });

  it("fits into the environment of a function, which is at most 4 KB", () => {
    const arn = `arn:aws:kms:${region}:123456789012:key/01234567-89ab-cdef-0123-456789abcdef`;
    const longest = Object.keys(expected).map((alias) => [alias.replace("test-1", "a-very-long-suffix-0"), arn]);
    expect(JSON.stringify(Object.fromEntries(longest)).length).toBeLessThan(3500);
  });

  it("runs every five minutes, and its alarm tolerates one missing run and no more", () => {
    const rule = stack.resource("aws_cloudwatch_event_rule.key-check_schedule");
    expect(rule["schedule_expression"]).toBe("rate(5 minutes)");
    const alarm = stack.resource("aws_cloudwatch_metric_alarm.key-check_alarm-keys-unusable");
    expect(alarm).toMatchObject({
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      statistic: "Maximum",
      evaluation_periods: 1,
      treat_missing_data: "breaching",
      dimensions: { EnvironmentSuffix: "test-1" },
      tags: { Severity: "critical" },
    });
    const minutes = Number(alarm["period"]) / 60;
    expect(minutes).toBeGreaterThan(2 * 5);
    expect(minutes).toBeLessThanOrEqual(3 * 5);
  });

  it("notifies on-call by a composite alarm that nothing suppresses", () => {
    const composite = stack.resource("aws_cloudwatch_composite_alarm.key-check_composite-alarm");
    expect(composite).toMatchObject({
      alarm_name: "composite-keys-test-1",
      alarm_rule: 'ALARM("alarm-keys-unusable-test-1")',
      alarm_actions: ["${aws_sns_topic.alerts_topic.arn}"],
    });
    expect(composite).not.toHaveProperty("actions_suppressor");
  });
});

it("some configurations have a secret with a key of the stack global, and some have none", () => {
  const withSecretKey = REGIONS.filter(({ stack, shared, region }) => Object.keys(secretKey(stack, shared, region)).length > 0);
  expect(withSecretKey.length).toBeGreaterThan(0);
  expect(withSecretKey.length).toBeLessThan(REGIONS.length);
});

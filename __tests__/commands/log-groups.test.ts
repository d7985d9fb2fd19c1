import { CloudWatchLogsClient, DescribeLogGroupsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { findUntaggedLogGroups, logGroupSearches } from "../../commands/log-groups";
import { Names } from "../../config/naming";
import { EVERYTHING } from "../support/config";
import { regionStack } from "../support/synthesized";

const REGION = "us-east-1";
const ACCOUNT = "123456789012";
const NONE = { logGroups: [], canaries: [] };
const UUID = "0f6b1c1e-0000-4000-8000-123456789abc";

const isFound = (
  suffix: string,
  name: string,
  synthesized: { logGroups: readonly string[]; canaries: readonly string[] } = NONE,
): boolean =>
  logGroupSearches(new Names(suffix, REGION, ACCOUNT), synthesized).some(({ prefix, matches }) => name.startsWith(prefix) && matches(name));

describe("log groups that AWS services create again", () => {
  it.each([
    "/aws/rds/cluster/aurora-4-us-east-1/postgresql",
    "/aws/rds/proxy/proxy-4",
    "/aws/ecs/containerinsights/ecs-4/performance",
    "/aws/elasticache/cache-4-us-east-1/slow-log",
    "/standfast/4/us-east-1/flow-logs",
    "aws-waf-logs-waf-4",
  ])("are found by name, also without a synth: %s", (name) => {
    expect(isFound("4", name)).toBe(true);
    // The suffix of each other environment contains the suffix, at its end or at its start.
    for (const other of ["pr-4", "4-eu", "44"]) expect(isFound(other, name)).toBe(false);
    for (const other of ["pr-4", "4-eu", "44"]) expect(isFound("4", name.replace("4", other))).toBe(false);
  });

  it("of functions and state machines are found only by the names in the last synth", () => {
    const names = ["/aws/lambda/function-service-export-4", "/aws/vendedlogs/states/runbook-rewind-4"];
    for (const name of names) {
      expect(isFound("4", name)).toBe(false);
      expect(isFound("4", name, { logGroups: names, canaries: [] })).toBe(true);
      expect(isFound("4", name.replace("-4", "-pr-4"), { logGroups: names, canaries: [] })).toBe(false);
    }
  });

  it("of canaries are found by the name in the last synth and a UUID, unless the cut name has only a part of the suffix", () => {
    const canaries = ["canary-pr-42-public", "canary-pr-42-us-east-1"];
    for (const name of ["canary-pr-42-public", "canary-pr-42-us-east-"])
      expect(isFound("pr-42", `/aws/lambda/cwsyn-${name}-${UUID}`, { logGroups: [], canaries })).toBe(true);
    expect(isFound("pr-42", `/aws/lambda/cwsyn-canary-pr-42-public-eu-${UUID}`, { logGroups: [], canaries })).toBe(false);
    const long = { logGroups: [], canaries: ["canary-acceptance-test-2-public"] };
    expect(isFound("acceptance-test-2", `/aws/lambda/cwsyn-canary-acceptance-tes-${UUID}`, long)).toBe(false);
  });

  it("include every log group of a region with a literal name", () => {
    const names = regionStack(EVERYTHING)
      .all("aws_cloudwatch_log_group")
      .map(({ name }) => String(name));
    const literal = names.filter((name) => !name.includes("${"));
    expect(literal.length).toBeGreaterThan(10);
    for (const name of literal)
      expect({ name, found: isFound("test-1", name, { logGroups: literal, canaries: [] }) }).toEqual({ name, found: true });
  });
});

describe("the search", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it("returns the groups without a tag, by their ARN in the state", async () => {
    const arn = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
    const groups = [
      "/aws/rds/cluster/aurora-4-us-east-1/postgresql",
      "/aws/ecs/containerinsights/ecs-4/performance",
      "/aws/rds/proxy/proxy-4-eu",
    ];
    jest.spyOn(CloudWatchLogsClient.prototype, "send").mockImplementation(((call: object) => {
      if (call instanceof DescribeLogGroupsCommand) {
        const found = groups.filter((name) => name.startsWith(call.input.logGroupNamePrefix ?? ""));
        return Promise.resolve({ logGroups: found.map((name) => ({ logGroupName: name, arn: `${arn(name)}:*` })) });
      }
      if (!(call instanceof ListTagsForResourceCommand)) throw new Error("another call");
      return Promise.resolve({ tags: call.input.resourceArn?.includes("/rds/") ? {} : { EnvironmentSuffix: "4" } });
    }) as never);
    const [name = ""] = groups;
    expect(await findUntaggedLogGroups(REGION, new Names("4", REGION, ACCOUNT), NONE)).toEqual([{ name, arn: arn(name) }]);
  });
});

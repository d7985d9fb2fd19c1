import { describe, expect, it } from "@jest/globals";
import { healthIssue, type PlatformEvent } from "../support/aws-events";
import { regionsOf } from "../support/config";
import { matchesPattern } from "../support/event-pattern";
import { regionStack } from "../support/synthesized";

/** The regions of the platform, and the region whose rule receives the event. */
type Delivery = readonly [regions: readonly string[], deliveredTo: string];

/** An issue of a region as AWS Health delivers it: to the region itself, or to its backup region. */
function issueOf(eventRegion: string, deliveredTo: string): PlatformEvent {
  const issue = healthIssue();
  const backupEvent = String(eventRegion !== deliveredTo && eventRegion !== "global");
  return { ...issue, region: deliveredTo, detail: { ...issue.detail, eventRegion, backupEvent } };
}

function isForwarded([regions, deliveredTo]: Delivery, eventRegion: string): boolean {
  const stack = regionStack({ regions: regionsOf("hot", ...regions) }, regions.indexOf(deliveredTo));
  const rule = stack.all("aws_cloudwatch_event_rule").find(({ name }) => name === "rule-aws-health-test-1");
  return matchesPattern(JSON.parse(String(rule?.["event_pattern"])) as object, issueOf(eventRegion, deliveredTo));
}

const AMERICA = ["us-east-1", "us-west-2"];
const EUROPE = ["eu-west-1", "eu-central-1"];

describe("an issue that AWS Health reports", () => {
  it.each<[string, Delivery, string]>([
    ["of the region itself", [EUROPE, "eu-west-1"], "eu-west-1"],
    ["of a global service", [EUROPE, "eu-central-1"], "global"],
    ["of another region of the platform, in us-west-2, its backup region", [AMERICA, "us-west-2"], "us-east-1"],
    ["of us-west-2, in us-east-1, its backup region", [AMERICA, "us-east-1"], "us-west-2"],
    ["of each of several regions, in us-west-2", [[...EUROPE, "us-west-2"], "us-west-2"], "eu-central-1"],
  ])("is forwarded: %s", (_, delivery, eventRegion) => {
    expect(isForwarded(delivery, eventRegion)).toBe(true);
  });

  it.each<[string, Delivery, string]>([
    ["of another region of the platform, in a region that is not its backup region", [EUROPE, "eu-west-1"], "eu-central-1"],
    ["of another region of the platform than us-west-2, in us-east-1", [["us-east-1", "eu-west-1"], "us-east-1"], "eu-west-1"],
    ["of a region without this platform, in us-west-2", [AMERICA, "us-west-2"], "eu-west-1"],
    ["of us-west-2, in us-east-1, when the platform is not in us-west-2", [["us-east-1", "us-east-2"], "us-east-1"], "us-west-2"],
    ["of another region, in us-west-2, when the platform is in one region", [["us-west-2"], "us-west-2"], "us-east-1"],
  ])("is not forwarded: %s", (_, delivery, eventRegion) => {
    expect(isForwarded(delivery, eventRegion)).toBe(false);
  });
});

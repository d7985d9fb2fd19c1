import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../../support/config";
import { FakeAws } from "../../support/fake-aws";
import { definitionOf, type Executed, execute } from "../../support/state-machine";
import { regionStack } from "../../support/synthesized";

const region = regionStack(EVERYTHING);
const definition = definitionOf(region, "health-check");

/** The AWS services that the health check calls. Every part is healthy unless a test changes it. */
class FakeHealth extends FakeAws {
  readonly parameters = new Map([["/standfast/test-1/us-east-1/database/cluster-identifier", "aurora-rewind-1"]]);
  readonly services: Record<string, object> = {};
  targets: readonly string[] = ["healthy", "healthy", "healthy", "healthy", "healthy", "initial", "draining"];
  cluster: object = { Status: "available", StorageEncrypted: true, DbClusterMembers: [{}, {}, {}] };
  cache: object = { Status: "available", AutomaticFailover: "enabled" };
  describedCluster: unknown;

  ecs_describeServices({ Services }: Readonly<Record<string, unknown>>): object {
    const [name] = Services as string[];
    return { Services: [this.services[name ?? ""] ?? { RunningCount: 6, DesiredCount: 6 }] };
  }

  elasticloadbalancingv2_describeTargetHealth(): object {
    return {
      TargetHealthDescriptions: this.targets.map((State, index) => ({ Target: { Id: `10.0.0.${index}` }, TargetHealth: { State } })),
    };
  }

  rds_describeDBClusters({ DbClusterIdentifier }: Readonly<Record<string, unknown>>): object {
    this.describedCluster = DbClusterIdentifier;
    return { DbClusters: [this.cluster] };
  }

  elasticache_describeReplicationGroups(): object {
    return { ReplicationGroups: [this.cache] };
  }
}

const run = (aws: FakeHealth): Promise<Executed> => execute(definition, {}, (call) => aws.perform(call));

describe("a health check", () => {
  it("finds every part healthy, checks the live cluster, changes nothing, and sends no message", async () => {
    const aws = new FakeHealth();
    const { failure, calls } = await run(aws);
    expect(failure).toBeUndefined();
    expect(aws.describedCluster).toBe("aurora-rewind-1");
    expect(calls.filter(({ action }) => !/:(describe|get)|^sns:publish$/.test(action))).toEqual([]);
    expect(aws.messages).toEqual([]);
    // Three services, two of them behind the load balancer, the database and the cache.
    expect((definition.States["CheckAll"] as { readonly Branches?: readonly object[] } | undefined)?.Branches).toHaveLength(7);
  });

  it.each([
    [
      "too few tasks of one service",
      (aws: FakeHealth) => (aws.services["service-ledger-test-1"] = { RunningCount: 5, DesiredCount: 6 }),
      /The service service-ledger-test-1 runs 5 of 6 desired tasks; the minimum is 6/,
    ],
    [
      "too few targets",
      (aws: FakeHealth) => (aws.targets = ["healthy"]),
      /The target group of service-test-1 has 1 targets; the minimum is 6/,
    ],
    ["no target", (aws: FakeHealth) => (aws.targets = []), /The target group of service-test-1 has 0 targets/],
    ["an unhealthy target", (aws: FakeHealth) => (aws.targets = [...aws.targets, "unhealthy"]), /At least one target is unhealthy: true/],
    [
      "a database that is not available",
      (aws: FakeHealth) => (aws.cluster = { Status: "failing-over", StorageEncrypted: true, DbClusterMembers: [{}, {}, {}] }),
      /aurora-rewind-1 is failing-over with 3 instances/,
    ],
    [
      "a database with too few instances",
      (aws: FakeHealth) => (aws.cluster = { Status: "available", StorageEncrypted: true, DbClusterMembers: [{}, {}] }),
      /with 2 instances; the minimum is 3/,
    ],
    [
      "a database that is not encrypted",
      (aws: FakeHealth) => (aws.cluster = { Status: "available", StorageEncrypted: false, DbClusterMembers: [{}, {}, {}] }),
      /aurora-rewind-1 is available with 3 instances.*encrypted: false/,
    ],
    [
      "a cache without failover",
      (aws: FakeHealth) => (aws.cache = { Status: "available", AutomaticFailover: "disabled" }),
      /cache is available; its automatic failover is disabled/,
    ],
    [
      "a service that cannot be described",
      (aws: FakeHealth) => aws.fail("ecs:describeServices", "Ecs.EcsException"),
      /Service service-test-1 could not be checked: Ecs.EcsException/,
    ],
    [
      "targets that cannot be described",
      (aws: FakeHealth) => aws.fail("elasticloadbalancingv2:describeTargetHealth", "X"),
      /Target group of service-test-1 could not be checked/,
    ],
    ["a database that cannot be described", (aws: FakeHealth) => aws.fail("rds:describeDBClusters", "X"), /Database could not be checked/],
    ["a database that cannot be found", (aws: FakeHealth) => aws.fail("ssm:getParameter", "X"), /Database could not be checked/],
    [
      "a cache that cannot be described",
      (aws: FakeHealth) => aws.fail("elasticache:describeReplicationGroups", "X"),
      /Cache could not be checked/,
    ],
  ])("fails for %s, with the reason in the message", async (_, change, message) => {
    const aws = new FakeHealth();
    change(aws);
    const { failure } = await run(aws);
    expect(failure).toEqual({ error: "Health.Unhealthy", cause: expect.stringMatching(message) as unknown });
    expect(aws.messages.at(-1)).toMatch(/^FAILED: health check: CRITICAL: us-east-1 is unhealthy/);
  });

  it("reports all unhealthy parts in one message", async () => {
    const aws = new FakeHealth();
    aws.targets = [];
    aws.cache = { Status: "modifying", AutomaticFailover: "enabled" };
    const { failure } = await run(aws);
    expect(failure?.cause).toMatch(/has 0 targets.*The cache is modifying/);
  });

  it("is started by the application's event HealthDoubted", () => {
    const rule = region.resource("aws_cloudwatch_event_rule.health-check_rule-health-doubted");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual({ source: ["standfast.payments"], "detail-type": ["HealthDoubted"] });
    expect(region.resource("aws_cloudwatch_event_target.health-check_rule-health-doubted-target")).toMatchObject({
      arn: "${aws_sfn_state_machine.health-check_runbook_machine.arn}",
      role_arn: "${aws_iam_role.health-check_runbook_starter_role.arn}",
    });
  });
});

import { describe, expect, it } from "@jest/globals";
import type { Definition } from "../../modules/runbooks/states";
import { EVERYTHING } from "../support/config";
import { PlayedAws } from "../support/played-aws";
import { type Executed, execute } from "../support/state-machine";
import { regionStack } from "../support/synthesized";

const region = regionStack(EVERYTHING);
const definitionOf = (name: string): Definition =>
  JSON.parse(String(region.at(`aws_sfn_state_machine.${name}_runbook_machine`)["definition"])) as Definition;

/** As much of AWS as the checks ask for: well, unless it is changed. */
class AwsOfChecks extends PlayedAws {
  readonly parameters = new Map([["/standfast/test-1/us-east-1/database/cluster-identifier", "aurora-rewind-1"]]);
  readonly services: Record<string, object> = {};
  targets: readonly string[] = ["healthy", "healthy", "healthy", "healthy", "healthy", "initial", "draining"];
  cluster: object = { Status: "available", StorageEncrypted: true, DbClusterMembers: [{}, {}, {}] };
  cache: object = { Status: "available", AutomaticFailover: "enabled" };
  backups: object = { well: true, problems: [] };
  askedCluster: unknown;

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
    this.askedCluster = DbClusterIdentifier;
    return { DbClusters: [this.cluster] };
  }

  elasticache_describeReplicationGroups(): object {
    return { ReplicationGroups: [this.cache] };
  }

  lambda_invoke(): object {
    return { Payload: this.backups };
  }
}

const run = (name: string, aws: AwsOfChecks): Promise<Executed> => execute(definitionOf(name), {}, (call) => aws.perform(call));

describe("a health check", () => {
  it("finds everything well, asks the cluster that is live, and changes nothing", async () => {
    const aws = new AwsOfChecks();
    const { failure, calls } = await run("check-health", aws);
    expect(failure).toBeUndefined();
    expect(aws.askedCluster).toBe("aurora-rewind-1");
    expect(calls.filter(({ action }) => !/:(describe|get)|^sns:publish$/.test(action))).toEqual([]);
    // Three services, two of them behind the load balancer, the database and the cache.
    expect(aws.messages).toEqual([
      expect.stringMatching(/^STARTED: health check: INFO: the health of us-east-1/),
      expect.stringMatching(/^DONE: health check: INFO: all 7 parts of us-east-1 are well/),
    ]);
  });

  it.each([
    [
      "too few tasks of one service",
      (aws: AwsOfChecks) => (aws.services["service-ledger-test-1"] = { RunningCount: 5, DesiredCount: 6 }),
      /service-ledger-test-1 runs 5 tasks of 6; it needs 6/,
    ],
    ["too few targets", (aws: AwsOfChecks) => (aws.targets = ["healthy"]), /knows 1 tasks of service-test-1, of 6 that it needs/],
    ["no target", (aws: AwsOfChecks) => (aws.targets = []), /knows 0 tasks/],
    ["an unhealthy target", (aws: AwsOfChecks) => (aws.targets = [...aws.targets, "unhealthy"]), /some of them are unhealthy: true/],
    [
      "a database that is not available",
      (aws: AwsOfChecks) => (aws.cluster = { Status: "failing-over", StorageEncrypted: true, DbClusterMembers: [{}, {}, {}] }),
      /aurora-rewind-1 is failing-over, with 3 instances/,
    ],
    [
      "a database with too few instances",
      (aws: AwsOfChecks) => (aws.cluster = { Status: "available", StorageEncrypted: true, DbClusterMembers: [{}, {}] }),
      /with 2 instances; it needs 3/,
    ],
    [
      "a database that is not encrypted",
      (aws: AwsOfChecks) => (aws.cluster = { Status: "available", StorageEncrypted: false, DbClusterMembers: [{}, {}, {}] }),
      /aurora-rewind-1 is available/,
    ],
    [
      "a cache without failover",
      (aws: AwsOfChecks) => (aws.cache = { Status: "available", AutomaticFailover: "disabled" }),
      /cache is available, its automatic failover disabled/,
    ],
    [
      "a service that cannot be asked",
      (aws: AwsOfChecks) => aws.fail("ecs:describeServices", "Ecs.EcsException"),
      /Service1 could not be asked: Ecs.EcsException/,
    ],
    [
      "targets that cannot be asked",
      (aws: AwsOfChecks) => aws.fail("elasticloadbalancingv2:describeTargetHealth", "X"),
      /Targets1 could not be asked/,
    ],
    ["a database that cannot be asked", (aws: AwsOfChecks) => aws.fail("rds:describeDBClusters", "X"), /Database could not be asked/],
    ["a database that cannot be found", (aws: AwsOfChecks) => aws.fail("ssm:getParameter", "X"), /Database could not be asked/],
    [
      "a cache that cannot be asked",
      (aws: AwsOfChecks) => aws.fail("elasticache:describeReplicationGroups", "X"),
      /Cache could not be asked/,
    ],
  ])("fails for %s, and says so", async (_, change, says) => {
    const aws = new AwsOfChecks();
    change(aws);
    const { failure } = await run("check-health", aws);
    expect(failure).toEqual({ error: "Health.NotWell", cause: expect.stringMatching(says) as unknown });
    expect(aws.messages.at(-1)).toMatch(/^FAILED: health check: CRITICAL: us-east-1 is not well/);
  });

  it("says all that is not well at once", async () => {
    const aws = new AwsOfChecks();
    aws.targets = [];
    aws.cache = { Status: "modifying", AutomaticFailover: "enabled" };
    const { failure } = await run("check-health", aws);
    expect(failure?.cause).toMatch(/knows 0 tasks.*The cache is modifying/);
  });

  it("is started by the application when it doubts", () => {
    const rule = region.at("aws_cloudwatch_event_rule.check-health_rule-health-doubted");
    expect(JSON.parse(String(rule["event_pattern"]))).toEqual({ source: ["standfast.payments"], "detail-type": ["HealthDoubted"] });
    expect(region.at("aws_cloudwatch_event_target.check-health_rule-health-doubted-target")).toMatchObject({
      arn: "${aws_sfn_state_machine.check-health_runbook_machine.arn}",
      role_arn: "${aws_iam_role.check-health_runbook_starter_role.arn}",
    });
  });
});

describe("a verification of the backups", () => {
  it("ends well when they are as promised", async () => {
    const aws = new AwsOfChecks();
    expect((await run("verify-backups", aws)).failure).toBeUndefined();
    expect(aws.messages.at(-1)).toMatch(/^DONE: backup verification: INFO: the backups in us-east-1 are as promised/);
  });

  it("fails with every problem when they are not", async () => {
    const aws = new AwsOfChecks();
    aws.backups = { well: false, problems: ["cluster has no backup younger than 9 h.", "table cannot be restored"] };
    expect((await run("verify-backups", aws)).failure).toEqual({
      error: "Backups.NotAsPromised",
      cause: expect.stringMatching(/no backup younger than 9 h.*cannot be restored/) as unknown,
    });
    expect(aws.messages.at(-1)).toMatch(/^FAILED: backup verification: CRITICAL/);
  });

  it("fails with AWS's own reason when the vault cannot be asked", async () => {
    const aws = new AwsOfChecks().fail("lambda:invoke", "AccessDeniedException");
    expect((await run("verify-backups", aws)).failure).toMatchObject({ error: "AccessDeniedException" });
  });

  it("looks for everything that is backed up, as young as the schedule promises, with three hours of grace", () => {
    const lambda = region.at("aws_lambda_function.verify-backups_function_function");
    const { VAULT, PROMISES } = (lambda["environment"] as { variables: Record<string, string> }).variables;
    expect(VAULT).toBe("vault-test-1");
    expect(JSON.parse(PROMISES ?? "")).toEqual(
      [
        "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
        "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
        "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
        "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
      ].map((resourceArn) => ({ resourceArn, maxAgeHours: 9 })),
    );
  });
});

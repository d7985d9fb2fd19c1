import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../../support/config";
import { FakeAws } from "../../support/fake-aws";
import { definitionOf, type Executed, execute } from "../../support/state-machine";
import { regionStack } from "../../support/synthesized";

const region = regionStack(EVERYTHING);
const definition = definitionOf(region, "backup-verification");

/** The function that checks the backups. */
class FakeBackups extends FakeAws {
  readonly parameters = new Map<string, string>();

  constructor(private readonly response: object = { objectivesMet: true, problems: [] }) {
    super();
  }

  lambda_invoke(): object {
    return { Payload: this.response };
  }
}

const run = (aws: FakeBackups): Promise<Executed> => execute(definition, {}, (call) => aws.perform(call));

describe("a backup verification", () => {
  it("succeeds without a message when the backups meet their objectives", async () => {
    const aws = new FakeBackups();
    expect((await run(aws)).failure).toBeUndefined();
    expect(aws.messages).toEqual([]);
  });

  it("fails with every problem when they do not", async () => {
    const aws = new FakeBackups({
      objectivesMet: false,
      problems: ["cluster has no backup younger than 9 h.", "table cannot be restored"],
    });
    expect((await run(aws)).failure).toEqual({
      error: "Backups.ObjectivesNotMet",
      cause: expect.stringMatching(/no backup younger than 9 h.*cannot be restored/) as unknown,
    });
    expect(aws.messages.at(-1)).toMatch(/^FAILED: backup verification: CRITICAL/);
  });

  it("fails with the error of AWS when the vault cannot be read", async () => {
    const aws = new FakeBackups().fail("lambda:invoke", "AccessDeniedException");
    expect((await run(aws)).failure).toMatchObject({ error: "AccessDeniedException" });
  });

  it("checks every resource of the backup plan, with the backup interval plus three hours as the maximum age", () => {
    const lambda = region.resource("aws_lambda_function.backup-verification_function_function");
    const { VAULT, OBJECTIVES } = (lambda["environment"] as { variables: Record<string, string> }).variables;
    expect(VAULT).toBe("vault-test-1");
    expect(JSON.parse(OBJECTIVES ?? "")).toEqual(
      [
        "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-1-us-east-1",
        "arn:aws:dynamodb:us-east-1:123456789012:table/table-sessions-test-1",
        "arn:aws:s3:::bucket-transaction-logs-test-1-123456789012-us-east-1",
        "arn:aws:s3:::bucket-application-data-test-1-123456789012-us-east-1",
      ].map((resourceArn) => [{ resourceArn, maxAgeHours: 9 }]),
    );
  });
});

import { describe, expect, it } from "@jest/globals";
import { type Check, checkResource, compareSets, differences, Missing, type Result, runChecks } from "../../../commands/verify/check";

const LIVE = { scope: "us-east-1", preset: "trading" };
const check = (
  requirement: string,
  violations: Check<typeof LIVE>["violations"],
  more: Partial<Pick<Check<typeof LIVE>, "appliesTo" | "notes">> = {},
): Check<typeof LIVE> => ({
  requirement,
  requirementIds: ["S000-1.1", "S004-1.1", "S004-1.2"],
  violations,
  ...more,
});
const failing = (name: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { name }));
const resultOf = async (one: Check<typeof LIVE>): Promise<Result | undefined> => (await runChecks(LIVE, [one]))[0];

describe("a check", () => {
  it("passes when nothing contradicts it, and names the lines of the preset's own document", async () => {
    expect(await resultOf(check("All is well", () => Promise.resolve([])))).toEqual({
      region: "us-east-1",
      requirement: "All is well",
      requirementIds: ["S004-1.1", "S004-1.2"],
      result: "pass",
      violations: [],
      notes: [],
    });
  });

  it("fails when something contradicts it", async () => {
    expect(await resultOf(check("All is well", () => Promise.resolve(["alb-x is gone"])))).toMatchObject({
      result: "fail",
      violations: ["alb-x is gone"],
    });
  });

  it.each([
    ["DBClusterNotFoundFault", "no such cluster"],
    ["NoSuchBucket", "no such bucket"],
    ["QueueDoesNotExist", "no such queue"],
    ["LoadBalancerNotFound", "no such load balancer"],
  ])("fails when AWS answers %s", async (name, message) => {
    expect(await resultOf(check("All is well", failing(name, message)))).toMatchObject({
      result: "fail",
      violations: [`${name}: ${message}`],
    });
  });

  it("fails when what it asks about is missing", async () => {
    const missing = check("All is well", () => Promise.reject(new Missing("there is no vpc-x")));
    expect(await resultOf(missing)).toMatchObject({ result: "fail", violations: ["there is no vpc-x"] });
  });

  it("is unknown when AWS refuses, and says why in AWS's words", async () => {
    const refused = check("All is well", failing("AccessDeniedException", "not authorized to perform: backup:GetBackupPlan"));
    expect(await resultOf(refused)).toMatchObject({
      result: "unknown",
      violations: ["AccessDeniedException: not authorized to perform: backup:GetBackupPlan"],
    });
  });

  it("is left out when the configuration does not ask for it", async () => {
    expect(await runChecks(LIVE, [check("All is well", () => Promise.resolve([]), { appliesTo: () => false })])).toEqual([]);
  });

  it("notes what is worth knowing only where it passes", async () => {
    const notes = () => Promise.resolve(["a takeover holds DNS"]);
    expect(await resultOf(check("A", () => Promise.resolve([]), { notes }))).toMatchObject({ notes: ["a takeover holds DNS"] });
    expect(await resultOf(check("A", () => Promise.resolve(["no"]), { notes }))).toMatchObject({ notes: [] });
  });
});

describe("a violation", () => {
  it("says what is, and what should be", () => {
    expect(differences({ interval: [30, 5], path: ["/health", "/health"], key: [undefined, "arn:x"] })).toEqual([
      "interval is 30, not 5",
      "key is not set, not arn:x",
    ]);
  });

  it("says what is missing, and what is too much", () => {
    expect(compareSets(["a", "b"], ["b", "c"], { missing: "is missing", extra: "is not meant to be" })).toEqual([
      "a is not meant to be",
      "c is missing",
    ]);
  });

  it("names its resource once, and other resources are still asked about", async () => {
    expect(await checkResource("bucket-x", () => Promise.resolve(["versioning is Suspended"]))).toEqual([
      "bucket-x: versioning is Suspended",
    ]);
    expect(await checkResource("bucket-x", () => Promise.reject(new Missing("bucket-x does not exist")))).toEqual([
      "bucket-x does not exist",
    ]);
    await expect(checkResource("bucket-x", failing("AccessDenied", "no"))).rejects.toThrow("no");
  });
});

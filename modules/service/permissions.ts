import { viaService } from "../encryption/key";
import type { Statement } from "../iam/policy";

export interface Registries {
  /** Accounts whose private registries contain images, the own account first. */
  readonly accounts: readonly string[];
  /** Prefixes of the pull-through cache rules of the own account. */
  readonly pullThroughPrefixes: readonly string[];
}

const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];

/**
 * Permissions to pull images from private registries in the region. Public registries require none.
 *
 * They name registries and not repositories: a rollback pulls the former image, which may be in another repository.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html
 */
export function pullImages(region: string, { accounts, pullThroughPrefixes }: Registries): Statement[] {
  const [own] = accounts;
  return [
    { Sid: "RegistryLogin", Action: "ecr:GetAuthorizationToken", everyResourceBecause: "GetAuthorizationToken has no resource type" },
    {
      Sid: "PullOwnImages",
      Action: PULL,
      Resource: oneOrMany(accounts.map((account) => `arn:aws:ecr:${region}:${account}:repository/*`)),
    },
    {
      // GuardDuty adds its agent to the tasks of an account with runtime monitoring, from an account of AWS in each region:
      // https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-ecs-support.html
      Sid: "PullGuardDutyAgent",
      Action: PULL,
      Resource: `arn:aws:ecr:${region}:*:repository/aws-guardduty-agent-fargate`,
    },
    // The first pull of an image creates its repository in the cache:
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html
    ...(pullThroughPrefixes.length === 0
      ? []
      : [
          {
            Sid: "FillPullThroughCache",
            Action: ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:TagResource"],
            Resource: oneOrMany(pullThroughPrefixes.map((prefix) => `arn:aws:ecr:${region}:${own}:repository/${prefix}/*`)),
          },
        ]),
  ];
}

/** Values that are not the platform's, by their ARNs. */
export interface ForeignValues {
  readonly secretArns: readonly string[];
  readonly parameterArns: readonly string[];
}

/**
 * Permissions to read secrets and parameters that others have made. Their keys are not known: each can decrypt only what
 * belongs to these secrets and parameters.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html#security-encryption-encryption-context
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html#parameter-store-encryption-context
 */
export function readForeignValues(region: string, accountId: string, { secretArns, parameterArns }: ForeignValues): Statement[] {
  const anyKey = `arn:aws:kms:${region}:${accountId}:key/*`;
  const decrypt = (Sid: string, service: string, context: string, arns: readonly string[]): Statement => ({
    Sid,
    Action: "kms:Decrypt",
    Resource: anyKey,
    Condition: { StringEquals: { ...viaService(service, region).StringEquals, [`kms:EncryptionContext:${context}`]: arns } },
  });
  return [
    ...(secretArns.length === 0
      ? []
      : [
          { Sid: "ReadGivenSecrets", Action: "secretsmanager:GetSecretValue", Resource: secretArns },
          decrypt("DecryptGivenSecrets", "secretsmanager", "SecretARN", secretArns),
        ]),
    ...(parameterArns.length === 0
      ? []
      : [
          { Sid: "ReadGivenParameters", Action: "ssm:GetParameters", Resource: parameterArns },
          decrypt("DecryptGivenParameters", "ssm", "PARAMETER_ARN", parameterArns),
        ]),
  ];
}

function oneOrMany(resources: readonly string[]): string | readonly string[] {
  const [only, ...others] = resources;
  return only !== undefined && others.length === 0 ? only : resources;
}

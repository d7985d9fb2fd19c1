import { BackupClient, DescribeRegionSettingsCommand } from "@aws-sdk/client-backup";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetAccountLimitCommand, Route53Client } from "@aws-sdk/client-route-53";
import { GetBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import type { Config } from "../../config/config";
import { stateBucket } from "../../stacks/state-backend";
import { retryOptions } from "../verify/aws";
import type { ExpectedResources } from "../verify/expected";
import { type Examination, type Finding, readyIf } from "./finding";

/** Service-linked roles that AWS creates with the first resource of a service, if the caller may create them, by the resource. */
const SERVICE_LINKED_ROLES: Readonly<Record<string, readonly [role: string, service: string]>> = {
  aws_appautoscaling_target: ["AWSServiceRoleForApplicationAutoScaling_ECSService", "ecs.application-autoscaling.amazonaws.com"],
  aws_ecs_service: ["AWSServiceRoleForECS", "ecs.amazonaws.com"],
  aws_elasticache_replication_group: ["AWSServiceRoleForElastiCache", "elasticache.amazonaws.com"],
  aws_lb: ["AWSServiceRoleForElasticLoadBalancing", "elasticloadbalancing.amazonaws.com"],
  aws_rds_cluster: ["AWSServiceRoleForRDS", "rds.amazonaws.com"],
};

/** What backups of each resource require that the account has opted in to, by the resource. */
const BACKED_UP: Readonly<Record<string, string>> = { aws_dynamodb_table: "DynamoDB", aws_rds_cluster: "Aurora", aws_s3_bucket: "S3" };

/** What the account needs in every region: a state bucket, and services that AWS Backup may back up. */
export function regional(config: Config, region: string, expected: ExpectedResources): readonly Examination[] {
  const client = { region, ...retryOptions };
  const bucket = stateBucket(config, region);
  const types = Object.keys(BACKED_UP).filter((type) => expected.find([region], type).length > 0);
  return [
    {
      scope: region,
      need: `The state bucket ${bucket}`,
      examine: async () => stateBucketFinding(await bucketVersioning(new S3Client(client), bucket, config.accountId)),
    },
    ...(expected.find([region], "aws_backup_plan").length === 0
      ? []
      : [
          {
            scope: region,
            need: "AWS Backup may back up the services that have backups",
            examine: async () => {
              const settings = await new BackupClient(client).send(new DescribeRegionSettingsCommand({}));
              return optInFinding(
                types.map((type) => BACKED_UP[type] ?? ""),
                settings.ResourceTypeOptInPreference ?? {},
                region,
              );
            },
          },
        ]),
  ];
}

/** What the account needs once: service-linked roles, and health checks. */
export function account(expected: ExpectedResources, stacks: readonly string[], region: string): readonly Examination[] {
  const checks = expected.find(stacks, "aws_route53_health_check").length;
  const needed = Object.entries(SERVICE_LINKED_ROLES).filter(([type]) => expected.find(stacks, type).length > 0);
  return [
    ...needed.map(([, [role, service]]) => ({
      scope: "account",
      need: `The service-linked role ${role}`,
      examine: async () => roleFinding(await roleExists(new IAMClient({ region, ...retryOptions }), role), service),
    })),
    {
      scope: "account",
      need: `The quota of health checks of Route 53, of which the platform needs ${checks}`,
      examine: async () => {
        const limits = await new Route53Client({ region, ...retryOptions }).send(
          new GetAccountLimitCommand({ Type: "MAX_HEALTH_CHECKS_BY_OWNER" }),
        );
        const [quota, used] = [limits.Limit?.Value ?? 0, limits.Count ?? 0];
        return readyIf(
          used + checks <= quota,
          `${quota} allowed, ${used} in use`,
          "Request an increase of the quota for health checks of Route 53 in Service Quotas",
        );
      },
    },
  ];
}

/** @param versioning `Enabled`, or what else S3 says; undefined if there is no bucket */
export function stateBucketFinding(versioning: string | undefined): ReturnType<typeof readyIf> {
  if (versioning === undefined) return readyIf(false, "does not exist", "npm run bootstrap");
  return readyIf(versioning === "Enabled", `versioning is ${versioning}`, "npm run bootstrap");
}

export function optInFinding(
  wanted: readonly string[],
  settings: Readonly<Record<string, boolean>>,
  region: string,
): ReturnType<typeof readyIf> {
  const missing = wanted.filter((type) => settings[type] !== true);
  const preferences = missing.map((type) => `${type}=true`).join(",");
  return readyIf(
    missing.length === 0,
    missing.length === 0 ? wanted.join(", ") : `no backups of ${missing.join(", ")}`,
    `aws backup update-region-settings --resource-type-opt-in-preference ${preferences} --region ${region}`,
  );
}

/** AWS creates the role itself if the caller has iam:CreateServiceLinkedRole. */
export function roleFinding(exists: boolean, service: string): Omit<Finding, "scope" | "need"> {
  if (exists) return { result: "ready", found: "exists" };
  return {
    result: "notice",
    found: "does not exist; AWS creates it during the first apply if the caller may",
    cure: `aws iam create-service-linked-role --aws-service-name ${service}`,
  };
}

async function bucketVersioning(s3: S3Client, Bucket: string, ExpectedBucketOwner: string): Promise<string | undefined> {
  try {
    return (await s3.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner }))).Status ?? "off";
  } catch (error) {
    if ((error as Error).name === "NoSuchBucket") return undefined;
    throw error;
  }
}

async function roleExists(iam: IAMClient, RoleName: string): Promise<boolean> {
  try {
    await iam.send(new GetRoleCommand({ RoleName }));
    return true;
  } catch (error) {
    if ((error as Error).name === "NoSuchEntityException") return false;
    throw error;
  }
}

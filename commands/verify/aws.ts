import { ACMClient } from "@aws-sdk/client-acm";
import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { BackupClient } from "@aws-sdk/client-backup";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient, paginateListAliases } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RDSClient } from "@aws-sdk/client-rds";
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Missing } from "./check";

/** For many calls at once: retries throttled calls, and times out when an endpoint does not answer. */
export const retryOptions = {
  maxAttempts: 6,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
};

/** The clients of one AWS region, and responses that many checks need. */
export class Aws {
  readonly acm: ACMClient;
  readonly backup: BackupClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly ecs: ECSClient;
  readonly elasticache: ElastiCacheClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly events: EventBridgeClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly scaling: ApplicationAutoScalingClient;
  readonly secrets: SecretsManagerClient;
  readonly sfn: SFNClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  private readonly tagging: ResourceGroupsTaggingAPIClient;

  constructor(
    readonly region: string,
    private readonly accountId: string,
    private readonly suffix: string,
  ) {
    const client = { region, ...retryOptions };
    this.acm = new ACMClient(client);
    this.backup = new BackupClient(client);
    this.cloudwatch = new CloudWatchClient(client);
    this.dynamodb = new DynamoDBClient(client);
    this.ec2 = new EC2Client(client);
    this.ecs = new ECSClient(client);
    this.elasticache = new ElastiCacheClient(client);
    this.elb = new ElasticLoadBalancingV2Client(client);
    this.events = new EventBridgeClient(client);
    this.kms = new KMSClient(client);
    this.lambda = new LambdaClient(client);
    this.logs = new CloudWatchLogsClient(client);
    this.rds = new RDSClient(client);
    this.s3 = new S3Client(client);
    this.scaling = new ApplicationAutoScalingClient(client);
    this.secrets = new SecretsManagerClient(client);
    this.sfn = new SFNClient(client);
    this.sns = new SNSClient(client);
    this.sqs = new SQSClient(client);
    this.ssm = new SSMClient(client);
    this.tagging = new ResourceGroupsTaggingAPIClient(client);
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** ARN of the key that an alias points to. @throws when the alias does not exist */
  async key(alias: string): Promise<string> {
    const id = (await this.aliases()).get(alias);
    if (id === undefined) throw new Missing(`${alias} does not exist`);
    return this.arn("kms", `key/${id}`);
  }

  /** Tags of every resource with the environment's suffix tag, by ARN. */
  readonly tagged = once(async () => {
    const found = new Map<string, Readonly<Record<string, string>>>();
    const pages = paginateGetResources({ client: this.tagging }, { TagFilters: [{ Key: "EnvironmentSuffix", Values: [this.suffix] }] });
    for await (const { ResourceTagMappingList = [] } of pages)
      for (const { ResourceARN, Tags = [] } of ResourceTagMappingList)
        if (ResourceARN) found.set(ResourceARN, Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])));
    return found;
  });

  private readonly aliases = once(async () => {
    const found = new Map<string, string>();
    for await (const { Aliases = [] } of paginateListAliases({ client: this.kms }, {}))
      for (const { AliasName, TargetKeyId } of Aliases) if (AliasName && TargetKeyId) found.set(AliasName, TargetKeyId);
    return found;
  });
}

/** Calls once and returns that result to every caller. */
export function once<Answer>(make: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => (answer ??= make());
}

import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SyntheticsCanary } from "@cdktf/provider-aws/lib/synthetics-canary";
import { AssetType, Fn, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import { canaryRunSeconds } from "../../config/canary-timing";
import type { RegionScope } from "../../config/naming";
import { viaService } from "../encryption/key";
import { bundle } from "../functions/bundle";
import type { Statement } from "../iam/policy";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Metric } from "../monitoring/metric";
import { publishMetrics } from "../monitoring/publish-metrics";

export interface CanaryProps extends RegionScope, LogSettings {
  /** Target of the requests, as part of the canary's name: `us-east-1`. Changing it replaces the canary. */
  readonly target: string;
  /** Address that a run requests. Updated in place. */
  readonly url: string;
  /** Whether a run writes to the URL and reads back what it wrote. Otherwise it only reads. */
  readonly writes: boolean;
  /** Runtime of CloudWatch Synthetics. Updated in place. */
  readonly runtime: string;
  /** Minutes between two runs. AWS charges by the run. */
  readonly everyMinutes: number;
  /** Timeout of a request. A run makes two attempts before it fails, and must end before the next run starts. */
  readonly maxLatencySeconds: number;
  /** Bucket of the results of each run, and its key. */
  readonly artifacts: { readonly bucketName: string; readonly bucketArn: string; readonly keyArn: string };
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** Minimum memory of Synthetics. */
const MEMORY_MIB = 960;
/** Characters of a canary's name that the name of its function contains. */
const NAME_IN_FUNCTION = 21;
/** Days for which Synthetics lists a run. The bucket retains the results longer. */
const RUN_RETENTION_DAYS = 7;

/**
 * Start of the names of a canary's function and layers. Synthetics appends a UUID, and cuts the name of the canary so that the
 * result has at most the 64 characters that Lambda accepts.
 * @see https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_DeleteCanary.html
 * @param canary name of a canary, or its start
 */
export function canaryFunctionPrefix(canary: string): string {
  return `cwsyn-${canary.slice(0, NAME_IN_FUNCTION)}`;
}

/**
 * Requests the service from outside the VPC on a schedule, as clients do, or sends test payments to it. The bucket retains the results. The function, the
 * layers and the log group of the canary are deleted with it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries.html
 */
export class Canary extends Construct {
  readonly alarm: CloudwatchMetricAlarm;
  readonly metric: Metric;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { names, target, artifacts, everyMinutes, maxLatencySeconds } = props;
    const name = names.of("synthetics_canary", target);
    const role = new ServiceRole(this, "role", {
      names,
      accountId: props.accountId,
      purpose: `canary-${target}`,
      service: "lambda.amazonaws.com",
      anyAccountBecause: "Lambda assumes only roles in the account of the function, and sets no aws:SourceAccount",
      statements: this.statements(name, props),
    });
    const code = new TerraformAsset(this, "code", {
      path: bundle("modules/canary/http-canary", "nodejs/node_modules/index.js"),
      type: AssetType.FILE,
    });
    const canary = new SyntheticsCanary(this, "canary", {
      name,
      executionRoleArn: role.arn,
      handler: "index.handler",
      // The path contains a hash of the content, so that Terraform detects a change.
      zipFile: code.path,
      runtimeVersion: props.runtime,
      schedule: { expression: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)` },
      artifactS3Location: `s3://${artifacts.bucketName}/${name}/`,
      artifactConfig: { s3Encryption: { encryptionMode: "SSE_KMS", kmsKeyArn: artifacts.keyArn } },
      runConfig: {
        timeoutInSeconds: canaryRunSeconds(maxLatencySeconds),
        memoryInMb: MEMORY_MIB,
        activeTracing: true,
        environmentVariables: {
          TARGET_URL: props.url,
          MAX_LATENCY_SECONDS: String(maxLatencySeconds),
          WRITES: String(props.writes),
        },
      },
      successRetentionPeriod: RUN_RETENTION_DAYS,
      failureRetentionPeriod: RUN_RETENTION_DAYS,
      startCanary: true,
      deleteLambda: true,
      dependsOn: [...role.ready],
    });
    // The name of the function is known only after Synthetics creates it. The role may not create the log group, which would
    // have no retention. Runs before this group exists have no log.
    new LogGroup(this, "log", {
      name: `/aws/lambda/${Fn.element(Fn.split(":", canary.engineArn), 6)}`,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    this.metric = {
      namespace: "CloudWatchSynthetics",
      name: "SuccessPercent",
      dimensions: { CanaryName: name },
      statistic: "Average",
      label: target,
    };
    this.alarm = props.alerts.alarm(this, `canary-${target}`, {
      severity: "critical",
      means: props.writes
        ? `A test payment to ${props.url}, from ${props.region}, is not accepted or cannot be read back in time.`
        : `${props.url} does not return status 200 in time, requested from ${props.region}.`,
      metric: this.metric,
      periodSeconds: everyMinutes * 60,
      when: { below: 100 },
      // A run that times out publishes no metric.
      missingData: "breaching",
      runbook: props.writes ? "canaries.md#writes" : "canaries.md#failing",
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html */
  private statements(name: string, { region, accountId, artifacts }: CanaryProps): Statement[] {
    return [
      { Sid: "StoreResults", Action: ["s3:PutObject", "s3:GetObject"], Resource: `${artifacts.bucketArn}/${name}/*` },
      { Sid: "LocateBucket", Action: "s3:GetBucketLocation", Resource: artifacts.bucketArn },
      { Sid: "ListBuckets", Action: "s3:ListAllMyBuckets", everyResourceBecause: "ListAllMyBuckets has no resource type" },
      {
        Sid: "EncryptResults",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: artifacts.keyArn,
        Condition: viaService("s3", region),
      },
      {
        Sid: "WriteOwnLog",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/${canaryFunctionPrefix(name)}*`,
      },
      publishMetrics("PublishMetrics", "CloudWatchSynthetics"),
      { Sid: "Trace", Action: "xray:PutTraceSegments", everyResourceBecause: "X-Ray actions for traces have no resource type" },
    ];
  }
}

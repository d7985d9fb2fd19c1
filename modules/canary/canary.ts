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

export interface CanaryProps extends RegionScope, LogSettings {
  /** What is asked for, as part of the canary's name: `us-east-1`. Changing it replaces the canary. */
  readonly target: string;
  readonly url: string;
  /** A runtime of CloudWatch Synthetics. Changed in place. */
  readonly runtime: string;
  readonly everyMinutes: number;
  /** Seconds within which an answer must come. A run asks twice before it fails, and must be over when the next begins. */
  readonly maxLatencySeconds: number;
  /** Bucket for the results of each run, and its key. */
  readonly artifacts: { readonly bucketName: string; readonly bucketArn: string; readonly keyArn: string };
  readonly alerts: Alerts;
}

/** The least that Synthetics takes. */
const MEMORY_MIB = 960;
/** Days for which Synthetics lists a run. Its results lie in the bucket for longer. */
const RUN_RETENTION_DAYS = 7;

/**
 * Asks for the service from outside of it, again and again. Outside the VPC, as clients are; the bucket decides how long
 * the results are kept. What it leaves behind elsewhere, its function, layers and log, ends with it.
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
      anyAccountBecause: "Lambda takes on roles of the function's own account only, and does not say for which",
      statements: this.statements(name, props),
    });
    const code = new TerraformAsset(this, "code", {
      path: bundle("modules/canary/ask-service", "nodejs/node_modules/index.js"),
      type: AssetType.FILE,
    });
    const canary = new SyntheticsCanary(this, "canary", {
      name,
      executionRoleArn: role.arn,
      handler: "index.handler",
      // The path holds a hash of the content: that is how a change of it is noticed.
      zipFile: code.path,
      runtimeVersion: props.runtime,
      schedule: { expression: everyMinutes === 1 ? "rate(1 minute)" : `rate(${everyMinutes} minutes)` },
      artifactS3Location: `s3://${artifacts.bucketName}/${name}/`,
      artifactConfig: { s3Encryption: { encryptionMode: "SSE_KMS", kmsKeyArn: artifacts.keyArn } },
      runConfig: {
        timeoutInSeconds: canaryRunSeconds(maxLatencySeconds),
        memoryInMb: MEMORY_MIB,
        activeTracing: true,
        environmentVariables: { TARGET_URL: props.url, MAX_LATENCY_SECONDS: String(maxLatencySeconds) },
      },
      successRetentionPeriod: RUN_RETENTION_DAYS,
      failureRetentionPeriod: RUN_RETENTION_DAYS,
      startCanary: true,
      deleteLambda: true,
      dependsOn: [...role.ready],
    });
    // Synthetics makes a function with a name that nobody knows before; the role may not make its log group, which would
    // stay for ever. Runs before this group exists have no log.
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
      means: `${props.url} does not answer as it should, asked from ${props.region}.`,
      metric: this.metric,
      periodSeconds: everyMinutes * 60,
      when: { below: 100 },
      // A run that is ended for its time reports nothing.
      missingData: "breaching",
      runbook: "canaries.md#failing",
    });
  }

  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html */
  private statements(name: string, { region, accountId, artifacts }: CanaryProps): Statement[] {
    return [
      { Sid: "KeepResults", Action: ["s3:PutObject", "s3:GetObject"], Resource: `${artifacts.bucketArn}/${name}/*` },
      { Sid: "FindBucket", Action: "s3:GetBucketLocation", Resource: artifacts.bucketArn },
      { Sid: "ListBuckets", Action: "s3:ListAllMyBuckets", everyResourceBecause: "a list of buckets has no resource" },
      {
        Sid: "EncryptResults",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: artifacts.keyArn,
        Condition: viaService("s3", region),
      },
      {
        Sid: "WriteOwnLog",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `arn:aws:logs:${region}:${accountId}:log-group:/aws/lambda/cwsyn-${name}-*`,
      },
      {
        Sid: "Report",
        Action: "cloudwatch:PutMetricData",
        everyResourceBecause: "metrics have no resource",
        Condition: { StringEquals: { "cloudwatch:namespace": "CloudWatchSynthetics" } },
      },
      { Sid: "Trace", Action: "xray:PutTraceSegments", everyResourceBecause: "traces have no resource" },
    ];
  }
}

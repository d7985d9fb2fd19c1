import { Construct } from "constructs";
import { FACTS_NAMESPACE, type RegionCount } from "../../config/region-facts";
import { invokeByRule } from "../functions/invocation-by-rule";
import { NodeFunction, type NodeFunctionProps } from "../functions/node-function";
import type { DeadLetterQueue } from "../monitoring/alert-props";
import { publishMetrics } from "../monitoring/publish-metrics";

export interface KeyCheckProps extends Pick<
  NodeFunctionProps,
  "names" | "region" | "accountId" | "logKeyArn" | "logRetentionDays" | "keyArn" | "alerts"
> {
  /** ARNs of the keys, by alias. */
  readonly keys: Readonly<Record<string, string>>;
  /** Suffix of the environment, as a dimension of its metrics. */
  readonly environmentSuffix: string;
  /** Receives the runs that EventBridge cannot start. */
  readonly ruleDeadLetters: DeadLetterQueue;
}

const METRIC: RegionCount = "UnusableKeys";
const PURPOSE = "key-check";
const RUNBOOK = "keys.md#unusable-keys";

/** Minutes between two runs. */
const INTERVAL_MINUTES = 5;

/**
 * Period of the alarm: three intervals. The window of an alarm slides by the minute, so a window of one or two intervals would be
 * empty when a run is late or missing. This one contains a run unless two in succession are missing. A key that is not usable
 * is reported by the first run that finds it, and for one period after its recovery.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
const PERIOD_SECONDS = 3 * INTERVAL_MINUTES * 60;

/**
 * The function that checks the KMS keys of a region every five minutes, with an alarm on keys that are disabled or scheduled
 * for deletion. It reads the state of the keys, because EventBridge receives the calls that change it only in an account with
 * a trail.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class KeyCheck extends Construct {
  constructor(scope: Construct, id: string, props: KeyCheckProps) {
    super(scope, id);
    const lambda = new NodeFunction(this, "function", {
      ...props,
      purpose: PURPOSE,
      folder: "modules/encryption/key-check",
      timeoutSeconds: 60,
      environment: {
        KEYS: JSON.stringify(props.keys),
        METRIC_NAMESPACE: FACTS_NAMESPACE,
        ENVIRONMENT_SUFFIX: props.environmentSuffix,
      },
      statements: [
        { Sid: "DescribeKeys", Action: "kms:DescribeKey", Resource: Object.values(props.keys) },
        publishMetrics("PublishCount", FACTS_NAMESPACE),
      ],
      runbook: RUNBOOK,
    });
    this.schedule(props, lambda);
    this.createAlarm(props);
  }

  private schedule({ names, ruleDeadLetters }: KeyCheckProps, lambda: NodeFunction): void {
    invokeByRule(this, "schedule", {
      lambda,
      name: names.of("cloudwatch_event_rule", PURPOSE),
      description: "Checks the KMS keys of the region every five minutes",
      trigger: { scheduleExpression: `rate(${INTERVAL_MINUTES} minutes)` },
      targetId: PURPOSE,
      permissionId: "invoke-permission",
      ruleDeadLetters,
    });
  }

  private createAlarm({ alerts, environmentSuffix }: KeyCheckProps): void {
    const alarm = alerts.alarm(this, "keys-unusable", {
      severity: "critical",
      means:
        "At least one KMS key of this region is disabled, scheduled for deletion or not readable; or the check of the keys does not report.",
      metric: {
        namespace: FACTS_NAMESPACE,
        name: METRIC,
        dimensions: { EnvironmentSuffix: environmentSuffix },
        statistic: "Maximum",
        label: "keys that are not usable",
      },
      periodSeconds: PERIOD_SECONDS,
      when: { above: 0 },
      missingData: "breaching",
      runbook: RUNBOOK,
    });
    alerts.composites.addComponent(this, "keys", [alarm], {
      runbook: RUNBOOK,
      clients: "requests fail that need what the key encrypts",
    });
  }
}

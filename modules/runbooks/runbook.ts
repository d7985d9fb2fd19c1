import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import type { Statement } from "../iam/policy";
import { ServiceRole } from "../iam/service-role";
import type { DeadLetterQueue } from "../monitoring/alert-props";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Definition } from "./states";

/** What every runbook of a region has in common. */
export interface RunbookSettings extends RegionScope, LogSettings {
  /** Encrypts definition and executions. The key's policy must allow log delivery (`keyPolicyForRunbooks`). */
  readonly keyArn: string;
  readonly alerts: Alerts;
  /** Dead-letter queue of rules on the default event bus. */
  readonly ruleDeadLetters: DeadLetterQueue;
}

/** What every definition needs in addition to its own settings. */
export interface RunbookContext {
  /** Topic that notifies on-call. */
  readonly topicArn: string;
  readonly region: string;
  /** Link to the section that documents the runbook. */
  readonly runbookUrl: string;
}

export interface RunbookProps extends RunbookSettings {
  /** What the runbook does, as part of its name: `rewind`. Changing it replaces the state machine. */
  readonly purpose: string;
  /** File and section in `docs/runbooks`: `database.md#rewind`. */
  readonly section: string;
  /** The definition, as a pure function. */
  readonly define: (context: RunbookContext) => Definition;
  /** Permissions of the calls of its states, and no others. */
  readonly statements: readonly Statement[];
  /** Schedule expression of executions with the input `{}`. @default - it runs only when it is started */
  readonly schedule?: string | undefined;
}

/**
 * A runbook that AWS executes: a standard state machine, which runs each step once and may take days. Encrypted, logged
 * and traced. Reading an execution requires `kms:Decrypt` on its key.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export class Runbook extends Construct {
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RunbookProps,
  ) {
    super(scope, id);
    const { names, region, accountId, purpose, section, alerts } = props;
    const name = names.of("sfn_state_machine", purpose);
    const arn = `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
    const context = { topicArn: alerts.topicArn, region, runbookUrl: alerts.pages.link(section) };
    // With this prefix, the resource policy that log delivery maintains in CloudWatch Logs stays within its size limit.
    const log = new LogGroup(this, "log", {
      name: `/aws/vendedlogs/states/${name}`,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, "role", {
      names,
      accountId,
      purpose,
      service: "states.amazonaws.com",
      statements: [...props.statements, ...alerts.grantPublish(), ...executionPermissions(props, arn)],
    });
    const machine = new SfnStateMachine(this, "machine", {
      name,
      type: "STANDARD",
      roleArn: role.arn,
      definition: JSON.stringify(props.define(context)),
      encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: props.keyArn, kmsDataKeyReusePeriodSeconds: 300 },
      loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${log.arn}:*` },
      tracingConfiguration: { enabled: true },
      dependsOn: [...role.ready],
    });
    this.arn = machine.arn;
    // Failures notify on-call by a state of the runbook, with their reason. This rule covers errors that no state can catch.
    alerts.event(this, `${purpose}-ended`, {
      means: `The runbook ${name} did not succeed`,
      clients: "unknown, the fault for which it was started may remain",
      pattern: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: { stateMachineArn: [arn], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
      },
      paths: { execution: "$.detail.executionArn", status: "$.detail.status" },
      sentence: `Runbook execution <execution> ended with status <status>. To execute it again with the same input: aws stepfunctions describe-execution --region ${region} --execution-arn <execution> --query input --output text | xargs -0 aws stepfunctions start-execution --region ${region} --state-machine-arn ${arn} --input #`,
      runbook: section,
    });
    if (props.schedule !== undefined) this.addSchedule(props.schedule);
  }

  /** The target of an EventBridge rule that starts the runbook. */
  eventTarget(): { readonly arn: string; readonly roleArn: string } {
    const { names, accountId, purpose } = this.props;
    const existing = this.node.tryFindChild("starter") as ServiceRole | undefined;
    const role =
      existing ??
      new ServiceRole(this, "starter", {
        names,
        accountId,
        purpose: `start-${purpose}`,
        service: "events.amazonaws.com",
        statements: [{ Sid: "StartRunbook", Action: "states:StartExecution", Resource: this.arn }],
      });
    return { arn: this.arn, roleArn: role.arn };
  }

  private addSchedule(schedule: string): void {
    const { names, purpose, ruleDeadLetters } = this.props;
    const rule = new CloudwatchEventRule(this, "schedule", {
      name: names.of("cloudwatch_event_rule", `schedule-${purpose}`),
      description: `Starts the runbook ${purpose} on a schedule`,
      scheduleExpression: schedule,
    });
    new CloudwatchEventTarget(this, "schedule-to-runbook", {
      rule: rule.name,
      targetId: purpose,
      ...this.eventTarget(),
      input: "{}",
      deadLetterConfig: { arn: ruleDeadLetters.arn },
      dependsOn: [ruleDeadLetters.ready],
    });
  }
}

/** The permissions of the state machine itself: encryption, log delivery and traces. */
function executionPermissions({ region, accountId, keyArn }: RunbookSettings, arn: string): Statement[] {
  return [
    {
      Sid: "EncryptOwnExecutions",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": arn } },
    },
    {
      Sid: "EncryptOwnLog",
      Action: "kms:GenerateDataKey",
      Resource: keyArn,
      Condition: { StringEquals: { "kms:EncryptionContext:SourceArn": `arn:aws:logs:${region}:${accountId}:*` } },
    },
    {
      Sid: "DeliverLogs",
      Action: [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
      ],
      everyResourceBecause: "log delivery actions have no resource type",
    },
    {
      Sid: "Trace",
      Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
      everyResourceBecause: "X-Ray actions for traces have no resource type",
    },
  ];
}

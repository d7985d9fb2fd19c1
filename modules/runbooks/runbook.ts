import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Statement } from "../iam/policy";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup } from "../monitoring/log-group";
import type { Definition } from "./states";

export interface RunbookProps {
  readonly names: Names;
  readonly region: string;
  readonly accountId: string;
  /** What the runbook does, as part of its name: `rewind`. Changing it replaces the state machine. */
  readonly purpose: string;
  readonly definition: Definition;
  /** What the calls of its states need, and nothing else. */
  readonly statements: readonly Statement[];
  /** Encrypts definition and executions; its policy must let log delivery in (`keyPolicyForRunbooks`). */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
  readonly alerts: Alerts;
  /** Section of the runbooks for people. */
  readonly runbook: string;
  /** Rehearses it: when, and with which input. @default - it runs when somebody starts it */
  readonly rehearsed?: { readonly schedule: string; readonly input: object } | undefined;
}

/**
 * A runbook that AWS executes: a standard state machine, which may take days and runs each step once. Encrypted, logged
 * and traced; whoever reads an execution needs `kms:Decrypt` on its key.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
export class Runbook extends Construct {
  readonly arn: string;
  private readonly starter: { readonly names: Names; readonly accountId: string; readonly purpose: string };

  constructor(scope: Construct, id: string, props: RunbookProps) {
    super(scope, id);
    const { names, region, accountId, purpose } = props;
    const name = names.of("sfn_state_machine", purpose);
    const arn = `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;
    // Under this name, the policy that log delivery keeps in CloudWatch Logs does not grow past its limit.
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
      statements: [
        ...props.statements,
        ...props.alerts.grantPublish(),
        {
          Sid: "EncryptOwnExecutions",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: props.keyArn,
          Condition: { StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": arn } },
        },
        {
          Sid: "EncryptOwnLog",
          Action: "kms:GenerateDataKey",
          Resource: props.keyArn,
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
          everyResourceBecause: "log delivery is the account's, and knows no resource",
        },
        {
          Sid: "Trace",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
          everyResourceBecause: "traces have no resource",
        },
      ],
    });
    const machine = new SfnStateMachine(this, "machine", {
      name,
      type: "STANDARD",
      roleArn: role.arn,
      definition: JSON.stringify(props.definition),
      encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: props.keyArn, kmsDataKeyReusePeriodSeconds: 300 },
      loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${log.arn}:*` },
      tracingConfiguration: { enabled: true },
      dependsOn: [...role.ready],
    });
    this.arn = machine.arn;
    // A failure is told by the runbook itself, with its reason. Errors that no state can catch are told only here.
    props.alerts.event(this, `${purpose}-ended`, {
      means: `The runbook ${name} did not succeed`,
      pattern: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: { stateMachineArn: [arn], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
      },
      paths: { execution: "$.detail.executionArn", status: "$.detail.status" },
      sentence: "Runbook execution <execution> ended: <status>",
      runbook: props.runbook,
    });
    this.starter = { names, accountId, purpose };
    if (props.rehearsed) this.rehearse(names, purpose, props.rehearsed);
  }

  /** What EventBridge needs to start it. */
  startedByEvents(): { readonly arn: string; readonly roleArn: string } {
    const { names, accountId, purpose } = this.starter;
    const known = this.node.tryFindChild("starter") as ServiceRole | undefined;
    const role =
      known ??
      new ServiceRole(this, "starter", {
        names,
        accountId,
        purpose: `start-${purpose}`,
        service: "events.amazonaws.com",
        statements: [{ Sid: "StartRunbook", Action: "states:StartExecution", Resource: this.arn }],
      });
    return { arn: this.arn, roleArn: role.arn };
  }

  private rehearse(names: Names, purpose: string, { schedule, input }: NonNullable<RunbookProps["rehearsed"]>): void {
    const rule = new CloudwatchEventRule(this, "rehearsal", {
      name: names.of("cloudwatch_event_rule", `rehearse-${purpose}`),
      description: `Rehearsal of the runbook ${purpose}`,
      scheduleExpression: schedule,
    });
    new CloudwatchEventTarget(this, "rehearsal-to-runbook", {
      rule: rule.name,
      targetId: purpose,
      ...this.startedByEvents(),
      input: JSON.stringify(input),
    });
  }
}

import { CloudwatchEventArchive } from "@cdktf/provider-aws/lib/cloudwatch-event-archive";
import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventBusPolicy } from "@cdktf/provider-aws/lib/cloudwatch-event-bus-policy";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names, RegionScope } from "../../config/naming";
import { EVENT_SOURCES, type ServiceEvents } from "../../config/platform-events";
import type { Connection } from "../connections/connection";
import { policy, type Statement } from "../iam/policy";
import type { Alerts } from "../monitoring/alerts";
import type { Metric, Widget } from "../monitoring/metric";
import { DeadLetters } from "../queues/dead-letters";

export interface EventBusProps extends RegionScope {
  /** Its policy must let the bus in (`keyPolicyForEventBus`). */
  readonly keyArn: string;
  /** Encrypts what could not be delivered. */
  readonly queueKeyArn: string;
  /** Days that events are kept to be played again. */
  readonly archiveDays: number;
  readonly alerts: Alerts;
}

export interface Subscription {
  /** What it means that such an event comes. */
  readonly means: string;
  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  readonly target: {
    readonly arn: string;
    /** What EventBridge takes on to call the target. @default - the target's own policy lets EventBridge in */
    readonly roleArn?: string;
  };
  /** What must exist before the first event can be delivered. */
  readonly after?: readonly ITerraformDependable[];
}

/** Events that may hold card data, and are therefore not kept. */
const NOT_ARCHIVED = ["PaymentSubmitted"] satisfies (keyof ServiceEvents)[];
/** For a day, in growing steps, EventBridge tries again what a target could not take. */
const RETRY = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

function eventBusName(names: Names): string {
  return names.of("cloudwatch_event_bus");
}

export function eventBusArn(names: Names, region: string, accountId: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${eventBusName(names)}`;
}

/**
 * The bus of the application's events: encrypted, open to known senders only, with an archive to play events again, and
 * a queue for what could not be delivered.
 */
export class EventBus extends Construct {
  readonly busName: string;
  readonly widgets: readonly Widget[];
  private readonly arn: string;
  private readonly name: string;
  readonly deadLetters: DeadLetters;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EventBusProps,
  ) {
    super(scope, id);
    const { names, region, accountId, keyArn, alerts } = props;
    this.name = eventBusName(names);
    this.arn = eventBusArn(names, region, accountId);
    this.deadLetters = new DeadLetters(this, "dead-letters", {
      names,
      region,
      accountId,
      holds: "event-dead-letters",
      keyArn: props.queueKeyArn,
      senders: [
        { service: "events.amazonaws.com", sourceArn: `arn:aws:events:${region}:${accountId}:rule/${this.name}/*` },
        { service: "events.amazonaws.com", sourceArn: this.arn },
      ],
      alerts,
      runbook: "events.md#dead-letters",
    });
    const bus = new CloudwatchEventBus(this, "bus", {
      name: this.name,
      description: "Events of the application",
      kmsKeyIdentifier: keyArn,
      deadLetterConfig: { arn: this.deadLetters.arn },
      dependsOn: [this.deadLetters.ready],
    });
    this.busName = bus.name;
    this.guard(bus);
    new CloudwatchEventArchive(this, "archive", {
      name: names.of("cloudwatch_event_archive"),
      description: "Events of the application, without those that may hold card data",
      eventSourceArn: bus.arn,
      eventPattern: JSON.stringify({ source: Object.values(EVENT_SOURCES), "detail-type": [{ "anything-but": NOT_ARCHIVED }] }),
      retentionDays: props.archiveDays,
    });
    this.widgets = [{ title: "Events", metrics: [metric(this.name, "MatchedEvents", "matched")] }];
  }

  /** Sends events on, and rings when they cannot be delivered. @param id unique in the region; becomes the rule's name */
  subscribe(scope: Construct, id: string, { means, pattern, target, after = [] }: Subscription): CloudwatchEventRule {
    const { names, alerts } = this.props;
    const ruleName = names.of("cloudwatch_event_rule", id);
    const rule = new CloudwatchEventRule(scope, `rule-${id}`, {
      eventBusName: this.busName,
      name: ruleName,
      description: means,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(scope, `rule-${id}-target`, {
      eventBusName: this.busName,
      rule: rule.name,
      targetId: id,
      arn: target.arn,
      ...(target.roleArn !== undefined && { roleArn: target.roleArn }),
      retryPolicy: RETRY,
      deadLetterConfig: { arn: this.deadLetters.arn },
      dependsOn: [this.deadLetters.ready, ...after],
    });
    alerts.alarm(scope, `${id}-undelivered`, {
      severity: "critical",
      means: `Events of the rule ${ruleName} could not be delivered for a day, or may not be; they lie in ${this.deadLetters.queueName}.`,
      metric: metric(this.name, "FailedInvocations", "not delivered", ruleName),
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: "events.md#dead-letters",
    });
    return rule;
  }

  /** ARN of a rule, which whoever lets EventBridge in can name before there is a rule. */
  ruleArn(id: string): string {
    const { names, region, accountId } = this.props;
    return `arn:aws:events:${region}:${accountId}:rule/${this.name}/${names.of("cloudwatch_event_rule", id)}`;
  }

  /**
   * What a sender needs: to put events under its own name, and to have them encrypted. One call may carry events of many
   * sources: each must be its own.
   */
  grantPut(source: string): Statement[] {
    return [
      {
        Sid: "PutEvents",
        Action: "events:PutEvents",
        Resource: this.arn,
        Condition: { "ForAllValues:StringEquals": { "events:source": source }, Null: { "events:source": "false" } },
      },
    ];
  }

  /** What the service needs to send its events. */
  connection(): Connection {
    return {
      parameters: { "events/bus": this.busName, "events/source": EVENT_SOURCES.service },
      variables: { EVENT_BUS: "events/bus" },
      permissions: this.grantPut(EVENT_SOURCES.service),
    };
  }

  /** Nobody sends under a name that is not known here, whatever another policy allows. */
  private guard(bus: CloudwatchEventBus): void {
    new CloudwatchEventBusPolicy(this, "policy", {
      eventBusName: bus.name,
      policy: policy({
        Sid: "KnownSendersOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "events:PutEvents",
        Resource: this.arn,
        Condition: { "ForAnyValue:StringNotEquals": { "events:source": Object.values(EVENT_SOURCES) } },
      }),
    });
  }
}

/**
 * Of a bus that is not the default one, metrics name the bus and the rule.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
function metric(bus: string, name: string, label: string, rule?: string): Metric {
  return {
    namespace: "AWS/Events",
    name,
    dimensions: { EventBusName: bus, ...(rule !== undefined && { RuleName: rule }) },
    statistic: "Sum",
    label,
  };
}

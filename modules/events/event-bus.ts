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
  /** The key's policy must allow the bus (`keyPolicyForEventBus`). */
  readonly keyArn: string;
  /** Encrypts the dead-letter queue. */
  readonly queueKeyArn: string;
  /** Days for which archived events can be replayed. */
  readonly archiveDays: number;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

export interface Subscription {
  /** What the event means: the description of the rule. */
  readonly means: string;
  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
  readonly pattern: object;
  readonly target: {
    readonly arn: string;
    /** Role that EventBridge assumes to call the target. @default - the resource policy of the target allows EventBridge */
    readonly roleArn?: string;
  };
  /** Resources that must exist before the first event can be delivered. */
  readonly after?: readonly ITerraformDependable[];
}

/** Events that may contain card data and are therefore not archived. */
const NOT_ARCHIVED = ["PaymentSubmitted"] satisfies (keyof ServiceEvents)[];
/** EventBridge retries a failed delivery with exponential backoff, for 24 hours. */
const RETRY = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

function eventBusName(names: Names): string {
  return names.of("cloudwatch_event_bus");
}

export function eventBusArn(names: Names, region: string, accountId: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${eventBusName(names)}`;
}

/**
 * The event bus of the application: encrypted, for known event sources only, with an archive for replays and a dead-letter
 * queue.
 */
export class EventBus extends Construct {
  readonly busName: string;
  private readonly arn: string;
  private readonly name: string;
  readonly deadLetters: DeadLetters;
  /** Failed deliveries of each rule. */
  private readonly failures: Metric[] = [];

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
      purpose: "event-dead-letters",
      keyArn: props.queueKeyArn,
      senders: [
        { service: "events.amazonaws.com", sourceArn: `arn:aws:events:${region}:${accountId}:rule/${this.name}/*` },
        { service: "events.amazonaws.com", sourceArn: this.arn },
      ],
      alerts,
      clients: "events of the application are late",
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
    this.denyUnknownSources(bus);
    new CloudwatchEventArchive(this, "archive", {
      name: names.of("cloudwatch_event_archive"),
      description: "Events of the application, except events that may contain card data",
      eventSourceArn: bus.arn,
      eventPattern: JSON.stringify({ source: Object.values(EVENT_SOURCES), "detail-type": [{ "anything-but": NOT_ARCHIVED }] }),
      retentionDays: props.archiveDays,
    });
  }

  /** Its events, and those that it did not deliver. */
  get widgets(): Widget[] {
    return [
      { title: "Events", metrics: [metric(this.name, "MatchedEvents", "matched")] },
      ...(this.failures.length > 0 ? [{ title: "Failed deliveries of events", metrics: this.failures }] : []),
      this.deadLetters.widget,
    ];
  }

  /** Routes events to a target, with an alarm on undelivered events. @param id unique in the region; part of the rule's name */
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
    const failures = metric(this.name, "FailedInvocations", `failed deliveries of ${id}`, ruleName);
    this.failures.push(failures);
    alerts.alarm(scope, `${id}-undelivered`, {
      severity: "critical",
      means: `Events of the rule ${ruleName} failed delivery for 24 hours or were denied. The queue ${this.deadLetters.queueName} contains them.`,
      metric: failures,
      when: { above: 0 },
      missingData: "notBreaching",
      clients: "events of the application are late",
      runbook: "events.md#dead-letters",
    });
    return rule;
  }

  /** ARN of a rule. The policy of a target can name the rule before it exists. */
  ruleArn(id: string): string {
    const { names, region, accountId } = this.props;
    return `arn:aws:events:${region}:${accountId}:rule/${this.name}/${names.of("cloudwatch_event_rule", id)}`;
  }

  /**
   * Permissions to put events with the source of the sender. One call may contain events of several sources: all of them
   * must be the sender's.
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

  /** The connection of a service that sends events. */
  connection(): Connection {
    return {
      parameters: { "events/bus": this.busName, "events/source": EVENT_SOURCES.service },
      variables: { EVENT_BUS: "events/bus" },
      permissions: this.grantPut(EVENT_SOURCES.service),
    };
  }

  /** Denies events with any other source, regardless of other policies. */
  private denyUnknownSources(bus: CloudwatchEventBus): void {
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
 * Metrics of a custom event bus have the dimensions bus and rule.
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

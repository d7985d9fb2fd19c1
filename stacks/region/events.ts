import { EVENT_SOURCES, eventPattern } from "../../config/platform-events";
import { VALIDATION_ROUTE } from "../../config/routes";
import { EventBus } from "../../modules/events/event-bus";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Alerts } from "../../modules/monitoring/alerts";
import type { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import type { Network } from "../../modules/network/network";
import { SecurityGroup } from "../../modules/security/security-group";
import { PaymentValidation } from "../../modules/validation/payment-validation";
import { DeadLetters } from "../../modules/queues/dead-letters";
import type { RegionContext } from "./context";

/** The dead-letter queue of all rules on the default event bus: they forward events of AWS to on-call, and start functions and runbooks. */
export function createRuleDeadLetters({
  stack,
  scope,
  keys,
  alerts,
}: Pick<RegionContext, "stack" | "scope" | "keys" | "alerts">): DeadLetters {
  const { names, region, accountId } = scope;
  const deadLetters = new DeadLetters(stack, "rule-dead-letters", {
    ...scope,
    purpose: "rule-dead-letters",
    keyArn: keys.arn("queues"),
    senders: [
      {
        service: "events.amazonaws.com",
        sourceArn: `arn:aws:events:${region}:${accountId}:rule/${names.of("cloudwatch_event_rule", "*")}`,
      },
    ],
    alerts,
    clients: "no effect",
    runbook: "alerts.md#undelivered-events",
  });
  alerts.retainUndelivered(deadLetters);
  return deadLetters;
}

/** The event bus of the application. Alerts of the application notify on-call. */
export function createEventBus({ stack, config, scope, keys, alerts }: RegionContext): EventBus | undefined {
  if (!config.events.enabled) return undefined;
  const bus = new EventBus(stack, "events", {
    ...scope,
    keyArn: keys.arn("events"),
    queueKeyArn: keys.arn("queues"),
    archiveDays: config.events.archiveDays,
    alerts,
  });
  alerts.event(bus, "application-alert", {
    bus,
    means: "The application raised an alert",
    clients: "as the application reports",
    pattern: eventPattern("service", "AlertRaised"),
    paths: { summary: "$.detail.summary" },
    sentence: "The application reports: <summary>",
    runbook: "events.md#application-alerts",
  });
  return bus;
}

interface ValidationDependencies {
  readonly network: Network;
  readonly loadBalancer: LoadBalancer;
  readonly bus: EventBus | undefined;
  readonly endpoints: InterfaceEndpoints | undefined;
}

/** The function that validates payments, with its route and its event subscription. */
export function createValidation(context: RegionContext, dependencies: ValidationDependencies): PaymentValidation | undefined {
  const { stack, config, scope, logs, variables, keys, retention, alerts } = context;
  const { network, loadBalancer } = dependencies;
  const { validation: settings } = config;
  if (!settings.enabled) return undefined;
  const bus = settings.onEvents ? dependencies.bus : undefined;
  const group = settings.inVpc ? validationSecurityGroup(context, dependencies) : undefined;
  const validation = new PaymentValidation(stack, "validation", {
    ...scope,
    ...logs,
    ...settings,
    vpc: group && { subnetIds: network.applicationSubnetIds, securityGroupIds: [group.id] },
    release: variables.validationRelease,
    keyArn: keys.arn("validation"),
    queueKeyArn: keys.arn("queues"),
    results: bus && { busName: bus.busName, source: EVENT_SOURCES.validation, put: bus.grantPut(EVENT_SOURCES.validation) },
    deletionProtection: retention.deletionProtection,
    alerts,
  });
  group?.destroyBefore(validation.permissions);
  if (settings.path !== undefined)
    loadBalancer.addFunctionRoute(VALIDATION_ROUTE, settings.path, { functionName: validation.functionName, alias: validation.alias });
  if (bus) subscribeValidation(bus, validation, alerts);
  return validation;
}

function validationSecurityGroup(
  { stack, config, scope }: RegionContext,
  { network, bus, endpoints }: ValidationDependencies,
): SecurityGroup {
  const group = new SecurityGroup(stack, "validation-security-group", {
    names: scope.names,
    vpcId: network.vpcId,
    role: "validation",
    asyncDeletion: true,
  });
  // The function stores idempotency keys in DynamoDB.
  network.allowEgress(group, { cidrs: config.network.outboundCidrs, dynamodb: true });
  if (config.validation.onEvents && bus)
    endpoints?.securityGroup.allowFrom(group, "validation results to the event bus, through the interface endpoint");
  return group;
}

function subscribeValidation(bus: EventBus, validation: PaymentValidation, alerts: Alerts): void {
  bus.subscribe(validation, "payment-submitted", {
    means: "A payment was submitted for validation",
    pattern: eventPattern("service", "PaymentSubmitted"),
    target: { arn: validation.alias.arn },
    after: [validation.grantInvoke(bus.ruleArn("payment-submitted"))],
  });
  alerts.event(validation, "payment-replayed", {
    severity: "warning",
    bus,
    means: "A request used the idempotency key of another payment",
    clients: "this payment was rejected",
    pattern: eventPattern("validation", "PaymentRejected", { reasons: { code: ["IDEMPOTENCY_KEY_REUSED"] } }),
    paths: { submission: "$.detail.submission" },
    sentence: "Submission <submission> used the idempotency key of another payment.",
    runbook: "validation.md#replays",
  });
}

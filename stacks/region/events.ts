import { EVENT_SOURCES, eventPattern } from "../../config/platform-events";
import { VALIDATION_ROUTE } from "../../config/routes";
import { EventBus } from "../../modules/events/event-bus";
import type { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import type { Alerts } from "../../modules/monitoring/alerts";
import type { InterfaceEndpoints } from "../../modules/network/interface-endpoints";
import type { Network } from "../../modules/network/network";
import { SecurityGroup } from "../../modules/security/security-group";
import { PaymentValidation } from "../../modules/validation/payment-validation";
import type { RegionContext } from "./context";

/** The bus of the application's events; what the application raises itself goes to the people on call. */
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
    means: "The application raises an alert of its own",
    pattern: eventPattern("service", "AlertRaised"),
    paths: { summary: "$.detail.summary" },
    sentence: "The application says: <summary>",
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

/** The function that validates payments, and the ways to it. */
export function createValidation(context: RegionContext, dependencies: ValidationDependencies): PaymentValidation | undefined {
  const { stack, config, scope, logs, variables, keys, retention, alerts } = context;
  const { network, loadBalancer } = dependencies;
  const { validation: wanted } = config;
  if (!wanted.enabled) return undefined;
  const bus = wanted.onEvents ? dependencies.bus : undefined;
  const group = wanted.inVpc ? validationSecurityGroup(context, dependencies) : undefined;
  const validation = new PaymentValidation(stack, "validation", {
    ...scope,
    ...logs,
    ...wanted,
    vpc: group && { subnetIds: network.applicationSubnetIds, securityGroupIds: [group.id] },
    release: variables.validationRelease,
    keyArn: keys.arn("validation"),
    queueKeyArn: keys.arn("queues"),
    answers: bus && { busName: bus.busName, source: EVENT_SOURCES.validation, put: bus.grantPut(EVENT_SOURCES.validation) },
    deletionProtection: retention.deletionProtection,
    alerts,
  });
  group?.emptiedBy(validation.permissions);
  if (wanted.path !== undefined)
    loadBalancer.addFunctionRoute(VALIDATION_ROUTE, wanted.path, { functionName: validation.functionName, alias: validation.alias });
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
  // It remembers requests in DynamoDB.
  network.allowEgress(group, { cidrs: config.network.outboundCidrs, dynamodb: true });
  if (config.validation.onEvents && bus) endpoints?.securityGroup.allowFrom(group, "answers to the event bus without leaving the VPC");
  return group;
}

function subscribeValidation(bus: EventBus, validation: PaymentValidation, alerts: Alerts): void {
  bus.subscribe(validation, "payment-submitted", {
    means: "A payment is to be validated",
    pattern: eventPattern("service", "PaymentSubmitted"),
    target: { arn: validation.alias.arn },
    after: [validation.calledBy(bus.ruleArn("payment-submitted"))],
  });
  alerts.event(validation, "payment-replayed", {
    severity: "warning",
    bus,
    means: "Somebody uses an idempotency key again for another payment",
    pattern: eventPattern("validation", "PaymentRejected", { reasons: { code: ["IDEMPOTENCY_KEY_REUSED"] } }),
    paths: { submission: "$.detail.submission" },
    sentence: "The submission <submission> uses the key of another payment.",
    runbook: "validation.md#replays",
  });
}

import { alarmsIn } from "../alarms/alarm-rule";
import { alarmsOf, causesOf, inAlarm, isSet } from "../alarms/alarms";
import { nameFaults } from "../alarms/known-metrics";
import { uselessness } from "../alarms/metric-alarm";
import { isForMachines, notifies } from "../alarms/notifications";
import { strayDimensions } from "../alarms/dimensions";
import { publishFaults, topicOf } from "../alarms/topics";
import { rulesOf, targetsOf } from "../alarms/events";
import { arnIn } from "../alarms/permissions";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import type { Resource } from "../graph/values";
import { CANARY_CLAIMS } from "./alarm-canaries";
import { ERROR_CLAIMS } from "./alarm-errors";
import { EVENT_CLAIMS } from "./alarm-events";
import { LINK_CLAIMS } from "./alarm-links";
import { SILENCE_CLAIMS } from "./alarm-silence";
import { ZONE_ALARM_CLAIMS } from "./alarm-zones";
import { type Claim, decided, notApplicable } from "./claim";

const HEALTH_CHECK_METRICS = "us-east-1";
/** Seconds that an alarm may wait for its suppressor. */
const LONGEST_WAIT = 300;

/** Claims about who is notified of what, by alarms and by events. */
export const ALARM_CLAIMS: readonly Claim[] = [
  {
    id: "A1",
    title: "Every alarm is switched on, watches what exists, and notifies on-call when it alone is in ALARM",
    requirementIds: ["S000-5.4", "S002-5.4", "S002-C6"],
    decide: (graph, stacks) => {
      const { metric, composite } = alarmsOf(graph);
      if (metric.size === 0) return notApplicable("There is no metric alarm.");
      const alarms = [...metric.values()].filter(({ resource }) => !isForMachines(graph, resource));
      const faults = [
        ...[...alarms, ...composite.values()].flatMap(({ resource }) => switchFaults(graph, stacks, resource)),
        ...alarms.flatMap((alarm) => {
          const reason = uselessness(alarm);
          return reason === undefined ? [] : [`${alarm.resource.address} ${reason}.`];
        }),
        ...alarms.flatMap(({ resource, metrics }) => [
          ...new Set(
            metrics.flatMap((one) => [
              ...nameFaults(graph, one).map((fault) => `${resource.address} never has data: ${fault}.`),
              ...strayDimensions(graph, stacks, one).map((stray) => `${resource.address} watches ${stray}, which is not in this JSON.`),
              ...(one.namespace === "AWS/Route53" && regionOf(graph, resource) !== HEALTH_CHECK_METRICS
                ? [
                    `${resource.address} is in ${String(regionOf(graph, resource))}, and health checks have metrics in ${HEALTH_CHECK_METRICS} only.`,
                  ]
                : []),
            ]),
          ),
        ]),
        ...alarms
          .filter(({ name }) => notifies(graph, stacks, name).length === 0)
          .map(
            ({ resource }) =>
              `${resource.address} does not notify on-call: neither it nor a composite alarm reaches a topic with subscribers.`,
          ),
        ...compositeFaults(graph, stacks),
      ];
      return decided(
        faults,
        alarms.map(
          ({ resource, name }) =>
            `${resource.address}: ${[...new Set(notifies(graph, stacks, name).map(({ by }) => by.address))].join(", ")}`,
        ),
        "Each of them reaches a topic of its region that has subscribers.",
      );
    },
  },
  {
    id: "A2",
    title: "CloudWatch, EventBridge and RDS may publish to the topics that they notify, and may use their keys",
    requirementIds: ["S002-C6"],
    decide: (graph, stacks) => {
      const senders = sendersOf(graph);
      if (senders.length === 0) return notApplicable("Nothing publishes to a topic.");
      const results = senders.flatMap(({ by, to, principal }) => {
        const topic = topicOf(graph, stacks, to);
        return topic && "resource" in topic
          ? [{ topic: topic.resource.address, principal, faults: publishFaults(topic, principal, arnIn(graph, by)) }]
          : [];
      });
      return decided(
        [...new Set(results.flatMap(({ faults }) => faults))],
        [...new Set(results.map(({ topic, principal }) => `${principal} publishes to ${topic}`))],
        "The policies of topics and keys let each sender in.",
      );
    },
  },
  ...LINK_CLAIMS,
  ...SILENCE_CLAIMS,
  ...CANARY_CLAIMS,
  ...EVENT_CLAIMS,
  ...ERROR_CLAIMS,
  ...ZONE_ALARM_CLAIMS,
];

function switchFaults(graph: Graph, stacks: readonly Graph[], alarm: Resource): readonly string[] {
  const { address, values } = alarm;
  const topics = graph.list(values["alarm_actions"]).map((action) => [action, topicOf(graph, stacks, action)] as const);
  return [
    ...(isSet(graph, values["actions_enabled"], true) ? [] : [`The actions of ${address} are switched off.`]),
    ...topics
      .filter(([action, topic]) => topic === undefined && graph.target(action)?.type.endsWith("_policy") !== true)
      .map(([action]) => `${address} notifies ${String(action)}, which is not a topic in this JSON.`),
    ...topics.flatMap(([, topic]) =>
      topic && "resource" in topic && regionOf(topic.graph, topic.resource) !== regionOf(graph, alarm)
        ? [`${address} notifies ${topic.resource.address} in another region, which CloudWatch rejects.`]
        : [],
    ),
  ];
}

/** Composite alarms that AWS rejects, or that take the message of others and send none. */
function compositeFaults(graph: Graph, stacks: readonly Graph[]): readonly string[] {
  const alarms = alarmsOf(graph);
  const places = stacks.filter(({ region }) => region === graph.region);
  const isKnown = (name: string): boolean =>
    name.includes("${") || [graph, ...places].some((stack) => alarmsOf(stack).metric.has(name) || alarmsOf(stack).composite.has(name));
  return [...alarms.composite.values()].flatMap(({ resource, name, rule, suppressor }) => {
    const { address } = resource;
    if (!rule) return [`The rule of ${address} cannot be read: CloudWatch rejects it.`];
    const strays = [...alarmsIn(rule), ...(suppressor ? [suppressor.alarm] : [])].filter((member) => !isKnown(member));
    if (strays.length > 0) return strays.map((stray) => `${address} names ${stray}, which is not an alarm in this JSON.`);
    const causes = causesOf(alarms, name).filter((cause) => cause.length > 0 && inAlarm(alarms, cause).has(name));
    const silent = causes.find((cause) => notifies(graph, stacks, ...cause).length === 0);
    return [
      ...(suppressor && suppressor.wait > LONGEST_WAIT
        ? [`${address} waits ${suppressor.wait} s for ${suppressor.alarm} before it notifies on-call.`]
        : []),
      ...(causes.length === 0 && alarmsIn(rule).length > 0 ? [`${address} is never in ALARM, whichever of its alarms are.`] : []),
      ...(silent ? [`${address} is in ALARM with ${silent.join(" and ")}, and on-call is not notified.`] : []),
    ];
  });
}

interface Sender {
  readonly by: Resource;
  readonly to: unknown;
  readonly principal: string;
}

function sendersOf(graph: Graph): readonly Sender[] {
  const { metric, composite } = alarmsOf(graph);
  return [
    ...[...metric.values(), ...composite.values()].flatMap(({ resource }) =>
      graph.list(resource.values["alarm_actions"]).map((to) => ({ by: resource, to, principal: "cloudwatch.amazonaws.com" })),
    ),
    ...rulesOf(graph).flatMap((rule) =>
      targetsOf(graph, rule).map(({ values }) => ({ by: rule.resource, to: values["arn"], principal: "events.amazonaws.com" })),
    ),
    ...graph
      .all("aws_db_event_subscription")
      .map((subscription) => ({ by: subscription, to: subscription.values["sns_topic"], principal: "events.rds.amazonaws.com" })),
    ...graph
      .all("aws_backup_vault_notifications")
      .map((vault) => ({ by: vault, to: vault.values["sns_topic_arn"], principal: "backup.amazonaws.com" })),
  ];
}

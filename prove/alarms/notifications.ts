import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { blocks, oneOrMany, type Resource, text, type Values } from "../graph/values";
import { type Alarms, alarmsOf, inAlarm, isSet } from "./alarms";
import { rulesFor, type Rule, targetsOf } from "./events";
import { arnIn, keyOf, mayAssume, roleAllows, roleMayUse, roleOf } from "./permissions";
import { isIn, publishFaults, readersOf, type Topic, topicOf } from "./topics";

/** A message to people. */
export interface Notice {
  /** What sends it: an alarm, a rule or a state machine. */
  readonly by: Resource;
  /** The resources on its way, with the topic last. */
  readonly path: readonly Resource[];
  /** Where the path is: a loss of this region takes it. */
  readonly region: string | undefined;
  /** The subscriptions that deliver it. Empty for a destination that no stack creates. */
  readonly readers: readonly string[];
}

/** A message to a topic of a region, if it is read and its sender may publish. */
function toTopic(graph: Graph, stacks: readonly Graph[], by: Resource, value: unknown, principal: string): readonly Notice[] {
  const way = wayToTopic(graph, stacks, by, value, principal);
  return typeof way === "string" ? [] : [way];
}

/** A message to a topic of a region, or why it reaches no subscriber. */
function wayToTopic(graph: Graph, stacks: readonly Graph[], by: Resource, value: unknown, principal: string): Notice | string {
  const topic = topicOf(graph, stacks, value);
  const region = regionOf(graph, by);
  const elsewhere = `${by.address} publishes to ${String(value)}, which is no topic of its stack.`;
  if (!topic) return elsewhere;
  if ("outside" in topic) return isForPeople(graph, topic.outside) ? { by, path: [by], region, readers: [] } : elsewhere;
  const { address } = topic.resource;
  if (regionOf(topic.graph, topic.resource) !== region) return `${by.address} publishes to ${address}, which is in another region.`;
  const [fault] = publishFaults(topic, principal, arnIn(graph, by));
  if (fault !== undefined) return fault;
  const readers = readersOf(stacks, topic);
  return readers.length === 0 ? `${address} has no subscription.` : { by, path: [by, topic.resource], region, readers };
}

/** Topics of other accounts in the same region, and what opens an item for the operator. A topic of this account would be in a stack. */
function isForPeople(graph: Graph, arn: string): boolean {
  const [, service, region] = /^arn:aws[^:]*:(sns|ssm|ssm-incidents):([^:]*):/.exec(arn) ?? [];
  return service === "sns" ? region === graph.region && !isIn(graph, arn) : service !== undefined;
}

/** The messages of the actions of an alarm, as it goes to ALARM. */
export function actionNotices(graph: Graph, stacks: readonly Graph[], alarm: Resource): readonly Notice[] {
  if (!isSet(graph, alarm.values["actions_enabled"], true)) return [];
  return graph.list(alarm.values["alarm_actions"]).flatMap((action) => toTopic(graph, stacks, alarm, action, "cloudwatch.amazonaws.com"));
}

/** Why the actions of an alarm in ALARM reach no subscriber. Empty if one of its actions does. */
export function silenceOf(graph: Graph, stacks: readonly Graph[], alarm: Resource): readonly string[] {
  if (!isSet(graph, alarm.values["actions_enabled"], true)) return [`${alarm.address} has its actions disabled.`];
  const ways = graph
    .list(alarm.values["alarm_actions"])
    .map((action) => wayToTopic(graph, stacks, alarm, action, "cloudwatch.amazonaws.com"));
  const reasons = ways.filter((way) => typeof way === "string");
  if (ways.length === 0) return [`${alarm.address} has no action.`];
  return reasons.length < ways.length ? [] : reasons.slice(0, 1);
}

/** The messages that an event results in: by targets that are topics, and by the state machines that it starts. */
export function eventNotices(graph: Graph, stacks: readonly Graph[], event: Values): readonly Notice[] {
  return rulesFor(graph, event).flatMap((rule) => ruleNotices(graph, stacks, rule));
}

function ruleNotices(graph: Graph, stacks: readonly Graph[], rule: Rule): readonly Notice[] {
  return targetsOf(graph, rule).flatMap((target) => {
    const to = graph.target(target.values["arn"]);
    if (to?.type !== "aws_sfn_state_machine") return toTopic(graph, stacks, rule.resource, target.values["arn"], "events.amazonaws.com");
    return mayStart(graph, target, to)
      ? machineNotices(graph, stacks, to).map((notice) => ({ ...notice, path: [rule.resource, ...notice.path] }))
      : [];
  });
}

/** Whether a target may start a state machine. */
export function mayStart(graph: Graph, target: Resource, machine: Resource): boolean {
  const role = roleOf(graph, target.values["role_arn"]);
  return (
    role !== undefined && mayAssume(graph, role, "events.amazonaws.com") && roleAllows(role, "states:StartExecution", arnIn(graph, machine))
  );
}

const PUBLISHES = /^arn:aws[^:]*:states:::(sns:publish|aws-sdk:sns:publish)(\.|$)/;

/** The messages of a state machine. None if one of its messages reaches no subscriber: which of them is sent, its run decides. */
function machineNotices(graph: Graph, stacks: readonly Graph[], machine: Resource): readonly Notice[] {
  const role = roleOf(graph, machine.values["role_arn"]);
  const topics = publishedBy(graph.document(machine.values["definition"])).map((value) => topicOf(graph, stacks, value));
  const read = topics.filter((topic): topic is Topic => topic !== undefined && "resource" in topic && roleMayPublish(role, topic));
  const notices = read.flatMap((topic) => {
    const readers = readersOf(stacks, topic);
    return readers.length === 0 ? [] : [{ by: machine, path: [machine, topic.resource], region: regionOf(graph, machine), readers }];
  });
  return notices.length < topics.length ? [] : notices.slice(0, 1);
}

function roleMayPublish(role: ReturnType<typeof roleOf>, { graph: owner, resource }: Topic): boolean {
  if (!role || !roleAllows(role, "sns:Publish", arnIn(owner, resource))) return false;
  const key = keyOf(owner, resource.values["kms_master_key_id"]);
  return (
    !key ||
    roleMayUse(owner, role, key, ["kms:GenerateDataKey", "kms:Decrypt"], { "kms:ViaService": `sns.${String(owner.region)}.amazonaws.com` })
  );
}

/** The topics of the states that publish, at every depth. */
function publishedBy(definition: unknown): readonly unknown[] {
  if (Array.isArray(definition)) return definition.flatMap(publishedBy);
  if (typeof definition !== "object" || definition === null) return [];
  const state = definition as Values;
  const own = PUBLISHES.test(text(state["Resource"]) ?? "")
    ? blocks(state["Parameters"] ?? state["Arguments"]).map((one) => one["TopicArn"])
    : [];
  return [...own, ...Object.values(state).flatMap((value) => (typeof value === "object" ? publishedBy(value) : []))];
}

/** The event of a state change of an alarm. */
const stateChange = (alarm: string): Values => ({
  source: "aws.cloudwatch",
  "detail-type": "CloudWatch Alarm State Change",
  detail: { alarmName: alarm, state: { value: "ALARM" }, previousState: { value: "OK" } },
});

/** The messages while a set of alarms is in ALARM, those of alarms that a suppressor holds back not among them. */
export function noticesOf(graph: Graph, stacks: readonly Graph[], states: ReadonlySet<string>): readonly Notice[] {
  const alarms = alarmsOf(graph);
  return [...states].flatMap((name) => [
    ...(isSuppressed(alarms, name, states) ? [] : ownNotices(graph, stacks, alarms, name)),
    ...changeNotices(graph, stacks, name),
  ]);
}

function isSuppressed({ composite }: Alarms, name: string, states: ReadonlySet<string>): boolean {
  const suppressor = composite.get(name)?.suppressor;
  return suppressor !== undefined && states.has(suppressor.alarm);
}

const cached = new WeakMap<readonly Graph[], Map<string, readonly Notice[]>>();

function remember(stacks: readonly Graph[], key: string, make: () => readonly Notice[]): readonly Notice[] {
  const notices = cached.get(stacks) ?? new Map<string, readonly Notice[]>();
  cached.set(stacks, notices);
  const found = notices.get(key) ?? make();
  notices.set(key, found);
  return found;
}

function ownNotices(graph: Graph, stacks: readonly Graph[], alarms: Alarms, name: string): readonly Notice[] {
  const alarm = (alarms.metric.get(name) ?? alarms.composite.get(name))?.resource;
  return alarm ? remember(stacks, `${graph.name} actions ${name}`, () => actionNotices(graph, stacks, alarm)) : [];
}

function changeNotices(graph: Graph, stacks: readonly Graph[], name: string): readonly Notice[] {
  return remember(stacks, `${graph.name} change ${name}`, () => eventNotices(graph, stacks, stateChange(name)));
}

/** Who is notified when metric alarms of a stack are in ALARM and nothing else is, and by which path. */
export function notifies(graph: Graph, stacks: readonly Graph[], ...metricAlarms: readonly string[]): readonly Notice[] {
  return noticesOf(graph, stacks, inAlarm(alarmsOf(graph), metricAlarms));
}

/** The actions of an alarm that change something and do not notify on-call: scaling, and EC2's own. */
export function isForMachines(graph: Graph, { values }: Resource): boolean {
  const actions = oneOrMany(graph.list(values["alarm_actions"]));
  return (
    actions.length > 0 &&
    actions.every(
      (action) =>
        /^aws_(appautoscaling|autoscaling)_policy$/.test(graph.target(action)?.type ?? "") ||
        /^arn:aws[^:]*:(autoscaling|automate|swf):/.test(graph.text(action) ?? ""),
    )
  );
}

import { alarmsOf, firing, inAlarm, UNCHANGED } from "../alarms/alarms";
import { reaction } from "../alarms/metric-alarm";
import { notifies } from "../alarms/notifications";
import { instanceThings, lossOf, natThings, targetThings, type Thing, zonesIn } from "../alarms/things";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { ZONE_LOSS_CLAIM } from "./alarm-zone-loss";

const LEAST_ZONES = 2;

export const ZONE_ALARM_CLAIMS: readonly Claim[] = [
  {
    id: "Z10",
    title:
      "Each zone has one composite alarm, which is in ALARM when targets, NAT gateway or database instance of the zone fail, and for no other zone",
    decide: (graph, stacks) => {
      const alarms = alarmsOf(graph);
      const things = thingsInZones(graph);
      const zones = [...new Set(things.flatMap(({ zone }) => zone ?? []))].sort();
      if (alarms.composite.size === 0 || things.length === 0 || zones.length < LEAST_ZONES)
        return notApplicable("There is no composite alarm, or no part in several zones.");
      if (things.some(({ zone }) => zone === undefined)) return unknown("AWS or another owner chooses the zone of a part.");
      const lit = new Map(things.map((thing) => [thing, litBy(graph, thing)]));
      const faults = zones.flatMap((zone) => zoneFaults(graph, stacks, zone, lit));
      return decided(
        faults,
        zones.map((zone) => `${zone}: ${lightsOf(zone, lit).join(", ")}`),
        "Every part of a zone lights the alarm of its zone, and no other.",
      );
    },
  },
  {
    id: "Z11",
    title: "A dead NAT gateway is noticed by an alarm on its silence and on connections without an answer, or by zonal autoshift",
    decide: (graph, stacks) => {
      const gateways = natThings(graph).filter(({ resource }) => resource.values["connectivity_type"] !== "private");
      const { metric } = alarmsOf(graph);
      if (gateways.length === 0 || metric.size === 0) return notApplicable("There is no NAT gateway, or no alarm.");
      const isWatched = [...metric.values()].some(({ metrics }) => metrics.some(({ namespace }) => namespace === "AWS/NATGateway"));
      const shifts = autoshiftsOf(graph);
      const shiftFaults = shifts.flatMap(({ faults }) => faults);
      const faults = [
        ...(isWatched || shifts.length === 0 || shiftFaults.length > 0
          ? gateways.flatMap((gateway) => gatewayFaults(graph, stacks, gateway))
          : []),
        ...shiftFaults,
      ];
      return decided(
        faults,
        [...gateways.map(({ what }) => what), ...shifts.map(({ by }) => by.address)],
        isWatched ? "An alarm of each gateway notifies on-call." : "AWS shifts traffic away from a zone that is impaired.",
      );
    },
  },
  ZONE_LOSS_CLAIM,
];

function thingsInZones(graph: Graph): readonly Thing[] {
  return [...targetThings(graph, zonesIn(graph)), ...natThings(graph), ...instanceThings(graph)];
}

/** The composite alarms that are in ALARM while a thing alone is dead, whether it reports nothing or zero. */
function litBy(graph: Graph, thing: Thing): readonly string[] {
  const alarms = alarmsOf(graph);
  const faults = [lossOf(thing), ...(thing.zeroIsDead ? [lossOf(thing, 0)] : [])];
  const sets = faults.map((fault) =>
    inAlarm(
      alarms,
      firing(alarms, fault).map(({ name }) => name),
    ),
  );
  return [...alarms.composite.keys()].filter((name) => sets.every((states) => states.has(name)));
}

/** The composite alarms that every part of a zone lights, and no part of another zone. */
function lightsOf(zone: string, lit: ReadonlyMap<Thing, readonly string[]>): readonly string[] {
  const own = [...lit].filter(([thing]) => thing.zone === zone);
  const others = [...lit].filter(([thing]) => thing.zone !== zone).flatMap(([, names]) => names);
  const [[, first] = [undefined, []]] = own;
  return first.filter((name) => own.every(([, names]) => names.includes(name)) && !others.includes(name));
}

function zoneFaults(graph: Graph, stacks: readonly Graph[], zone: string, lit: ReadonlyMap<Thing, readonly string[]>): readonly string[] {
  const alarms = alarmsOf(graph);
  const own = [...lit].filter(([thing]) => thing.zone === zone);
  const lights = lightsOf(zone, lit);
  const dark = own.find(([, names]) => names.length === 0)?.[0];
  if (dark) return [`No composite alarm is in ALARM when ${dark.what} in ${zone} is dead.`];
  if (lights.length === 0)
    return [
      `${zone} has no composite alarm that is in ALARM for each of its parts (${own.map(([{ what }]) => what).join(", ")}) and for no other zone.`,
    ];
  return own
    .filter(([thing]) => notifies(graph, stacks, ...firing(alarms, lossOf(thing)).map(({ name }) => name)).length === 0)
    .map(([{ what }]) => `${lights.join(", ")} is in ALARM when ${what} is dead, and on-call is not notified.`);
}

/** Every alarm on the sign of life of a gateway, and one on its connections, goes to ALARM and is heard. */
function gatewayFaults(graph: Graph, stacks: readonly Graph[], gateway: Thing): readonly string[] {
  const alarms = alarmsOf(graph);
  const isHeard = (name: string): boolean => notifies(graph, stacks, name).length > 0;
  const onSilence = firing(alarms, lossOf(gateway)).filter(({ name }) => isHeard(name));
  const unanswered = firing(alarms, (metric) => {
    if (!gateway.isOn(metric)) return UNCHANGED;
    return metric.name === "ConnectionEstablishedCount" || metric.name === "PacketsInFromDestination"
      ? 0
      : metric.name === "ConnectionAttemptCount"
        ? 500
        : UNCHANGED;
  }).filter((alarm) => isHeard(alarm.name) && reaction(alarm, () => undefined) !== "unknown");
  return [
    ...(onSilence.length > 0 ? [] : [`On-call is not notified when ${gateway.what} reports nothing.`]),
    ...(unanswered.length > 0 ? [] : [`On-call is not notified when ${gateway.what} gets no answer to its connections.`]),
  ];
}

interface Autoshift {
  readonly by: Resource;
  readonly faults: readonly string[];
}

/**
 * Configurations of zonal autoshift, as a resource or in a template of CloudFormation.
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-autoshift.html
 */
function autoshiftsOf(graph: Graph): readonly Autoshift[] {
  const own = graph.all("aws_arczonalshift_zonal_autoshift_configuration").map((resource) => ({
    by: resource,
    status: resource.values["zonal_autoshift_status"],
    identifier: resource.values["resource_identifier"] ?? resource.values["resource_arn"],
    alarms: [],
  }));
  const templates = graph.all("aws_cloudformation_stack").flatMap((resource) => inTemplate(graph, resource));
  return [...own, ...templates].map(({ by, status, identifier, alarms }) => ({
    by,
    faults: [
      ...(graph.text(status) === "ENABLED" ? [] : [`Zonal autoshift of ${by.address} is not enabled.`]),
      ...(graph.target(identifier)?.type === "aws_lb"
        ? []
        : [`Zonal autoshift of ${by.address} is for ${String(identifier)}, which is not a load balancer in this JSON.`]),
      ...alarms
        .filter((alarm) => graph.target(alarm)?.type.endsWith("_alarm") !== true)
        .map((alarm) => `The practice runs of ${by.address} check ${String(alarm)}, which is not an alarm in this JSON.`),
    ],
  }));
}

interface Properties {
  readonly ResourceIdentifier?: unknown;
  readonly ZonalAutoshiftStatus?: unknown;
  readonly PracticeRunConfiguration?: { readonly OutcomeAlarms?: readonly { readonly AlarmIdentifier?: unknown }[] };
}

function inTemplate(graph: Graph, by: Resource) {
  const template = graph.document(by.values["template_body"]) as
    { readonly Resources?: Readonly<Record<string, { readonly Type?: string; readonly Properties?: Properties }>> } | undefined;
  return Object.values(template?.Resources ?? {})
    .filter(({ Type }) => Type === "AWS::ARCZonalShift::ZonalAutoshiftConfiguration")
    .map(({ Properties: { ResourceIdentifier, ZonalAutoshiftStatus, PracticeRunConfiguration } = {} }) => ({
      by,
      status: ZonalAutoshiftStatus,
      identifier: ResourceIdentifier,
      alarms: (PracticeRunConfiguration?.OutcomeAlarms ?? []).map(({ AlarmIdentifier }) => AlarmIdentifier),
    }));
}

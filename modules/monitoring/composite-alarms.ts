import type { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Severity } from "./alert-props";
import {
  type Alarm,
  anyOf,
  type ComponentProps,
  compositeAlarm,
  type CompositeAlarmsProps,
  type CompositeProps,
  inAlarm,
  suppress,
  type Within,
} from "./composite-alarm";

/** Maximum number of alarms in one composite alarm. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const MAX_ALARMS = 100;

/**
 * Composite alarms: for each component, what clients see, each zone, and several zones at once. They notify on-call; the alarms in
 * them do not. A wider one suppresses the notifications of the narrower ones: one incident is one message.
 */
export class CompositeAlarms {
  private readonly zones = new Map<string, { readonly composite: CloudwatchCompositeAlarm; readonly alarms: readonly Alarm[] }>();
  private readonly impairedZones = new Map<string, CloudwatchCompositeAlarm>();
  private readonly regionsLost: CloudwatchCompositeAlarm[] = [];
  private clients: CloudwatchCompositeAlarm | undefined;
  private readonly suppressible: { readonly composite: CloudwatchCompositeAlarm; readonly within: Within }[] = [];

  constructor(private readonly props: CompositeAlarmsProps) {}

  /** A composite alarm that is in ALARM while any critical alarm of the zone is in ALARM. */
  addZone(scope: Construct, zone: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    const members = ofSeverity("critical", alarms);
    const composite = this.composite({
      scope,
      id: `composite-alarm-${zone}`,
      name: `zone-${zone}`,
      severity: "critical",
      means: `At least one critical alarm of the zone ${zone} is in ALARM. The other zones serve all requests`,
      clients: "up to a third of the new connections fails, for about a minute",
      variables: { ZONE: zone },
      rule: anyOf(members),
      alarms: members,
      runbook,
      notifies: true,
    });
    this.zones.set(zone, { composite, alarms: members });
  }

  /**
   * For each zone, a composite alarm that is in ALARM while an alarm of this zone, and no alarm of another zone, is in ALARM. Returns
   * their names by zone.
   * @param notifies whether they notify on-call, and no runbook that they start does
   * @see https://docs.aws.amazon.com/whitepapers/latest/advanced-multi-az-resilience-patterns/failure-detection-with-cloudwatch-composite-alarms.html
   */
  addImpairedZones(
    scope: Construct,
    alarms: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>,
    runbook: string,
    notifies: boolean,
  ): Map<string, string> {
    const members = new Map([...alarms].map(([zone, own]) => [zone, this.combinedIfTooMany(scope, zone, own, alarms, runbook)]));
    for (const [zone, own] of members) {
      const others = [...members].flatMap(([other, theirs]) => (other === zone ? [] : theirs));
      const composite = this.composite({
        scope,
        id: `composite-alarm-${zone}-impaired`,
        name: `zone-${zone}-impaired`,
        severity: "critical",
        means: `The zone ${zone} is impaired: it is worse than the others, and no other zone is`,
        clients: "some requests that the zone handles fail or are slow",
        variables: { ZONE: zone },
        rule: `(${anyOf(own)}) AND NOT (${anyOf(others)})`,
        alarms: [...own, ...others],
        runbook,
        notifies,
      });
      this.impairedZones.set(zone, composite);
    }
    return new Map([...this.impairedZones].map(([zone, { alarmNameInput }]) => [zone, alarmNameInput ?? ""]));
  }

  /** The alarms of one zone, or one composite alarm in their place if those of all zones are too many for a rule. */
  private combinedIfTooMany(
    scope: Construct,
    zone: string,
    own: readonly CloudwatchMetricAlarm[],
    all: ReadonlyMap<string, readonly CloudwatchMetricAlarm[]>,
    runbook: string,
  ): readonly Alarm[] {
    if ([...all.values()].flat().length <= MAX_ALARMS) return own;
    const combined = this.composite({
      scope,
      id: `composite-alarm-${zone}-worse`,
      name: `zone-${zone}-worse`,
      severity: "critical",
      means: `At least one alarm on a difference between the zone ${zone} and the others is in ALARM`,
      rule: anyOf(own),
      alarms: own,
      runbook,
      notifies: false,
    });
    return [combined];
  }

  /** A composite alarm that is in ALARM while all alarms on the loss of another region are in ALARM. */
  addRegionLost(scope: Construct, region: string, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    this.regionsLost.push(
      this.composite({
        scope,
        id: `composite-alarm-region-lost-${region}`,
        name: `region-lost-${region}`,
        severity: "critical",
        means: `${region} is lost, seen from here: its canary fails, and a second signal confirms it`,
        clients: `no answers from ${region}, until DNS routes them to another region`,
        rule: alarms.map(inAlarm).join(" AND "),
        alarms,
        runbook,
        notifies: true,
      }),
    );
  }

  /**
   * A composite alarm that is in ALARM while any critical alarm of the component is in ALARM, and one for its warnings. More than 100
   * alarms are first combined in hundreds. Without alarms of a severity there is no composite alarm of it.
   * @returns the one of the critical alarms
   */
  addComponent(
    scope: Construct,
    component: string,
    alarms: readonly CloudwatchMetricAlarm[],
    { runbook, within, clients, warning = "no effect yet", variables }: ComponentProps,
  ): CloudwatchCompositeAlarm | undefined {
    let critical: CloudwatchCompositeAlarm | undefined;
    for (const severity of ["critical", "warning"] as const) {
      const members = ofSeverity(severity, alarms);
      const suffix = severity === "critical" ? "" : "-warnings";
      if (members.length === 0) continue;
      const composite = this.componentOf(
        {
          scope,
          id: `composite-alarm${suffix}`,
          name: `${component}${suffix}`,
          severity,
          means: `At least one ${severity === "critical" ? "critical alarm" : "warning"} of the component ${component} is in ALARM`,
          clients: severity === "critical" ? clients : warning,
          runbook,
          variables,
        },
        members,
      );
      if (within) this.suppressible.push({ composite, within });
      if (severity === "critical") critical = composite;
    }
    return critical;
  }

  /** The composite alarms of what clients see. No other alarm suppresses that of the critical alarms. */
  addClients(scope: Construct, alarms: readonly CloudwatchMetricAlarm[], runbook: string): void {
    this.clients = this.addComponent(scope, "clients", ofSeverity("critical", alarms), { runbook, clients: "errors or slow answers" });
    const warning = "some errors or slow answers";
    this.addComponent(scope, "clients", ofSeverity("warning", alarms), { runbook, warning, within: "clients" });
  }

  /**
   * A composite alarm that is in ALARM while alarms of at least two zones are in ALARM. It completes the others: it suppresses those of
   * the zones, which suppress those of the components. To be called when all others exist.
   */
  addPlatform(scope: Construct, runbook: string): void {
    const platform = this.createPlatform(scope, runbook);
    for (const [zone, { composite }] of this.zones)
      this.suppress([composite], `zone-${zone}-suppressor`, scope, [platform, this.impairedZones.get(zone)]);
    const within = (kind: Within): CloudwatchCompositeAlarm[] =>
      this.suppressible.filter((each) => each.within === kind).map(({ composite }) => composite);
    const zones = [...[...this.zones.values()].map(({ composite }) => composite), ...this.impairedZones.values()];
    this.suppress(within("zone"), "zones", scope, zones);
    this.suppress(within("region"), "regions-lost", scope, this.regionsLost);
    this.suppress(within("clients"), "clients-or-regions-lost", scope, [this.clients, ...this.regionsLost]);
  }

  private createPlatform(scope: Construct, runbook: string): CloudwatchCompositeAlarm | undefined {
    const zones = [...this.zones.values()];
    const pairs = zones.flatMap((one, index) => zones.slice(index + 1).map((other) => [one, other] as const));
    if (pairs.length === 0) return undefined;
    return this.composite({
      scope,
      id: "composite-alarm-platform",
      name: "platform",
      severity: "critical",
      means: "Critical alarms of at least two zones are in ALARM",
      clients: "possibly no answers",
      rule: pairs.map(([one, other]) => `(${anyOf(one.alarms)}) AND (${anyOf(other.alarms)})`).join(" OR "),
      alarms: zones.flatMap(({ alarms }) => alarms),
      runbook,
      notifies: true,
    });
  }

  /** Suppresses notifications while any of the wider alarms is in ALARM. A suppressor is a single alarm: several are combined. */
  private suppress(
    narrower: readonly CloudwatchCompositeAlarm[],
    name: string,
    scope: Construct,
    candidates: readonly (CloudwatchCompositeAlarm | undefined)[],
  ): void {
    const wider = candidates.filter((candidate) => candidate !== undefined);
    const [only, ...others] = wider;
    if (!only || narrower.length === 0) return;
    const suppressor =
      others.length === 0
        ? only
        : this.composite({
            scope: new Construct(scope, name),
            id: "composite-alarm",
            name,
            severity: "critical",
            means: `At least one composite alarm is in ALARM that notifies in place of others: ${wider.map(({ alarmNameInput }) => alarmNameInput).join(", ")}`,
            rule: anyOf(wider),
            alarms: wider,
            runbook: "alerts.md#composite-alarms",
            notifies: false,
          });
    for (const composite of narrower) suppress(composite, suppressor);
  }

  private componentOf(
    props: Omit<CompositeProps, "rule" | "alarms" | "notifies">,
    members: readonly CloudwatchMetricAlarm[],
  ): CloudwatchCompositeAlarm {
    const composite = (alarms: readonly Alarm[], part: string, notifies: boolean): CloudwatchCompositeAlarm =>
      this.composite({ ...props, id: `${props.id}${part}`, name: `${props.name}${part}`, rule: anyOf(alarms), alarms, notifies });
    if (members.length <= MAX_ALARMS) return composite(members, "", true);
    const parts = Array.from({ length: Math.ceil(members.length / MAX_ALARMS) }, (_, index) =>
      composite(members.slice(index * MAX_ALARMS, (index + 1) * MAX_ALARMS), `-${index + 1}`, false),
    );
    return composite(parts, "", true);
  }

  private composite(props: CompositeProps): CloudwatchCompositeAlarm {
    return compositeAlarm(this.props, props);
  }
}

function ofSeverity(severity: Severity, alarms: readonly CloudwatchMetricAlarm[]): CloudwatchMetricAlarm[] {
  return alarms.filter(({ tagsInput }) => tagsInput?.["Severity"] === severity);
}

import { answeredHost, type CheckSettings, type Endpoints } from "./dns";
import type { Platform } from "./platform";

interface Promotion {
  readonly target: string;
  readonly kind: "switchover" | "failover";
  /** Whether AWS accepts the loss of data that were not replicated. */
  readonly allowsDataLoss: boolean;
}

type Range = readonly [number, number];

/** The environment of a takeover: everything outside the executions. */
export interface World {
  /** Lost regions. */
  readonly dark: readonly string[];
  /** Region whose cluster is the writer of the global database. */
  readonly writer: string;
  readonly promotion: Promotion | null;
  /** Values of the parameters that runbooks change, by their names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The writer endpoint that the running tasks of each region use: `<cluster>/writer`, or `global/writer`. */
  readonly tasks: Readonly<Record<string, string>>;
  /** Settings of health checks that differ from Terraform's. */
  readonly checks: Readonly<Record<string, CheckSettings>>;
  /** Regions whose load balancer reports that clients are held there. */
  readonly holds: readonly string[];
  /** Ranges of the services, by region and resource. */
  readonly ranges: Readonly<Record<string, Range>>;
  /** Regions whose cluster has an instance. */
  readonly instances: readonly string[];
  readonly isLagHigh: boolean;
  /** What takes longer than usual: a poll of it may never end. */
  readonly slow: readonly string[];
  readonly isDataLost: boolean;
  /** The critical messages since the last start of a run, and the last message. */
  readonly messages: readonly string[];
}

const messageIds = new Map<string, number>();

/** Identifies a world. */
export function worldKey(world: World): string {
  const messages = world.messages.map((message) => {
    const known = messageIds.get(message);
    if (known !== undefined) return known;
    messageIds.set(message, messageIds.size);
    return messageIds.size - 1;
  });
  const { promotion, checks } = world;
  return [
    world.dark.join(),
    world.writer,
    promotion === null ? "" : `${promotion.target} ${promotion.kind} ${promotion.allowsDataLoss ? 1 : 0}`,
    Object.values(world.parameters).join(),
    Object.values(world.tasks).join(),
    Object.entries(checks)
      .map(([id, { disabled, inverted }]) => `${id} ${disabled ? 1 : 0}${inverted ? 1 : 0}`)
      .join(),
    world.holds.join(),
    Object.values(world.ranges).join(),
    world.instances.join(),
    world.slow.join(),
    `${world.isLagHigh ? 1 : 0}${world.isDataLost ? 1 : 0}`,
    messages.join(),
  ].join("|");
}

export function rangeKey(region: string, resource: string): string {
  return `${region} ${resource}`;
}

/** The platform as Terraform creates it. */
export function initialWorld(platform: Platform): World {
  const { regions, parameters, scalings, instances } = platform;
  const [first = ""] = regions;
  return {
    dark: [],
    writer: first,
    promotion: null,
    parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])),
    tasks: Object.fromEntries(regions.map((region) => [region, writerEndpointOf(platform, region)])),
    checks: {},
    holds: [],
    ranges: Object.fromEntries(scalings.map(({ region, resource, range }) => [rangeKey(region, resource), range])),
    instances: regions.filter((region) => (instances.get(region) ?? 0) > 0),
    isLagHigh: false,
    slow: [],
    isDataLost: false,
    messages: [],
  };
}

function writerEndpointOf({ parameters, names }: Platform, region: string): string {
  const found = parameters.find(({ name }) => name === names.get(region)?.writer);
  if (!found) throw new Error(`${region} has no parameter with the writer endpoint`);
  return found.value;
}

/** The parameter from which new tasks of a region read their writer endpoint. */
export function writerParameter({ names }: Platform, region: string): string {
  return names.get(region)?.writer ?? "";
}

/** The parameter that allows or freezes the writes of a region. */
export function writesParameter({ names }: Platform, region: string): string {
  const found = names.get(region)?.writes;
  if (found === undefined) throw new Error(`${region} has no parameter that allows writes`);
  return found;
}

export function isAllowed(platform: Platform, world: World, region: string): boolean {
  return world.parameters[writesParameter(platform, region)] === "allowed";
}

/** The cluster that the tasks of a region write to, by its identifier. */
export function clusterOfTasks(platform: Platform, world: World, region: string): string {
  const [cluster = ""] = (world.tasks[region] ?? "").split("/");
  return cluster === "global" ? (platform.clusters.get(world.writer) ?? "") : cluster;
}

/** Regions whose tasks use a cluster that a rewind has restored. */
export function restoredRegions(platform: Platform, world: World): string[] {
  const created = [...platform.clusters.values()];
  return platform.regions.filter((region) => !created.includes(clusterOfTasks(platform, world, region)));
}

/** The clusters that a rewind has restored, as the parameters of the regions that respond name them. */
export function restoredIdentifiers(platform: Platform, { parameters, dark }: World): string[] {
  return platform.regions.flatMap((region) => {
    const name = platform.names.get(region)?.identifier;
    const used = name === undefined || dark.includes(region) ? undefined : parameters[name];
    return used === undefined || used === platform.clusters.get(region) ? [] : [used];
  });
}

/** The region to which DNS routes clients. Undefined for a host outside the platform. */
export function answeredRegion(platform: Platform, world: World, dark: readonly string[] = world.dark): string | undefined {
  const endpoints: Endpoints = {
    answers(host, path) {
      const region = platform.hosts.get(host);
      if (region === undefined || dark.includes(region)) return false;
      return platform.holdPaths.has(path) ? world.holds.includes(region) : true;
    },
    settings: (check) => world.checks[check],
  };
  const host = answeredHost(platform.dns, endpoints);
  return platform.hosts.get(host);
}

/** Whether DNS answers the region of the writer, which is allowed to write and whose tasks use the writer. */
export function isServed(platform: Platform, world: World): boolean {
  const { writer } = world;
  return (
    world.promotion === null &&
    answeredRegion(platform, world) === writer &&
    isAllowed(platform, world, writer) &&
    clusterOfTasks(platform, world, writer) === platform.clusters.get(writer)
  );
}

/** What a refused takeover leaves as it was. */
export function summary({ writer, promotion, parameters, tasks, checks, holds }: World): string {
  return JSON.stringify([writer, promotion, parameters, tasks, checks, [...holds].sort()]);
}

export function canPromotionEnd({ promotion, dark, writer, isLagHigh }: World): boolean {
  if (promotion === null || dark.includes(promotion.target)) return false;
  return promotion.allowsDataLoss || (!dark.includes(writer) && !isLagHigh);
}

export function endPromotion(world: World): World {
  const { promotion, dark, writer, isLagHigh } = world;
  if (!promotion) return world;
  const losesData = promotion.allowsDataLoss && (dark.includes(writer) || isLagHigh);
  return {
    ...world,
    writer: promotion.target,
    promotion: null,
    isLagHigh: false,
    isDataLost: world.isDataLost || losesData,
    slow: world.slow.filter((what) => what !== "promotion"),
  };
}

/** What an apply sets back: everything that Terraform does not ignore, in the regions that respond. */
export function applied(platform: Platform, world: World): World {
  const reachable = (region: string): boolean => !world.dark.includes(region);
  const parameters = platform.parameters
    .filter(({ region, isIgnored }) => !isIgnored && reachable(region))
    .map(({ name, value }) => [name, value] as const);
  const ranges = platform.scalings
    .filter(({ region, isIgnored }) => !isIgnored && reachable(region))
    .map(({ region, resource, range }) => [rangeKey(region, resource), range] as const);
  const checks = Object.entries(world.checks)
    .map(([id, settings]): [string, CheckSettings] => {
      const check = platform.dns.checks.get(id);
      if (!check) return [id, settings];
      return [
        id,
        {
          disabled: check.ignored.includes("disabled") ? settings.disabled : check.disabled,
          inverted: check.ignored.includes("invert_healthcheck") ? settings.inverted : check.inverted,
        },
      ];
    })
    .filter(([id, { disabled, inverted }]) => {
      const check = platform.dns.checks.get(id);
      return disabled !== check?.disabled || inverted !== check.inverted;
    });
  return {
    ...world,
    parameters: { ...world.parameters, ...Object.fromEntries(parameters) },
    ranges: { ...world.ranges, ...Object.fromEntries(ranges) },
    checks: Object.fromEntries(checks),
  };
}

/** What the fence of a region does in a minute, while no takeover runs there. The same world when it does nothing. */
export function fenced(platform: Platform, world: World, region: string, isTakeoverRunning: boolean): World {
  const { fence } = platform;
  if (world.dark.includes(region) || (fence.waitsForTakeovers && isTakeoverRunning)) return world;
  const isWriter = world.writer === region;
  const isAllowedNow = isAllowed(platform, world, region);
  const writes = isWriter ? (fence.allows ? "allowed" : undefined) : fence.freezes ? "frozen" : undefined;
  const isChanged = writes !== undefined && isAllowedNow !== (writes === "allowed");
  const isReleased = !isWriter && fence.releases && world.holds.includes(region);
  if (!isChanged && !isReleased) return world;
  return {
    ...world,
    parameters: isChanged ? { ...world.parameters, [writesParameter(platform, region)]: writes } : world.parameters,
    holds: isReleased ? world.holds.filter((name) => name !== region) : world.holds,
  };
}

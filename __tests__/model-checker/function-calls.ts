import { type Breach, type Caller, type Effect, failed, ok } from "./effects";
import { asText, type JsonObject } from "./json-path";
import type { Platform } from "./platform";
import { answeredRegion, clusterOfTasks, restoredRegions, type World, writesParameter } from "./world";

/** How the function of a region's takeover, which calls other regions, answers a request. */
export function invoke(platform: Platform, world: World, caller: Caller, payload: JsonObject): Effect[] {
  const action = asText(payload["action"]);
  const others = platform.regions.filter((region) => region !== caller.region);
  const dark = others.filter((region) => world.dark.includes(region));
  switch (action) {
    case "inspect":
      return [inspect(platform, world, caller)];
    case "set-writes":
      return [setWrites(world, asText(payload["region"]), asText(payload["writes"]))];
    case "freeze-others":
      return [ok(freeze(world, others), { notFrozen: dark })];
    case "route-clients": {
      const to = asText(payload["to"]);
      const [first] = platform.regions;
      const reachable = platform.regions.filter((region) => !world.dark.includes(region));
      const holds = platform.regions.filter((region) =>
        reachable.includes(region) ? region === to && region !== first : world.holds.includes(region),
      );
      const routed = { ...world, holds };
      return [
        {
          ...ok(routed, { failed: platform.regions.filter((region) => world.dark.includes(region)) }),
          breaches: routedBack(platform, world, routed, caller),
        },
      ];
    }
    case "check-readiness":
      return [
        world.isLagHigh || dark.length > 0
          ? ok(world, { problems: ["the replica lag is too high, or a region does not respond"], lagMilliseconds: 60000 })
          : ok(world, { problems: [], lagMilliseconds: 200 }),
      ];
    case "find-executions":
      return [ok(world, { others: caller.earlier })];
    case "switch-over":
      return [switchOver(world, caller, asText(payload["primaryRegion"]))];
    default:
      throw new Error(`the model has no function with the action ${action}`);
  }
}

function inspect(platform: Platform, world: World, { region }: Caller): Effect {
  const isChanging = world.promotion !== null;
  const phase = isChanging ? "changing" : world.writer === region ? "primary" : "secondary";
  const restored = restoredRegions(platform, world)
    .filter((name) => !world.dark.includes(name))
    .map((name) => clusterOfTasks(platform, world, name));
  const result = { phase, primaryRegion: world.writer, connected: !world.dark.includes(world.writer), restored: restored[0] ?? "" };
  return { ...ok(world, result), ...(isChanging && { slow: "promotion", note: "the promotion is in progress" }) };
}

function setWrites(world: World, region: string, writes: string): Effect {
  if (world.dark.includes(region)) return failed("TimeoutError", `${region} does not respond`, world, `${region} does not respond`);
  const next = { ...world, parameters: { ...world.parameters, [writesParameter(world, region)]: writes } };
  return { ...ok(next), breaches: writes === "allowed" ? allowedTooEarly(world, region) : [] };
}

function freeze(world: World, regions: readonly string[]): World {
  const names = regions.filter((region) => !world.dark.includes(region)).map((region) => writesParameter(world, region));
  return { ...world, parameters: { ...world.parameters, ...Object.fromEntries(names.map((name) => [name, "frozen"])) } };
}

export function allowedTooEarly({ promotion, writer }: World, region: string): Breach[] {
  if ((promotion === null || promotion.target === region) && writer === region) return [];
  const reason = promotion ? `the promotion of ${promotion.target} is in progress` : `${writer} is the writer`;
  return [{ invariant: "e", sentence: `writes are allowed in ${region} while ${reason}` }];
}

/** Clients are routed to a region that is not the writer, by an execution that has requested a promotion. */
export function routedBack(platform: Platform, before: World, after: World, { hasRequested }: Caller): Breach[] {
  const to = answeredRegion(platform, after, []);
  if (!hasRequested || to === undefined || to === answeredRegion(platform, before, [])) return [];
  if (after.promotion === null ? after.writer === to : after.promotion.target === to) return [];
  return [{ invariant: "e", sentence: `clients are routed to ${to}, whose database is not the writer, after a promotion was requested` }];
}

function switchOver(world: World, { region }: Caller, primaryRegion: string): Effect {
  if (world.dark.includes(primaryRegion))
    return failed("TimeoutError", `${primaryRegion} does not respond`, world, `${primaryRegion} does not respond`);
  if (world.promotion !== null || world.writer !== primaryRegion || world.writer === region)
    return failed("InvalidGlobalClusterStateFault", "the global database cannot be switched over", world, "AWS refuses it");
  return { ...ok({ ...world, promotion: { target: region, kind: "switchover", allowsDataLoss: false } }), requests: true };
}

import { type Breach, type Caller, type Effect, failed, ok } from "./effects";
import { asText, type JsonObject } from "./json-path";
import type { Platform } from "./platform";
import { answeredRegion, isAllowed, restoredIdentifiers, type World, writesParameter } from "./world";

/** How the function of a region's takeover, which calls other regions, answers a request. */
export function invoke(platform: Platform, world: World, caller: Caller, payload: JsonObject): Effect[] {
  const action = asText(payload["action"]);
  switch (action) {
    case "inspect":
      return [inspect(platform, world, caller)];
    case "set-writes":
      return [setWrites(platform, world, caller, asText(payload["region"]), asText(payload["writes"]))];
    case "freeze-others":
      return freezeOthers(platform, world, caller);
    case "route-clients":
      return routeClients(platform, world, caller, asText(payload["to"]));
    case "check-readiness":
      return checkReadiness(world);
    case "find-executions":
      return findExecutions(world, caller);
    case "switch-over":
      return [switchOver(world, caller, asText(payload["primaryRegion"]))];
    default:
      // A request that no branch handles gets no answer.
      return [ok(world, null)];
  }
}

function inspect(platform: Platform, world: World, { region }: Caller): Effect {
  const isChanging = world.promotion !== null;
  const phase = isChanging ? "changing" : world.writer === region ? "primary" : "secondary";
  const [restored = ""] = restoredIdentifiers(platform, world);
  const result = { phase, primaryRegion: world.writer, connected: !world.dark.includes(world.writer), restored };
  return {
    ...ok(world, result),
    found: isChanging ? "" : world.writer,
    isRestored: restored !== "",
    ...(isChanging && { slow: "promotion", note: "the promotion is in progress" }),
  };
}

/** Executions are listed with eventual consistency: those of the last seconds can be missing. */
function findExecutions(world: World, { earlier }: Caller): Effect[] {
  const others = earlier.map(({ execution }) => execution);
  const listed = earlier.filter(({ isRecent }) => !isRecent).map(({ execution }) => execution);
  const all = ok(world, { others });
  if (listed.length === others.length) return [all];
  return [all, { ...ok(world, { others: listed }), faults: 1, note: "the other execution is not listed yet" }];
}

function checkReadiness(world: World): Effect[] {
  if (world.dark.includes(world.writer)) return [failed("TimeoutError", "no response", world, `${world.writer} does not respond`)];
  const notReady = (problems: string, lagMilliseconds: number): Effect => ({
    ...ok(world, { status: "not-ready", problems, lagMilliseconds }),
    slow: "readiness",
    isExpected: true,
    note: problems,
  });
  if (world.isLagHigh) return [notReady("the lag is too high", 60000)];
  return [
    ok(world, { status: "ready", problems: "", lagMilliseconds: 200 }),
    { ...notReady("a canary is in ALARM", 200), ...(!world.slow.includes("readiness") && { faults: 1 }) },
  ];
}

/** The hold of each region, except the first one, is switched on or off. Each of them may fail. */
function routeClients(platform: Platform, world: World, caller: Caller, to: string): Effect[] {
  const holding = platform.regions.slice(1);
  const dark = holding.filter((region) => world.dark.includes(region));
  const routed = (failedRegions: readonly string[]): Effect => {
    const holds = holding.filter((region) => (failedRegions.includes(region) ? world.holds.includes(region) : region === to));
    const next = { ...world, holds };
    return { ...ok(next, { failed: failedRegions }), breaches: routedBack(platform, world, next, caller) };
  };
  const changing = holding.filter((region) => !dark.includes(region) && (region === to) !== world.holds.includes(region));
  return [
    { ...routed(dark), ...(dark.includes(to) && { isRoutingTrouble: true }) },
    ...changing.map((region) => ({
      ...routed(holding.filter((each) => each === region || dark.includes(each))),
      faults: 1,
      isRoutingTrouble: true,
      note: `the hold of ${region} is not switched`,
    })),
  ];
}

function freezeOthers(platform: Platform, world: World, { region: own }: Caller): Effect[] {
  const others = platform.regions.filter((region) => region !== own);
  const dark = others.filter((region) => world.dark.includes(region));
  const frozen = (notFrozen: readonly string[]): Effect => {
    const names = others.filter((region) => !notFrozen.includes(region)).map((region) => [writesParameter(platform, region), "frozen"]);
    return ok({ ...world, parameters: { ...world.parameters, ...(Object.fromEntries(names) as Record<string, string>) } }, { notFrozen });
  };
  const changing = others.filter((region) => !dark.includes(region) && isAllowed(platform, world, region));
  return [
    frozen(dark),
    ...changing.map((region) => ({
      ...frozen(others.filter((each) => each === region || dark.includes(each))),
      faults: 1,
      note: `${region} is not frozen`,
    })),
  ];
}

function setWrites(platform: Platform, world: World, caller: Caller, region: string, writes: string): Effect {
  if (world.dark.includes(region)) return failed("TimeoutError", `${region} does not respond`, world, `${region} does not respond`);
  const next = { ...world, parameters: { ...world.parameters, [writesParameter(platform, region)]: writes } };
  return { ...ok(next), breaches: writes === "allowed" ? allowedTooEarly(caller, region) : [] };
}

/** Writes are allowed in a region that the execution has not found to be the writer of the settled global database. */
export function allowedTooEarly({ found }: Caller, region: string): Breach[] {
  if (found === region) return [];
  return [{ invariant: "e", sentence: `writes are allowed in ${region}, which was not found to be the writer since the last request` }];
}

/** An execution that has requested a promotion routes clients to another region that it has not found to be the writer. */
export function routedBack(platform: Platform, before: World, after: World, { hasRequested, region, found }: Caller): Breach[] {
  const to = answeredRegion(platform, after, []);
  if (!hasRequested || to === undefined || to === answeredRegion(platform, before, [])) return [];
  if (to === region || to === found) return [];
  return [
    { invariant: "e", sentence: `clients are routed to ${to}, which was not found to be the writer, after a promotion was requested` },
  ];
}

/** (i) */
export function leavesRestored({ seesRestored }: Caller): Breach[] {
  if (!seesRestored) return [];
  return [{ invariant: "i", sentence: "a promotion is requested although the execution has found tasks that use a restored cluster" }];
}

function switchOver(world: World, caller: Caller, primaryRegion: string): Effect {
  const { region } = caller;
  if (world.dark.includes(primaryRegion))
    return failed("TimeoutError", `${primaryRegion} does not respond`, world, `${primaryRegion} does not respond`);
  if (world.promotion !== null || world.writer !== primaryRegion || world.writer === region)
    return failed("InvalidGlobalClusterStateFault", "the global database cannot be switched over", world, "AWS refuses it");
  return {
    ...ok({ ...world, promotion: { target: region, kind: "switchover", allowsDataLoss: false } }),
    requests: true,
    breaches: leavesRestored(caller),
  };
}

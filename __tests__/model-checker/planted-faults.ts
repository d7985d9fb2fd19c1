// Over 250 lines because one table of faults.
import {
  calls,
  catchAt,
  changeStates,
  dropCatches,
  dropChoices,
  dropRetries,
  dropStates,
  inDns,
  mutateTakeovers,
  notifies,
  replaceText,
  requests,
  type Selector,
  setParameter,
  skip,
} from "./mutations";
import type { Program } from "../../prove/model-checker/interpreter";
import { asText, type JsonObject } from "../../prove/model-checker/json-path";
import type { Fence, Platform } from "../../prove/model-checker/platform";

/** A fault in the definitions or the DNS records, and the invariant that it must violate. */
export interface PlantedFault {
  readonly name: string;
  readonly invariant: string;
  /** Troubles that it needs. @default 1 */
  readonly troubles?: number;
  /** Name of the configuration that is explored. */
  readonly configuration: string;
  /** @throws when it finds nothing to change */
  readonly plant: (platform: Platform) => Platform;
}

const HOT = "hot standby";
const TWO = "hot standby, two executions";

const inTakeovers =
  (mutate: (program: Program) => number) =>
  (platform: Platform): Platform =>
    mutateTakeovers(platform, mutate);
const without = (select: Selector) => inTakeovers((program) => dropStates(program, select));
const either =
  (...selectors: readonly Selector[]): Selector =>
  (name, state) =>
    selectors.some((select) => select(name, state));

const freezes = either(requests("freeze-others"), requests("set-writes", { writes: "frozen" }));
const routes = either(requests("route-clients"), calls("route53:updateHealthCheck"));
const allows = either(
  requests("set-writes", { writes: "allowed" }),
  calls("ssm:putParameter", ({ Value }) => Value === "allowed"),
);
const named =
  (pattern: RegExp): Selector =>
  (name) =>
    pattern.test(name);
const freezeNothing = inTakeovers((program) => skip(program, freezes, { notFrozen: [] }));
const routeNothing = inTakeovers((program) => skip(program, routes, { failed: [] }));
/** The fault, and an event rule that names no command. */
const unreported =
  (plant: (platform: Platform) => Platform) =>
  (platform: Platform): Platform => ({
    ...plant(platform),
    endedMessages: new Map(platform.regions.map((region) => [region, "CRITICAL: an execution ended with status <status>"])),
  });
const fence =
  (change: Partial<Fence>) =>
  (platform: Platform): Platform => {
    withoutFences(platform);
    return { ...platform, fence: { ...platform.fence, ...change } };
  };

const checksOfPrimary = inDns((dns) => ({
  ...dns,
  records: dns.records.map((record) => (record.role === "PRIMARY" ? { ...record, check: undefined } : record)),
}));
const flipInversions = inDns((dns) => ({
  ...dns,
  checks: new Map([...dns.checks].map(([id, check]) => [id, { ...check, inverted: false }])),
}));
const lowerThresholds = inDns((dns) => ({
  ...dns,
  checks: new Map([...dns.checks].map(([id, check]) => [id, { ...check, threshold: Math.min(check.threshold, 1) }])),
}));

/** Faults that were planted in the definitions, each of which the model checker must find. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: "the other regions are not frozen, and have no fence",
    invariant: "a",
    configuration: HOT,
    troubles: 0,
    plant: (platform) => withoutFences(freezeNothing(platform)),
  },
  { name: "clients are not routed", invariant: "b", configuration: HOT, plant: routeNothing },
  {
    name: "clients are routed only after the promotion",
    invariant: "b'",
    configuration: HOT,
    troubles: 0,
    plant: inTakeovers((program) => skip(program, named(/^RouteClientsBeforePromotion$/), { failed: [] })),
  },
  { name: "a fence allows writes", invariant: "e", configuration: HOT, troubles: 0, plant: fence({ allows: true }) },
  {
    name: "a fence does not wait for takeovers",
    invariant: "b'",
    configuration: HOT,
    troubles: 0,
    plant: fence({ waitsForTakeovers: false }),
  },
  { name: "a fence releases no hold", invariant: "b'", configuration: "hot standby, after a takeover", plant: fence({ releases: false }) },
  { name: "writes are not allowed in the new primary", invariant: "b", configuration: HOT, plant: withoutAllowing },
  {
    name: "a failure is not caught",
    invariant: "b",
    configuration: HOT,
    plant: unreported(inTakeovers((program) => dropCatches(program, named(/^(PromoteAndScale|AllowWrites\w*|AwaitTasks)$/)))),
  },
  {
    name: "the message of an unclear state is not sent",
    invariant: "b",
    configuration: HOT,
    troubles: 2,
    plant: unreported(without(notifies("UNCLEAR"))),
  },
  {
    name: "the message of a half-done takeover is not sent",
    invariant: "b",
    configuration: HOT,
    troubles: 2,
    plant: unreported(without(notifies("HALFWAY"))),
  },
  {
    name: "the message of a failure is not sent",
    invariant: "b",
    configuration: HOT,
    troubles: 2,
    plant: unreported(without(notifies("FAILED"))),
  },
  {
    name: "a message does not contain the command",
    invariant: "b",
    configuration: HOT,
    plant: unreported(
      inTakeovers((program) => replaceText(program, calls("sns:publish"), /aws stepfunctions start-execution/g, "see the runbook")),
    ),
  },
  {
    name: "a command names another state machine",
    invariant: "b",
    configuration: HOT,
    plant: unreported(inTakeovers((program) => replaceText(program, calls("sns:publish"), /stateMachine:\{\}/g, "stateMachine:{}-old"))),
  },
  {
    name: "a command has an input that is rejected",
    invariant: "c",
    configuration: HOT,
    plant: unreported(
      inTakeovers((program) =>
        replaceText(program, calls("sns:publish"), /States\.JsonToString\(\$\$\.Execution\.Input\)/g, `'{\\"mode\\":\\"failover\\"}'`),
      ),
    ),
  },
  {
    name: "the state of the global database is read without a retry",
    invariant: "g",
    configuration: HOT,
    plant: inTakeovers((program) => dropRetries(program, requests("inspect"))),
  },
  {
    name: "the freeze is requested without a retry",
    invariant: "g",
    configuration: HOT,
    plant: inTakeovers((program) => dropRetries(program, freezes)),
  },
  {
    name: "routing is requested without a retry",
    invariant: "g",
    configuration: HOT,
    plant: inTakeovers((program) => dropRetries(program, routes)),
  },
  {
    name: "a parameter is written without a retry",
    invariant: "g",
    configuration: HOT,
    plant: inTakeovers((program) => dropRetries(program, calls("ssm:putParameter"))),
  },
  { name: "no progress is reported", invariant: "d", configuration: HOT, plant: without(notifies("IN PROGRESS")) },
  {
    name: "a message that cannot be sent ends the execution",
    invariant: "b",
    configuration: HOT,
    troubles: 2,
    plant: unreported(inTakeovers((program) => dropCatches(program, calls("sns:publish")))),
  },
  {
    name: "a poll waits for an hour between two attempts",
    invariant: "d",
    configuration: HOT,
    plant: inTakeovers((program) => changeStates(program, named(/^WaitForPromotion/), (state) => Object.assign(state, { Seconds: 3600 }))),
  },
  {
    name: "a call has no timeout",
    invariant: "d",
    configuration: HOT,
    plant: inTakeovers((program) =>
      changeStates(program, calls("lambda:invoke"), (state) => Reflect.deleteProperty(state, "TimeoutSeconds")),
    ),
  },
  {
    name: "a failure of the promotion allows writes in the former primary again",
    invariant: "e",
    configuration: HOT,
    plant: inTakeovers((program) => catchAt(program, named(/^PromoteAndScale$/), "AllowWritesInPrimary")),
  },
  {
    name: "an unclear state is rolled back",
    invariant: "e",
    configuration: HOT,
    plant: inTakeovers((program) =>
      changeStates(program, named(/^CheckPhaseAfterFailure$/), (state) => Object.assign(state, { Default: "AllowWritesInPrimary" })),
    ),
  },
  {
    name: "a half-done takeover is rolled back",
    invariant: "e",
    configuration: HOT,
    plant: inTakeovers((program) => catchAt(program, named(/^FindEndpoints$|^AllowWrites$/), "AllowWritesInPrimary")),
  },
  {
    name: "a switchover accepts the loss of data",
    invariant: "f",
    configuration: HOT,
    plant: inTakeovers((program) => dropChoices(program, /^SwitchOver$/)),
  },
  {
    name: "a failover does not require the words that allow the loss of data",
    invariant: "f",
    configuration: HOT,
    plant: inTakeovers(acceptsEveryFailover),
  },
  {
    name: "the range of a service is set without a look at the present one",
    invariant: "h",
    configuration: "warm standby",
    plant: inTakeovers((program) => setParameter(program, calls("applicationautoscaling:registerScalableTarget"), "MinCapacity", 1)),
  },
  {
    name: "a restored cluster is not considered",
    invariant: "i",
    configuration: "hot standby, after a rewind in the first region",
    plant: inTakeovers((program) => dropChoices(program, /Restored/)),
  },
  {
    name: "other executions are not considered, also not at the end",
    invariant: "b",
    configuration: TWO,
    plant: inTakeovers(
      (program) =>
        replaceNext(program, /^FailOtherExecution$/, "InspectGlobalDatabase") + replaceNext(program, /^FreezeOwnWrites$/, "NotifyDone"),
    ),
  },
  { name: "a record has no health check", invariant: "b", configuration: HOT, plant: checksOfPrimary },
  { name: "the health check of a hold is not inverted", invariant: "b", configuration: HOT, plant: flipInversions },
  {
    name: "a calculated health check requires one of two children",
    invariant: "b",
    configuration: HOT,
    plant: lowerThresholds,
  },
  {
    name: "no region has a fence",
    invariant: "a",
    configuration: "hot standby, the first region is lost",
    troubles: 2,
    plant: withoutFences,
  },
];

function withoutFences(platform: Platform): Platform {
  if (platform.fences.size === 0) throw new Error("the planted fault finds nothing to change");
  return { ...platform, fences: new Set() };
}

/** Parameters are a list in the data: the writes stay as they are when the list says so. */
function withoutAllowing(platform: Platform): Platform {
  return mutateTakeovers(
    platform,
    (program) => dropStates(program, allows) + replaceText(program, named(/^PrepareParameters$/), '"Value":"allowed"', '"Value":"frozen"'),
  );
}

/** Rules of a Choice that lead to a state lead to another one. */
function replaceNext(program: Program, from: RegExp, to: string): number {
  let changes = 0;
  changeStates(
    program,
    (_, state) => state["Type"] === "Choice",
    (state) => {
      state["Choices"] = (state["Choices"] as readonly JsonObject[]).map((rule) => {
        if (!from.test(asText(rule["Next"]))) return rule;
        changes++;
        return { ...rule, Next: to };
      });
    },
  );
  return changes;
}

function acceptsEveryFailover(program: Program): number {
  let changes = 0;
  changeStates(program, named(/^ValidateInput$/), (state) => {
    const before = JSON.stringify(state["Choices"]);
    const after = before.replaceAll(/,\{"Variable":"\$\.allowDataLoss","(?:IsPresent|BooleanEquals)":true\}/g, "");
    if (after === before) return;
    state["Choices"] = JSON.parse(after) as never;
    changes++;
  });
  return changes;
}

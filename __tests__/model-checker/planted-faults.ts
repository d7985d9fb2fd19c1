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
} from "./mutations";
import type { Program } from "./interpreter";
import type { Platform } from "./platform";

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
  /** Whether the present definitions lack what it changes, or violate the invariant in the same way already. */
  readonly isDeferred?: boolean;
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
const COMMAND = /aws stepfunctions start-execution[^']*--input [^ ]*/g;

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
  { name: "the other regions are not frozen", invariant: "a", configuration: HOT, troubles: 0, plant: without(freezes) },
  { name: "clients are not routed", invariant: "b", configuration: HOT, plant: without(routes) },
  { name: "writes are not allowed in the new primary", invariant: "b", configuration: HOT, plant: withoutAllowing },
  {
    name: "a failure is not caught",
    invariant: "b",
    configuration: HOT,
    plant: inTakeovers((program) => dropCatches(program, named(/^(FindEndpoints|PutParameters|PromoteAndScale|AllowWrites\w*)$/))),
  },
  { name: "the message of an unclear state is not sent", invariant: "b", configuration: HOT, plant: without(notifies("UNCLEAR")) },
  { name: "the message of a half-done takeover is not sent", invariant: "b", configuration: HOT, plant: without(notifies("HALFWAY")) },
  { name: "the message of a failure is not sent", invariant: "b", configuration: HOT, plant: without(notifies("FAILED")) },
  {
    name: "a message does not contain the command",
    invariant: "b",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => replaceText(program, calls("sns:publish"), COMMAND, "see the runbook")),
  },
  {
    name: "a command names another region",
    invariant: "c",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => replaceText(program, calls("sns:publish"), /--region us-west-2/g, "--region us-east-1")),
  },
  {
    name: "a command has an input that is rejected",
    invariant: "c",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => replaceText(program, calls("sns:publish"), /allowDataLoss/g, "dataLoss")),
  },
  {
    name: "the state of the global database is read without a retry",
    invariant: "g",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => dropRetries(program, requests("inspect"))),
  },
  {
    name: "the freeze is requested without a retry",
    invariant: "g",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => dropRetries(program, freezes)),
  },
  {
    name: "routing is requested without a retry",
    invariant: "g",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => dropRetries(program, routes)),
  },
  {
    name: "a parameter is written without a retry",
    invariant: "g",
    configuration: HOT,
    plant: inTakeovers((program) => dropRetries(program, calls("ssm:putParameter"))),
  },
  { name: "no progress is reported", invariant: "d", configuration: HOT, isDeferred: true, plant: without(notifies("PROGRESS")) },
  {
    name: "a message that cannot be sent ends the execution",
    invariant: "b",
    configuration: HOT,
    isDeferred: true,
    plant: inTakeovers((program) => dropCatches(program, calls("sns:publish"))),
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
    configuration: HOT,
    plant: inTakeovers((program) => setParameter(program, calls("applicationautoscaling:registerScalableTarget"), "MinCapacity", 1)),
  },
  {
    name: "a restored cluster is not considered",
    invariant: "i",
    configuration: "hot standby, after a rewind in the first region",
    isDeferred: true,
    plant: inTakeovers((program) => dropChoices(program, /Restored/)),
  },
  {
    name: "other executions are not considered",
    invariant: "e",
    configuration: TWO,
    isDeferred: true,
    plant: inTakeovers((program) => dropChoices(program, /Other|InProgress|AlreadyRuns|Superseded/)),
  },
  { name: "a record has no health check", invariant: "b", configuration: HOT, plant: checksOfPrimary },
  { name: "the health check of a hold is not inverted", invariant: "b", configuration: HOT, isDeferred: true, plant: flipInversions },
  {
    name: "a calculated health check requires one of two children",
    invariant: "b",
    configuration: HOT,
    isDeferred: true,
    plant: lowerThresholds,
  },
  { name: "no region has a fence", invariant: "a", configuration: HOT, isDeferred: true, plant: withoutFences },
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

import type { Dns } from "../../prove/model-checker/dns";
import { actionOf } from "../../prove/model-checker/faults";
import type { Program } from "../../prove/model-checker/interpreter";
import { asText, isObject, type Json, type JsonObject } from "../../prove/model-checker/json-path";
import type { Platform } from "../../prove/model-checker/platform";

type MutableObject = Record<string, Json>;
/** Selects states, by their names and contents. */
export type Selector = (name: string, state: JsonObject) => boolean;

/** A state that calls an action, with certain parameters. */
export const calls =
  (action: string, accepts: (parameters: JsonObject) => boolean = () => true): Selector =>
  (_, state) =>
    state["Type"] === "Task" && actionOf(state) === action && accepts((state["Parameters"] ?? {}) as JsonObject);

/** A state that sends a request to the function of the takeover. */
export const requests = (action: string, fields: JsonObject = {}): Selector =>
  calls("lambda:invoke", ({ Payload }) => {
    const payload = isObject(Payload) ? Payload : {};
    return payload["action"] === action && Object.entries(fields).every(([key, value]) => payload[key] === value);
  });

/** A state that notifies on-call with a certain subject. */
export const notifies = (subject: string): Selector => calls("sns:publish", ({ Subject }) => asText(Subject).startsWith(subject));

/** The platform with changed takeovers in every region, or in those of which a region is chosen. */
export function mutateTakeovers(platform: Platform, mutate: (program: Program, region: string) => number): Platform {
  let changes = 0;
  const takeovers = [...platform.takeovers].map(([region, program]): [string, Program] => {
    const copy = structuredClone(program);
    changes += mutate(copy, region);
    return [region, copy];
  });
  if (changes === 0) throw new Error("the planted fault finds nothing to change");
  return { ...platform, takeovers: new Map(takeovers) };
}

/** Changes the selected states in place, also inside Maps and branches. @returns their number */
export function changeStates(program: Program, select: Selector, change: (state: MutableObject) => void): number {
  let changes = 0;
  for (const [name, state] of Object.entries(program.States)) {
    if (select(name, state)) {
      change(state);
      changes++;
    }
    for (const inner of innerPrograms(state)) changes += changeStates(inner, select, change);
  }
  return changes;
}

/** Leaves the selected states out: they change nothing and continue. @returns their number */
export function dropStates(program: Program, select: Selector): number {
  return changeStates(program, select, (state) => {
    const { Next, End } = state;
    for (const key of Object.keys(state)) Reflect.deleteProperty(state, key);
    Object.assign(state, { Type: "Pass", ...(Next !== undefined && { Next }), ...(End !== undefined && { End }) });
  });
}

/** Removes the retriers of the selected states. */
export function dropRetries(program: Program, select: Selector): number {
  return changeStates(program, select, (state) => Reflect.deleteProperty(state, "Retry"));
}

/** Removes the catchers of the selected states: an error ends the execution without a message. */
export function dropCatches(program: Program, select: Selector): number {
  return changeStates(
    program,
    (name, state) => state["Catch"] !== undefined && select(name, state),
    (state) => Reflect.deleteProperty(state, "Catch"),
  );
}

/** Errors of the selected states continue at another state. */
export function catchAt(program: Program, select: Selector, next: string): number {
  if (!program.States[next]) throw new Error(`there is no state ${next}`);
  return changeStates(
    program,
    (name, state) => state["Catch"] !== undefined && select(name, state),
    (state) => {
      state["Catch"] = (state["Catch"] as readonly JsonObject[]).map((catcher) => ({ ...catcher, Next: next }));
    },
  );
}

/** Changes the text of the selected states' parameters. A replacement that changes nothing does not count. */
export function replaceText(program: Program, select: Selector, pattern: RegExp | string, replacement: string): number {
  let changes = 0;
  changeStates(program, select, (state) => {
    const before = JSON.stringify(state["Parameters"]);
    const after = before.replaceAll(pattern, replacement);
    if (after === before) return;
    state["Parameters"] = JSON.parse(after) as Json;
    changes++;
  });
  return changes;
}

/** Sets a parameter of the selected calls. */
export function setParameter(program: Program, select: Selector, key: string, value: Json): number {
  return changeStates(program, select, (state) => {
    const others = Object.entries((state["Parameters"] ?? {}) as MutableObject).filter(([name]) => name !== `${key}.$`);
    state["Parameters"] = { ...Object.fromEntries(others), [key]: value };
  });
}

/** A Choice without the rules that lead to a state. */
export function dropChoices(program: Program, next: RegExp): number {
  let changes = 0;
  changeStates(
    program,
    (_, state) => state["Type"] === "Choice",
    (state) => {
      const rules = state["Choices"] as readonly JsonObject[];
      const kept = rules.filter((rule) => !next.test(asText(rule["Next"])));
      if (kept.length === rules.length || kept.length === 0) return;
      state["Choices"] = kept;
      changes++;
    },
  );
  return changes;
}

/** The platform with changed records or health checks. */
export function inDns(change: (dns: Dns) => Dns) {
  return (platform: Platform): Platform => {
    const dns = change(platform.dns);
    const plain = ({ records, checks }: Dns): string => JSON.stringify([records, [...checks]]);
    if (plain(dns) === plain(platform.dns)) throw new Error("the planted fault finds nothing to change");
    return { ...platform, dns };
  };
}

function innerPrograms(state: JsonObject): Program[] {
  const branches = (state["Branches"] ?? []) as unknown as Program[];
  const iteration = (state["ItemProcessor"] ?? state["Iterator"]) as unknown as Program | undefined;
  return iteration ? [...branches, iteration] : branches;
}

/** The selected states make no call: they continue with a result. */
export function skip(program: Program, select: Selector, result: JsonObject): number {
  return changeStates(program, select, (state) => {
    const { Next, End, ResultPath } = state;
    for (const key of Object.keys(state)) Reflect.deleteProperty(state, key);
    Object.assign(state, {
      Type: "Pass",
      Result: result,
      ResultPath: ResultPath ?? null,
      ...(Next !== undefined && { Next }),
      ...(End !== undefined && { End }),
    });
  });
}

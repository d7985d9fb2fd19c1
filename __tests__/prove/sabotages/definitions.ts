import { edited, type Sabotage } from "./sabotage";

type State = Record<string, unknown>;

/** The states of a definition by name, at every depth. */
function statesIn(program: Record<string, unknown>): Map<string, State> {
  const own = Object.entries(program["States"] as Record<string, State>);
  const inner = own.flatMap(([, state]) => [
    ...((state["Branches"] ?? []) as Record<string, unknown>[]),
    ...(state["ItemProcessor"] === undefined ? [] : [state["ItemProcessor"] as Record<string, unknown>]),
  ]);
  return new Map([...own, ...inner.flatMap((each) => [...statesIn(each)])]);
}

/** Changes a state of a definition. Nothing is changed where there is no such state. */
export const state = (name: string, change: (state: State, definition: Record<string, unknown>) => void): Sabotage["becomes"] =>
  edited((definition) => {
    const found = statesIn(definition).get(name);
    if (found) change(found, definition);
  });

/** Sets fields of a state. A field that is undefined is removed. */
export const set = (name: string, fields: State): Sabotage["becomes"] =>
  state(name, (found) => {
    Object.assign(found, fields);
    for (const [key, value] of Object.entries(fields)) if (value === undefined) Reflect.deleteProperty(found, key);
  });

/** Sets a parameter of a call. */
export const parameter = (name: string, key: string, value: unknown): Sabotage["becomes"] =>
  state(name, (found) => {
    const parameters = found["Parameters"] as State;
    Reflect.deleteProperty(parameters, `${key}.$`);
    parameters[key] = value;
  });

/** Errors of a state lead to another state. */
export const caughtAt = (name: string, next: string): Sabotage["becomes"] =>
  state(name, (found) => {
    found["Catch"] = (found["Catch"] as State[]).map((catcher) => ({ ...catcher, Next: next }));
  });

/** A rule of a Choice leads to another state. */
export const ruleTo = (name: string, from: string, next: string): Sabotage["becomes"] =>
  state(name, (found) => {
    found["Choices"] = (found["Choices"] as State[]).map((rule) => (rule["Next"] === from ? { ...rule, Next: next } : rule));
  });

/** A Choice without the rules that lead to a state. */
export const withoutRule = (name: string, next: string): Sabotage["becomes"] =>
  state(name, (found) => {
    found["Choices"] = (found["Choices"] as State[]).filter((rule) => rule["Next"] !== next);
  });

/** A state makes no call, and continues with a result. */
export const skipped = (name: string, result: unknown): Sabotage["becomes"] =>
  state(name, (found) => {
    const { Next, End, ResultPath } = found;
    for (const key of Object.keys(found)) Reflect.deleteProperty(found, key);
    Object.assign(found, {
      Type: "Pass",
      Result: result,
      ResultPath: ResultPath ?? null,
      ...(Next !== undefined && { Next }),
      ...(End !== undefined && { End }),
    });
  });

/** A policy without the statements of a Sid. */
export const without = (sid: string): Sabotage["becomes"] =>
  edited((document) => {
    document["Statement"] = (document["Statement"] as State[]).filter(({ Sid }) => Sid !== sid);
  });

/** A statement of a policy with other values. */
export const statement = (sid: string, fields: State): Sabotage["becomes"] =>
  edited((document) => {
    for (const one of document["Statement"] as State[]) if (one["Sid"] === sid) Object.assign(one, fields);
  });

/** An environment variable with JSON in it. */
export const table = (change: (regions: Record<string, Record<string, string>>) => void): Sabotage["becomes"] =>
  edited((document) => {
    change(document as Record<string, Record<string, string>>);
  });

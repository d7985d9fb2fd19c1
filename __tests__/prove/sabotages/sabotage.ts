import type { TerraformJson } from "../../../prove/graph/graph";

type Values = Record<string, unknown>;

/** One attribute, which refutes a claim. */
export interface Sabotage {
  readonly claim: string;
  /** The only configuration that it is tried in, for what no preset has. @default - every preset */
  readonly configuration?: string;
  /** Names of the stacks that it is tried in. @default - every stack with such a resource */
  readonly stack?: RegExp;
  /** Type of the resource, or `stack` for what is outside of resources. */
  readonly type: string;
  /** Which resource of the type: the first whose id matches. */
  readonly id: RegExp;
  /** Path of the attribute: `network_configuration.subnets`, `rule.0.copy_action`. Of a stack: `terraform.backend.s3.region`. */
  readonly path: string;
  /** Undefined removes the attribute. */
  readonly becomes: (now: unknown, others: Others) => unknown;
}

export interface Others {
  /** A reference to a resource of a type, by its id. */
  readonly ref: (type: string, id: RegExp, attribute?: string) => string;
}

export const to = (value: unknown) => (): unknown => value;
export const removed = (): undefined => undefined;
export const ref =
  (type: string, id: RegExp, attribute = "id") =>
  (_: unknown, others: Others): string =>
    others.ref(type, id, attribute);
/** Replaces a part of a text, such as a policy or the definition of a state machine. */
export const replaced = (part: string | RegExp, by: string) => (now: unknown) => String(now).replace(part, by);
/** Changes a JSON document in an argument. */
export const edited =
  (change: (document: Values) => void) =>
  (now: unknown): string => {
    const document = JSON.parse(String(now)) as Values;
    change(document);
    return JSON.stringify(document);
  };
type Statement = Values;

/** Changes the statements of a policy. */
export const statements = (change: (all: readonly Statement[]) => readonly Statement[]): ((now: unknown) => string) =>
  edited((policy) => {
    policy["Statement"] = change(policy["Statement"] as Statement[]);
  });
export const withoutSid = (sid: RegExp): ((now: unknown) => string) =>
  statements((all) => all.filter((one) => !sid.test(String(one["Sid"]))));
/** Adds a statement to a policy: by default one that allows, for everything. */
export const alsoWith = (statement: Statement): ((now: unknown) => string) =>
  statements((all) => [...all, { Effect: "Allow", Resource: "*", ...statement }]);

/** Takes an action from every statement of a policy. */
export const withoutAction = (action: string) =>
  edited((document) => {
    document["Statement"] = (document["Statement"] as { readonly Action: string[] | string }[]).map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    }));
  });
export const firstTwo = (now: unknown): unknown[] => (now as unknown[]).slice(0, 2);
export const firstTwice = (now: unknown): unknown[] => [(now as unknown[])[0], ...(now as unknown[]).slice(0, -1)];
export const otherZone = (now: unknown): string => String(now).replace(/.$/, "b");

/** The JSON of a stack with one attribute changed. Undefined if there is nothing to change, or the change changes nothing. */
export function sabotaged(stack: string, json: TerraformJson, sabotage: Sabotage): TerraformJson | undefined {
  if (sabotage.stack && !sabotage.stack.test(stack)) return undefined;
  const { type: changedType } = sabotage;
  const idOf = (type: string, pattern: RegExp): string | undefined =>
    Object.keys(json.resource?.[type] ?? {}).find((name) => pattern.test(name));
  const id = idOf(changedType, sabotage.id) ?? "";
  // Only what changes is copied: the JSON of a stack is large, and there are thousands of cases.
  const whole = structuredClone(changedType === "stack" ? json : json.resource?.[changedType]?.[id]) as Values | undefined;
  const keys = sabotage.path.split(".");
  const last = keys.pop() ?? "";
  const table = keys.reduce<Values | undefined>((values, key) => values?.[key] as Values | undefined, whole);
  if (table === undefined) return undefined;
  const now = JSON.stringify(table[last]);
  const missing: string[] = [];
  table[last] = sabotage.becomes(table[last], {
    ref: (type, pattern, attribute = "id") => {
      const other = idOf(type, pattern);
      // A stack without the other resource cannot be broken in this way.
      if (other === undefined) missing.push(type);
      return `\${${type}.${other ?? ""}.${attribute}}`;
    },
  });
  if (table[last] === undefined) Reflect.deleteProperty(table, last);
  if (missing.length > 0 || JSON.stringify(table[last]) === now) return undefined;
  return changedType === "stack" ? whole : withResource(json, changedType, id, whole ?? {});
}

function withResource(json: TerraformJson, type: string, id: string, values: Values): TerraformJson {
  return { ...json, resource: { ...json.resource, [type]: { ...json.resource?.[type], [id]: values } } };
}

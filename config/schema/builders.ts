import { z } from "zod";

/**
 * Metadata of a key of `terraform.tfvars`. The report of an invalid value, `terraform.tfvars.example` and the Terraform
 * variables read it, so that each key is described once.
 */
declare module "zod" {
  interface GlobalMeta {
    /** The accepted values, as the report states them: `a whole number of days, 1 to 35`. */
    expected?: string | undefined;
    /** URL of the documentation that defines the rule. */
    source?: string | undefined;
    /** The accepted values in a few words, printed behind the default in the example: `1 to 35`. */
    allowed?: string | undefined;
    /** The meaning, in one sentence. @default - the sentence of the key before covers both */
    about?: string | undefined;
    /** Limits, and the cost of a change. */
    details?: string | undefined;
    /** A valid value, for reports and for keys without a default. */
    example?: unknown;
    /** The meaning of each accepted value: "hot": "the same capacity". */
    choices?: Readonly<Record<string, string>> | undefined;
    /** Whether the key can be changed at plan time. All other keys shape the configuration. @default false */
    plan?: boolean | undefined;
    /** For a table whose entries the user names: the keys of an entry that the example describes. @default - all keys */
    described?: readonly string[] | undefined;
  }
}

export const flag = z.boolean().meta({ expected: "true or false" });

export const integer = (least: number, most: number, unit: string, source?: string) =>
  z
    .int()
    .min(least)
    .max(most)
    .meta({ expected: `a whole number of ${unit}, ${least} to ${most}`, allowed: `${least} to ${most}`, source });

/** One of a list of numbers. */
export const numberFrom = <const Values extends readonly number[]>(values: Values, unit: string, source?: string) => {
  const allowed = `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
  return z.literal(values).meta({ expected: `a number of ${unit}: ${allowed}`, allowed, source });
};

export const text = (pattern: RegExp, expected: string, example: string, source?: string) =>
  z.string().regex(pattern).meta({ expected, example, source });

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values, source?: string) => {
  const allowed = values.map((value) => JSON.stringify(value)).join(" or ");
  return z.enum(values).meta({ expected: allowed, allowed, source });
};

/** One of a list of values, each with its meaning. */
export const choice = <const Choices extends Readonly<Record<string, string>>>(choices: Choices) =>
  oneOf(Object.keys(choices) as [keyof Choices & string, ...(keyof Choices & string)[]]).meta({ choices, allowed: undefined });

export const strings = (expected: string, example: readonly string[]) => z.array(z.string()).meta({ expected, example });

export const dailyWindow = (example: string) => text(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, "a daily window in UTC", example);

export const weeklyWindow = (example: string) =>
  text(
    /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/,
    "a weekly window in UTC",
    example,
  );

export const environmentVariables = () =>
  z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).meta({ expected: "environment variables of the container" });

import { z } from "zod";

/**
 * What a key of `terraform.tfvars` says of itself. The report of a bad value, `terraform.tfvars.example` and the Terraform
 * variables read it from here, so that a key is described once.
 */
declare module "zod" {
  interface GlobalMeta {
    /** What the key takes, after "is not": `a whole number of days, 1 to 35`. */
    expected?: string | undefined;
    /** URL of the rule's origin. */
    source?: string | undefined;
    /** The values that it takes, in so few words that they stand behind a default: `1 to 35`. */
    allowed?: string | undefined;
    /** What it is, in a sentence. @default - the key shares the sentence of the key before it */
    about?: string | undefined;
    /** What more there is to know: limits, what a change costs. */
    details?: string | undefined;
    /** A value, for reports and for keys without a default. */
    example?: unknown;
    /** What each of its values means, where that needs words: "hot": "the same capacity". */
    choices?: Readonly<Record<string, string>> | undefined;
    /** Whether it may be changed at plan time. All others shape the configuration. @default false */
    plan?: boolean | undefined;
    /** Of a table whose entries the user names: the keys of an entry that are described with it. @default - all of them */
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

/** Some numbers and none between them. */
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

/** One of some values, each with what it means. */
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

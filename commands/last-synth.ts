import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Names } from "../config/naming";

/** The environment of the last synth, as its stacks describe it. */
export interface LastSynth {
  readonly suffix: string;
  readonly accountId: string;
  readonly regions: readonly string[];
  readonly stateBuckets: readonly { readonly bucket: string; readonly region: string }[];
  /** Names of the resources in one of its regions. */
  readonly namesIn: (region: string) => Names;
  /** Literal names of its log groups and canaries in a region. */
  readonly logGroupsIn: (region: string) => readonly string[];
  readonly canariesIn: (region: string) => readonly string[];
}

interface Stack {
  readonly terraform: { readonly backend: { readonly s3: { readonly bucket: string; readonly key: string; readonly region: string } } };
  readonly provider: { readonly aws: readonly { readonly region: string; readonly allowed_account_ids: readonly string[] }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** The stacks in an output folder, each with its name. Empty without a synth. */
export function readStacks(outdir: string): readonly (readonly [name: string, stack: Stack])[] {
  const folder = join(outdir, "stacks");
  const fileOf = (name: string): string => join(folder, name, "cdk.tf.json");
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(fileOf(name)))
    .map((name) => [name, JSON.parse(readFileSync(fileOf(name), "utf8")) as Stack]);
}

/** The environment in an output folder. Undefined without a synth. */
export function readLastSynth(outdir: string): LastSynth | undefined {
  const stacks = readStacks(outdir);
  const [first] = stacks;
  if (!first) return undefined;
  const suffix = first[1].terraform.backend.s3.key.split("/")[1] ?? "";
  const accountId = first[1].provider.aws[0]?.allowed_account_ids[0] ?? "";
  const namesOf = (region: string, type: string): string[] =>
    stacks
      .filter(([name]) => name === region)
      .flatMap(([, { resource }]) => Object.values(resource?.[type] ?? {}).flatMap(({ name }) => (typeof name === "string" ? [name] : [])))
      .filter((name) => !name.includes("${"));
  return {
    suffix,
    accountId,
    regions: [...new Set(stacks.flatMap(([, { provider }]) => provider.aws.map(({ region }) => region)))],
    stateBuckets: [...new Map(stacks.map(([, { terraform }]) => [terraform.backend.s3.bucket, terraform.backend.s3])).values()],
    namesIn: (region) => new Names(suffix, region, accountId),
    logGroupsIn: (region) => namesOf(region, "aws_cloudwatch_log_group"),
    canariesIn: (region) => namesOf(region, "aws_synthetics_canary"),
  };
}

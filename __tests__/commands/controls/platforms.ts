import { DATA, EVERYTHING, MYSQL, ONE_REGION } from "../../support/config";
import { EACH_PRESET, OWN_ZONE } from "../../support/configurations";
import { everyStack } from "../../support/synthesized";
import type { Stack } from "../../../commands/controls/resource";

/** A configuration, and its synthesized stacks. */
export interface Platform {
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly stacks: ReadonlyMap<string, Stack>;
}

const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...EACH_PRESET,
  "every option": EVERYTHING,
  "every option of Aurora MySQL": MYSQL,
  "two regions with every data store": DATA,
  "repositories for its images": { ...ONE_REGION, images: { repositories: ["payments"] } },
  "its own hosted zone, and a function in the VPC": { ...OWN_ZONE, validation: { enabled: true, in_vpc: true } },
};

export function platform(name: string, overrides: Readonly<Record<string, unknown>>): Platform {
  const stacks = [...everyStack(overrides)].map(([stack, synthesized]): [string, Stack] => [stack, synthesized.all()]);
  return { name, overrides, stacks: new Map(stacks) };
}

export function platforms(): Platform[] {
  return Object.entries(CONFIGURATIONS).map(([name, overrides]) => platform(name, overrides));
}

/** Merges a configuration into another, block by block. */
export function laidOver(below: Readonly<Record<string, unknown>>, above: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const block = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
  const merged = Object.entries(above).map(([key, value]) => {
    const under = below[key];
    return [key, block(value) && block(under) ? laidOver(under, value) : value];
  });
  return { ...below, ...(Object.fromEntries(merged) as Record<string, unknown>) };
}

import { type TerraformStack, Testing } from "cdktf";
import { FailoverStack } from "../../stacks/failover-stack";
import { GlobalStack } from "../../stacks/global-stack";
import { RegionStack } from "../../stacks/region/region-stack";
import { aConfig, given } from "./config";
import { kept } from "./kept";

type Json = Readonly<Record<string, unknown>>;
/** A resource as Terraform JSON: its arguments, and where it stands. */
export type Resource = Json & { readonly address: string; readonly resourceType: string };

/** A synthesized stack, to be asked about its resources. */
export class Synthesized {
  readonly json: Json & { readonly resource?: Readonly<Record<string, Readonly<Record<string, Json>>>> };

  constructor(text: string) {
    this.json = JSON.parse(text) as typeof this.json;
  }

  /** Every resource, or every one of a type, e.g. `aws_subnet`. */
  all(type?: string): Resource[] {
    return Object.entries(this.json.resource ?? {})
      .filter(([name]) => type === undefined || name === type)
      .flatMap(([name, resources]) =>
        Object.entries(resources).map(([id, values]) => ({ ...values, address: `${name}.${id}`, resourceType: name })),
      );
  }

  /** The resource at an address. @throws when there is none */
  at(address: string): Resource {
    const found = this.all(address.split(".")[0]).find((resource) => resource.address === address);
    if (!found) throw new Error(`there is no ${address}`);
    return found;
  }

  /** The single resource of a type. @throws when there are none or several */
  only(type: string): Resource {
    const [first, ...others] = this.all(type);
    if (!first || others.length > 0) throw new Error(`expected one ${type}, found ${first ? others.length + 1 : 0}`);
    return first;
  }
}

type Overrides = Readonly<Record<string, unknown>>;

/** The stack of one of the configuration's regions, the first unless told otherwise. */
export function regionStack(overrides: Overrides = {}, index = 0): Synthesized {
  return once(`region ${index}`, overrides, () => {
    const config = aConfig(overrides);
    const region = config.regions[index];
    if (!region) throw new Error(`no region ${index}`);
    return new RegionStack(Testing.app(), { config, given: given(overrides), region });
  });
}

export function globalStack(overrides: Overrides = {}): Synthesized {
  return once("global", overrides, () => new GlobalStack(Testing.app(), { config: aConfig(overrides), given: given(overrides) }));
}

export function failoverStack(overrides: Overrides = {}): Synthesized {
  return once("failover", overrides, () => new FailoverStack(Testing.app(), { config: aConfig(overrides), given: given(overrides) }));
}

/** Every stack of a preset, just as it is, by the stack's name. */
export function presetStacks(preset: string): ReadonlyMap<string, Synthesized> {
  return everyStack({ preset });
}

/** Every stack of a platform, by the stack's name. */
export function everyStack(overrides: Overrides): ReadonlyMap<string, Synthesized> {
  return new Map([
    ["global", globalStack(overrides)],
    ...aConfig(overrides).regions.map(({ name }, index): [string, Synthesized] => [name, regionStack(overrides, index)]),
    ["failover", failoverStack(overrides)],
  ]);
}

/** Synthesizes a stack once for each configuration, which takes a good part of a second. What is handed out is a copy. */
function once(name: string, overrides: Overrides, make: () => TerraformStack): Synthesized {
  return new Synthesized(kept(`${name} ${JSON.stringify(overrides)}`, () => Testing.synth(make())));
}

/** `aws_vpc.network_vpc` from `${aws_vpc.network_vpc.id}`. */
export function target(reference: unknown): string {
  return /^\$\{([a-z0-9_]+\.[\w-]+)/.exec(String(reference))?.[1] ?? String(reference);
}

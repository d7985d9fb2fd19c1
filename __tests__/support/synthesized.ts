import { Testing } from "cdktf";
import { RegionStack } from "../../stacks/region-stack";
import { aConfig, given } from "./config";

type Json = Readonly<Record<string, unknown>>;
/** A resource as Terraform JSON: its arguments, and where it stands. */
export type Resource = Json & { readonly address: string; readonly type: string };

/** A synthesized stack, to be asked about its resources. */
export class Synthesized {
  readonly json: Json & { readonly resource: Readonly<Record<string, Readonly<Record<string, Json>>>> };

  constructor(text: string) {
    this.json = JSON.parse(text) as typeof this.json;
  }

  /** Every resource, or every one of a type, e.g. `aws_subnet`. */
  all(type?: string): Resource[] {
    return Object.entries(this.json.resource)
      .filter(([name]) => type === undefined || name === type)
      .flatMap(([name, resources]) =>
        Object.entries(resources).map(([id, values]) => ({ ...values, address: `${name}.${id}`, type: name })),
      );
  }

  /** The single resource of a type. @throws when there are none or several */
  only(type: string): Resource {
    const [first, ...others] = this.all(type);
    if (!first || others.length > 0) throw new Error(`expected one ${type}, found ${first ? others.length + 1 : 0}`);
    return first;
  }
}

/** The stack of the configuration's first region. */
export function regionStack(overrides: Json = {}): Synthesized {
  const config = aConfig(overrides);
  const [region] = config.regions;
  if (!region) throw new Error("no region");
  const stack = new RegionStack(Testing.app(), { config, given: given(overrides), region });
  return new Synthesized(Testing.synth(stack));
}

import { aConfig, ONE_REGION } from "./config";
import { memoize } from "./memoize";
import { synthesizer } from "./synthesizer";

type Json = Readonly<Record<string, unknown>>;
/** A resource as Terraform JSON: its arguments and its address. */
export type Resource = Json & { readonly address: string; readonly resourceType: string };

/** A synthesized stack with its resources. */
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
  resource(address: string): Resource {
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

/** The stack of one of the configuration's regions, by default the first. */
export function regionStack(overrides: Overrides = {}, index = 0): Synthesized {
  return synthesized(`region ${index}`, overrides, () => synthesizer().synthesizeRegion(overrides, index));
}

/** The stack of a platform's only region. */
export function oneRegion(overrides: Overrides = {}): Synthesized {
  return regionStack({ ...ONE_REGION, ...overrides });
}

export function globalStack(overrides: Overrides = {}): Synthesized {
  return synthesized("global", overrides, () => synthesizer().synthesizeGlobal(overrides));
}

export function failoverStack(overrides: Overrides = {}): Synthesized {
  return synthesized("failover", overrides, () => synthesizer().synthesizeFailover(overrides));
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
function synthesized(stack: string, overrides: Overrides, synthesize: () => string): Synthesized {
  return new Synthesized(memoize(`${stack} ${JSON.stringify(overrides)}`, synthesize));
}

/** A local value of a stack. */
export function local(stack: Synthesized, name: string): string {
  return String((stack.json["locals"] as Readonly<Record<string, unknown>>)[name]);
}

/** The containers of the only task definition, in Terraform's own notation. */
export function containers(stack: Synthesized): string {
  return String(stack.only("aws_ecs_task_definition")["container_definitions"]);
}

/** The value at a path of a resource such as `rule.0.key`. */
export function valueAt(resource: Resource, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resource);
}

/** `aws_vpc.network_vpc` from `${aws_vpc.network_vpc.id}`. */
export function target(reference: unknown): string {
  return /^\$\{([a-z0-9_]+\.[\w-]+)/.exec(String(reference))?.[1] ?? String(reference);
}

/** The ARN of a parameter of the environment, as task definitions have it. @param path below that of the region: `database/port` */
export function parameterArn(path: string, region = "us-east-1"): string {
  return `"arn:aws:ssm:${region}:123456789012:parameter/standfast/test-1/${region}/${path}"`;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Loaded } from "../../config/load";
import { platform } from "../../stacks/platform";

type Values = Readonly<Record<string, unknown>>;

/** A resource as a stack declares it. */
export interface Expected {
  readonly stack: string;
  /** Region of its provider. */
  readonly region: string;
  readonly type: string;
  readonly id: string;
  readonly values: Values;
}

interface Synthesized {
  readonly provider?: { readonly aws?: readonly { readonly alias?: string; readonly region?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** The resources that an environment should have. Synthesized in memory, because cdktf.out may belong to another environment. */
export class ExpectedResources {
  private constructor(private readonly all: readonly Expected[]) {}

  /** @param stacks the JSON of each stack, with its name */
  static of(stacks: readonly (readonly [name: string, json: unknown])[]): ExpectedResources {
    return new ExpectedResources(stacks.flatMap(([name, json]) => resources(name, json as Synthesized)));
  }

  static synthesize(loaded: Pick<Loaded, "config" | "given">): ExpectedResources {
    const outdir = mkdtempSync(join(tmpdir(), "standfast-verify-"));
    try {
      const stacks = platform(new App({ stackTraces: false, outdir }), loaded);
      return ExpectedResources.of(stacks.map((stack) => [stack.node.id, stack.toTerraform()]));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** Every resource of a stack. */
  in(stack: string): readonly Expected[] {
    return this.all.filter((resource) => resource.stack === stack);
  }

  /** Resources of one type in the given stacks. */
  find(stacks: readonly string[], type: string): Expected[] {
    return this.all.filter((resource) => resource.type === type && stacks.includes(resource.stack));
  }

  /**
   * An attribute as text, with references to other resources of the stack resolved. Undefined when the value is known after
   * apply only.
   */
  text({ stack, values }: Expected, attribute: string): string | undefined {
    return this.resolve(stack, values[attribute]);
  }

  resolve(stack: string, value: unknown): string | undefined {
    if (typeof value !== "string") return undefined;
    const [, type, id, attribute] = /^\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}$/.exec(value) ?? [];
    if (type === undefined) return value.includes("${") ? undefined : value;
    const resource = this.all.find((resource) => resource.stack === stack && resource.type === type && resource.id === id);
    return this.resolve(stack, resource?.values[attribute ?? ""]);
  }

  /** The resource that a reference points to, e.g. `${aws_security_group.x.id}`. */
  referenced(stack: string, value: unknown): Expected | undefined {
    const [, type, id] = /^\$\{(aws_\w+)\.([\w-]+)\./.exec(String(value)) ?? [];
    return this.all.find((resource) => resource.stack === stack && resource.type === type && resource.id === id);
  }
}

function resources(stack: string, { provider, resource = {} }: Synthesized): Expected[] {
  const regions = new Map((provider?.aws ?? []).map(({ alias, region = "" }) => [alias === undefined ? "aws" : `aws.${alias}`, region]));
  return Object.entries(resource).flatMap(([type, ofType]) =>
    Object.entries(ofType).map(([id, values]) => {
      const own = values["provider"];
      return { stack, region: regions.get(typeof own === "string" ? own : "aws") ?? "", type, id, values };
    }),
  );
}

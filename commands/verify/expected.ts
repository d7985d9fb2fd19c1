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
  /** Region that its provider works in. */
  readonly region: string;
  readonly type: string;
  readonly id: string;
  readonly values: Values;
}

interface Synthesized {
  readonly provider?: { readonly aws?: readonly { readonly alias?: string; readonly region?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** What an environment is made of, by its own stacks. They are made in memory: what was synthesized before may be another's. */
export class ExpectedResources {
  private constructor(private readonly all: readonly Expected[]) {}

  static synthesize(loaded: Pick<Loaded, "config" | "given">): ExpectedResources {
    const outdir = mkdtempSync(join(tmpdir(), "standfast-verify-"));
    try {
      const stacks = platform(new App({ stackTraces: false, outdir }), loaded);
      return new ExpectedResources(stacks.flatMap((stack) => resources(stack.node.id, stack.toTerraform() as Synthesized)));
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** The resources of some stacks, of one type. */
  find(stacks: readonly string[], type: string): Expected[] {
    return this.all.filter((resource) => resource.type === type && stacks.includes(resource.stack));
  }

  /**
   * An attribute as the text that AWS will see, references to other resources of the stack followed. Undefined where only
   * an apply knows it.
   */
  text({ stack, values }: Expected, attribute: string): string | undefined {
    return this.resolve(stack, values[attribute]);
  }

  resolve(stack: string, value: unknown): string | undefined {
    if (typeof value !== "string") return undefined;
    const [, type, id, attribute] = /^\$\{(aws_\w+)\.([\w-]+)\.(\w+)\}$/.exec(value) ?? [];
    if (type === undefined) return value.includes("${") ? undefined : value;
    const referred = this.all.find((resource) => resource.stack === stack && resource.type === type && resource.id === id);
    return this.resolve(stack, referred?.values[attribute ?? ""]);
  }

  /** The resource that a reference names: `${aws_security_group.x.id}`. */
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

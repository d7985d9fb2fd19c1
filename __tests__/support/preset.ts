import { PRESETS } from "../../config/presets";
import { presetStacks, type Resource, type Synthesized } from "./synthesized";

/** A preset, just as it is: its stacks, and its regions with their zones. */
export class Preset {
  /** By the stack's name, in their order. */
  readonly stacks: ReadonlyMap<string, Synthesized>;
  /** The primary first. */
  readonly regions: readonly { readonly name: string; readonly stack: Synthesized; readonly zones: readonly string[] }[];

  constructor(readonly name: string) {
    this.stacks = presetStacks(name);
    this.regions = [...this.stacks]
      .filter(([stack]) => stack !== "global" && stack !== "failover")
      .map(([region, stack]) => ({ name: region, stack, zones: ["a", "b", "c"].map((letter) => region + letter) }));
  }

  /** @throws if there is no stack of that name */
  stack(name: string): Synthesized {
    const found = this.stacks.get(name);
    if (!found) throw new Error(`there is no stack ${name}`);
    return found;
  }

  /** The stack of the only region, or of the primary. */
  get region(): Synthesized {
    return this.stack(this.regions[0]?.name ?? "");
  }

  get failover(): Synthesized {
    return this.stack("failover");
  }

  /** Every resource of every stack, or every one of a type. */
  all(type?: string): Resource[] {
    return [...this.stacks.values()].flatMap((stack) => stack.all(type));
  }
}

export const ALL_PRESETS: readonly (readonly [name: string, preset: Preset])[] = Object.keys(PRESETS).map((name) => [
  name,
  new Preset(name),
]);

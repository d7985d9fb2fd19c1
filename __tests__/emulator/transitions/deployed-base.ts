import { expect } from "@jest/globals";
import type { Effect } from "../../../config/changes/effects";
import { Cloud } from "../../support/cloud";
import { mostSerious } from "../../support/effects";
import { createGivenSecrets } from "../../support/given-secrets";
import { type Pipeline, WITHOUT_REFRESH } from "../../support/pipeline";
import { type Change, plannedEffects, type Values } from "../../support/transitions";
import { BASE } from "./table";

/** The base configuration, deployed, and what plans show of the changes of its keys. */
export class DeployedBase {
  private readonly seen = new Map<string, Effect[]>();

  private constructor(
    readonly cloud: Cloud,
    readonly pipeline: Pipeline,
    private readonly suffix: string,
  ) {}

  static async deploy(suffix: string): Promise<DeployedBase> {
    const cloud = await Cloud.open(suffix, BASE);
    await createGivenSecrets(["us-east-1"]);
    await cloud.bootstrap();
    const pipeline = cloud.pipeline(suffix);
    await pipeline.synth();
    await pipeline.must("apply");
    return new DeployedBase(cloud, pipeline, suffix);
  }

  /** Plans from what is deployed to a configuration, and notes the effects of the keys in which they differ. */
  async plan(to: Values, changes: readonly Change[], before = BASE): Promise<void> {
    await this.cloud.change(to);
    await this.pipeline.synth();
    const { effects, unexplained } = await plannedEffects((stack) => this.pipeline.terraform(stack), this.suffix, before, changes);
    for (const [key, effect] of effects) this.seen.set(key, [...(this.seen.get(key) ?? []), effect]);
    expect(unexplained).toEqual([]);
  }

  /** The most serious effect that the plans so far show of each key. */
  effects(): Readonly<Record<string, Effect>> {
    return Object.fromEntries([...this.seen].map(([key, effects]) => [key, mostSerious(effects)]));
  }

  /** Destroys the environment, after a plan without drift. @returns what remains */
  async destroy(): Promise<readonly string[]> {
    await this.pipeline.must("destroy", ...WITHOUT_REFRESH);
    return await this.cloud.leftovers();
  }

  /** The figures of the table: how many changes were planned, and their effects. */
  printFigures(further: string): void {
    const effects = Object.values(this.effects());
    const count = (effect: Effect): number => effects.filter((each) => each === effect).length;
    process.stderr.write(
      `Changes of keys: ${this.seen.size} keys, ${[...this.seen.values()].flat().length} planned; ` +
        `${count("replacement")} replace something without data, ${count("deletes data")} delete data; ${further}.\n`,
    );
  }
}

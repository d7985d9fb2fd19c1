import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import type { Effect } from "../../../config/changes/effects";
import { Cloud, describeSimulated } from "../../support/cloud";
import type { Pipeline } from "../../support/pipeline";
import { mostSerious, statedEffects } from "../../support/effects";
import { type Change, over, plannedEffects, type Values, withAll } from "../../support/transitions";
import { BASE, PLANNED, REJECTED, SETTINGS, THEN, WITHOUT } from "./table";

jest.setTimeout(60 * 60 * 1000);

const SUFFIX = "it-t";
const REGION = "us-east-1";

describeSimulated("a deployed region", () => {
  let cloud: Cloud;
  let pipeline: Pipeline;
  /** What the plans so far show of each key, in both directions. */
  const seen = new Map<string, Effect[]>();

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, BASE);
    await cloud.bootstrap();
    pipeline = cloud.pipeline(SUFFIX);
    await pipeline.synth();
    await pipeline.must("apply");
  });

  afterAll(() => cloud.close());

  /** Plans from what is deployed to a configuration, and notes the effects of the keys in which they differ. */
  const plan = async (to: Values, changes: readonly Change[], before = BASE): Promise<void> => {
    await cloud.change(to);
    await pipeline.synth();
    const { effects, unexplained } = await plannedEffects((stack) => pipeline.terraform(stack), SUFFIX, before, changes);
    for (const [key, effect] of effects) seen.set(key, [...(seen.get(key) ?? []), effect]);
    expect(unexplained).toEqual([]);
  };

  it.each(Object.entries(PLANNED))("is planned for changes %s, and a key explains each change of a resource", async (_, changes) => {
    await plan(withAll(BASE, changes), changes);
  });

  it.each(REJECTED)("rejects a change of $key, with a message", async ({ to, message }) => {
    await cloud.change(over(BASE, to));
    await pipeline.synth();
    const { code, stderr } = await pipeline.terraform(REGION).run("plan", "-input=false", "-refresh=false");
    expect({ code, text: stderr.replaceAll(/[\s│]+/g, " ") }).toEqual({ code: 1, text: expect.stringContaining(message) });
  });

  it("is planned for changes of settings and of the release", async () => {
    await plan(withAll(BASE, SETTINGS), SETTINGS);
  });

  it("is applied with all of them in one run, and a second plan has nothing to do", async () => {
    await cloud.change(withAll(BASE, SETTINGS));
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the opposite changes", async () => {
    await plan(BASE, SETTINGS);
  });

  it("is applied without what others refer to, and a second plan has nothing to do", async () => {
    await cloud.change(over(BASE, WITHOUT));
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the way back from Valkey to Redis", async () => {
    const redis = over(over(BASE, WITHOUT), { cache: BASE["cache"] });
    await plan(redis, [{ key: "cache.engine", to: { cache: WITHOUT.cache } }], redis);
  });

  it("shows the effect of each key that docs/changes.md states", () => {
    const measured = Object.fromEntries([...seen].map(([key, effects]) => [key, mostSerious(effects)]));
    expect(measured).toEqual(statedEffects([SETTINGS, ...Object.values(PLANNED)].flat()));
  });

  it.each(THEN)("$title: is applied in one run, and a second plan has nothing to do", async ({ values }) => {
    await cloud.change(over(BASE, values));
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("destroys to nothing after all changes", async () => {
    await pipeline.must("destroy");
    expect(await cloud.leftovers()).toEqual([]);
    const count = (effect: Effect): number => [...seen.values()].filter((effects) => mostSerious(effects) === effect).length;
    const plans = [...seen.values()].flat().length;
    process.stderr.write(
      `Changes of keys: ${seen.size} keys, ${plans} planned, ${SETTINGS.length} of them applied and planned back; ` +
        `${count("replacement")} replace something without data, ${count("deletes data")} delete data, ${REJECTED.length} are rejected; ` +
        `${1 + THEN.length} further configurations applied one after the other.\n`,
    );
  });
});

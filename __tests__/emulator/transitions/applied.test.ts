import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeSimulated } from "../../support/cloud";
import { statedEffects } from "../../support/effects";
import { over, withAll } from "../../support/transitions";
import { DeployedBase } from "./deployed-base";
import { BASE, SETTINGS, THEN, TO_VALKEY, WITHOUT } from "./table";

jest.setTimeout(60 * 60 * 1000);

describeSimulated("a deployed region, whose changes are applied", () => {
  let deployed: DeployedBase;

  beforeAll(async () => {
    deployed = await DeployedBase.deploy("it-a");
  });

  afterAll(() => deployed.cloud.close());

  it("is planned for changes of settings and of the release", async () => {
    await deployed.plan(withAll(BASE, SETTINGS), SETTINGS);
  });

  it("is applied with all of them in one run, and a second plan has nothing to do", async () => {
    await deployed.cloud.change(withAll(BASE, SETTINGS));
    expect(await deployed.pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the opposite changes", async () => {
    await deployed.plan(BASE, SETTINGS);
  });

  it("is applied without what others refer to, and a second plan has nothing to do", async () => {
    await deployed.cloud.change(over(BASE, WITHOUT));
    expect(await deployed.pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the way back from Valkey to Redis", async () => {
    const redis = over(over(BASE, WITHOUT), { cache: BASE["cache"] });
    await deployed.plan(redis, [TO_VALKEY], redis);
  });

  it("shows the effect of each key that docs/reference/configuration.md states", () => {
    expect(deployed.effects()).toEqual(statedEffects([...SETTINGS, TO_VALKEY]));
  });

  it.each(THEN)("$title: is applied in one run, and a second plan has nothing to do", async ({ values }) => {
    await deployed.cloud.change(over(BASE, values));
    expect(await deployed.pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("destroys to nothing after all changes", async () => {
    expect(await deployed.destroy()).toEqual([]);
    deployed.printFigures(
      `${SETTINGS.length} applied and planned back, ${1 + THEN.length} further configurations applied one after the other`,
    );
  });
});

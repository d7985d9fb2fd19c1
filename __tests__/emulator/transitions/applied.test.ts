import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeSimulated } from "../../support/cloud";
import { statedEffects } from "../../support/effects";
import { WITHOUT_REFRESH } from "../../support/pipeline";
import { over, withAll } from "../../support/transitions";
import { DeployedBase } from "./deployed-base";
import { BASE, SETTINGS } from "./table";

jest.setTimeout(60 * 60 * 1000);

describeSimulated("a deployed region, whose settings are applied", () => {
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
    expect(await deployed.pipeline.deploy(...WITHOUT_REFRESH)).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the opposite changes", async () => {
    await deployed.plan(BASE, SETTINGS);
  });

  it("shows the effect of each key that docs/reference/configuration.md states", () => {
    expect(deployed.effects()).toEqual(statedEffects(SETTINGS));
  });

  it("destroys to nothing after all changes, when final snapshots are disabled again", async () => {
    const withoutSnapshots = { database: { final_snapshot: false }, cache: { final_snapshot: false } };
    await deployed.cloud.change(over(withAll(BASE, SETTINGS), withoutSnapshots));
    expect(await deployed.pipeline.deploy(...WITHOUT_REFRESH)).toEqual({ code: 0, changes: "" });
    expect(await deployed.destroy()).toEqual([]);
    deployed.printFigures(`${SETTINGS.length} applied and planned back`);
  });
});

import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeSimulated } from "../../support/cloud";
import { statedEffects } from "../../support/effects";
import { WITHOUT_REFRESH } from "../../support/pipeline";
import { over } from "../../support/transitions";
import { DeployedBase } from "./deployed-base";
import { BASE, THEN, TO_VALKEY, WITHOUT } from "./table";

jest.setTimeout(60 * 60 * 1000);

describeSimulated("a deployed region, whose parts are removed and added", () => {
  let deployed: DeployedBase;

  beforeAll(async () => {
    deployed = await DeployedBase.deploy("it-b");
  });

  afterAll(() => deployed.cloud.close());

  it("is applied without what others refer to, and a second plan has nothing to do", async () => {
    await deployed.cloud.change(over(BASE, WITHOUT));
    expect(await deployed.pipeline.deploy(...WITHOUT_REFRESH)).toEqual({ code: 0, changes: "" });
  });

  it("is planned for the way back from Valkey to Redis", async () => {
    const redis = over(over(BASE, WITHOUT), { cache: BASE["cache"] });
    await deployed.plan(redis, [TO_VALKEY], redis);
  });

  it("shows the effect of the change of the cache that docs/reference/configuration.md states", () => {
    expect(deployed.effects()).toEqual(statedEffects([TO_VALKEY]));
  });

  it.each(THEN)("$title: is applied in one run, and a second plan has nothing to do", async ({ values }) => {
    await deployed.cloud.change(over(BASE, values));
    expect(await deployed.pipeline.deploy(...WITHOUT_REFRESH)).toEqual({ code: 0, changes: "" });
  });

  it("destroys to nothing after all changes", async () => {
    expect(await deployed.destroy()).toEqual([]);
    deployed.printFigures(`${1 + THEN.length} further configurations applied one after the other`);
  });
});

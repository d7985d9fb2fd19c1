import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeSimulated } from "../../support/cloud";
import { statedEffects } from "../../support/effects";
import { over, withAll } from "../../support/transitions";
import { DeployedBase } from "./deployed-base";
import { BASE, PLANNED, REJECTED } from "./table";

jest.setTimeout(60 * 60 * 1000);

const REGION = "us-east-1";

describeSimulated("a deployed region, whose changes are planned", () => {
  let deployed: DeployedBase;

  beforeAll(async () => {
    deployed = await DeployedBase.deploy("it-t");
  });

  afterAll(() => deployed.cloud.close());

  it.each(Object.entries(PLANNED))("is planned for changes %s, and a key explains each change of a resource", async (_, changes) => {
    await deployed.plan(withAll(BASE, changes), changes);
  });

  it.each(REJECTED)("rejects a change of $key, with a message", async ({ to, message }) => {
    await deployed.cloud.change(over(BASE, to));
    await deployed.pipeline.synth();
    const { code, stderr } = await deployed.pipeline.terraform(REGION).run("plan", "-input=false", "-refresh=false");
    expect({ code, text: stderr.replaceAll(/[\s│]+/g, " ") }).toEqual({ code: 1, text: expect.stringContaining(message) });
  });

  it("shows the effect of each key that docs/reference/configuration.md states", () => {
    expect(deployed.effects()).toEqual(statedEffects(Object.values(PLANNED).flat()));
  });

  it("destroys to nothing", async () => {
    await deployed.cloud.change(BASE);
    await deployed.pipeline.synth();
    expect(await deployed.destroy()).toEqual([]);
    deployed.printFigures(`${REJECTED.length} are rejected`);
  });
});

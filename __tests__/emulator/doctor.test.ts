import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { Cloud, describeSimulated } from "../support/cloud";

jest.setTimeout(5 * 60 * 1000);

describeSimulated("npm run doctor", () => {
  let cloud: Cloud;

  const bucket = async () => (await cloud.doctor()).find(({ need }) => need.startsWith("The state bucket"));

  beforeAll(async () => {
    cloud = await Cloud.open("it-doctor", {}, { keepsProvider: false });
  });

  afterAll(async () => {
    await cloud.close();
  });

  it("reads every quota that the platform uses", async () => {
    const quotas = (await cloud.doctor()).filter(({ need, scope }) => need.startsWith("The quota of") && scope !== "account");
    expect(quotas.length).toBeGreaterThan(5);
    expect(quotas.filter(({ result }) => result !== "ready")).toEqual([]);
  });

  it("names the command that makes a missing state bucket, and finds the bucket afterwards", async () => {
    expect(await bucket()).toMatchObject({ result: "problem", cure: "npm run bootstrap" });
    await cloud.bootstrap();
    expect(await bucket()).toMatchObject({ result: "ready" });
  });
});

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { describeDeployed } from "../support/cloud";
import { synthExample } from "../support/examples";
import { Terraform } from "../support/terraform";

jest.setTimeout(10 * 60 * 1000);

describeDeployed("the example session-store", () => {
  it("is valid for Terraform", async () => {
    const folder = await synthExample("session-store", mkdtempSync(join(tmpdir(), "standfast-example-")));
    const terraform = new Terraform(folder, process.env);
    await terraform.init("-backend=false");
    expect(await terraform.validate()).toMatchObject({ code: 0 });
  });
});

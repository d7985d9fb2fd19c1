import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { destroyOrder } from "../../../scripts/ci/manifest";
import { type Ran, run } from "../../support/run";
import { globalStack } from "../../support/synthesized";

jest.setTimeout(60_000);

const PROJECT = resolve(__dirname, "..", "..", "..");
const ORDER = ["global", "us-east-1", "us-west-2", "failover"];
const NORMAL = ["failover", "us-west-2", "us-east-1", "global"];

/** A response of RDS to DescribeGlobalClusters. */
const members = (...list: readonly (readonly [region: string, writes: boolean])[]): string =>
  `<DescribeGlobalClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeGlobalClustersResult><GlobalClusters><GlobalClusterMember><GlobalClusterMembers>${list
    .map(
      ([region, writes]) =>
        `<GlobalClusterMember><DBClusterArn>arn:aws:rds:${region}:123456789012:cluster:aurora-test-1-${region}</DBClusterArn><IsWriter>${writes}</IsWriter></GlobalClusterMember>`,
    )
    .join(
      "",
    )}</GlobalClusterMembers></GlobalClusterMember></GlobalClusters></DescribeGlobalClustersResult></DescribeGlobalClustersResponse>`;
const error = (code: string): string =>
  `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`;

describe("the order of a destroy", () => {
  it("is failover, the regions in reverse, global, with the region of the writer as the last region", () => {
    expect(destroyOrder(ORDER, "us-east-1")).toEqual(NORMAL);
    expect(destroyOrder(ORDER, "us-west-2")).toEqual(["failover", "us-east-1", "us-west-2", "global"]);
    // While a region is removed, the stacks are deployed in another order.
    expect(destroyOrder(["failover", "us-west-2", "us-east-1", "global"], "us-east-1")).toEqual(NORMAL);
    expect(destroyOrder(["global", "us-east-1", "failover"], "us-east-1")).toEqual(["failover", "us-east-1", "global"]);
  });
});

describe("npm run synth, then", () => {
  let server: Server;
  let status = 200;
  let body = "";
  const outdir = mkdtempSync(join(tmpdir(), "standfast-destroy-order-"));

  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(status, { "content-type": "text/xml" }).end(body));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const stacks = Object.fromEntries(
      ORDER.map((name, index) => [name, { name, dependencies: index === 0 ? [] : [ORDER[index - 1] ?? ""] }]),
    );
    writeFileSync(join(outdir, "manifest.json"), JSON.stringify({ stacks }));
    for (const stack of ORDER) {
      mkdirSync(join(outdir, "stacks", stack), { recursive: true });
      writeFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), JSON.stringify(globalStack().json));
    }
  });

  afterAll(() => {
    server.close();
  });

  const stacks = async (answer: string, code = 200, option = "--destroy"): Promise<Pick<Ran, "stderr"> & { readonly order: string[] }> => {
    [body, status] = [answer, code];
    const { stdout, stderr } = await run(process.execPath, ["scripts/run.mjs", "scripts/ci/stacks.ts", option], {
      cwd: PROJECT,
      env: {
        ...process.env,
        CDKTF_OUTDIR: outdir,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
      },
    });
    return { order: stdout.trim().split("\n"), stderr };
  };

  it("the order of a destroy is the normal one while the first region has the writer", async () => {
    expect(await stacks(members(["us-east-1", true], ["us-west-2", false]))).toEqual({ order: NORMAL, stderr: "" });
  });

  it("the order of a destroy leaves the standby for the end while it has the writer, and says so", async () => {
    const { order, stderr } = await stacks(members(["us-east-1", false], ["us-west-2", true]));
    expect(order).toEqual(["failover", "us-east-1", "us-west-2", "global"]);
    expect(stderr.trim()).toBe(
      "The cluster of us-west-2 is the writer of the global database global-database-test-1, and can be deleted only after the others: us-west-2 is the last region that is destroyed.",
    );
  });

  it("the order of a destroy is the normal one when the writer cannot be read, and says so", async () => {
    const { order, stderr } = await stacks(error("AccessDenied"), 403);
    expect(order).toEqual(NORMAL);
    expect(stderr.trim()).toBe(
      "The writer of the global database global-database-test-1 cannot be read (AccessDenied). The regions are destroyed in their normal order, which stops at the cluster of us-east-1 if another region is the primary after a takeover.",
    );
  });

  it("the order of a destroy is the normal one after the global database was deleted, or before it has a member", async () => {
    expect(await stacks(error("GlobalClusterNotFoundFault"), 404)).toEqual({ order: NORMAL, stderr: "" });
    expect(await stacks(members())).toEqual({ order: NORMAL, stderr: "" });
  });

  it("the order of a release in waves has the region of the writer as the last wave, and says so if it is not the first region", async () => {
    const waves = (...list: (readonly [region: string, writes: boolean])[]) => stacks(members(...list), 200, "--waves");
    expect(await waves(["us-east-1", true], ["us-west-2", false])).toEqual({
      order: ["global", "us-west-2 wave", "us-east-1 wave", "failover"],
      stderr: "",
    });
    const { order, stderr } = await waves(["us-east-1", false], ["us-west-2", true]);
    expect(order).toEqual(["global", "us-east-1 wave", "us-west-2 wave", "failover"]);
    expect(stderr.trim()).toBe(
      "The cluster of us-west-2 is the writer of the global database global-database-test-1: us-west-2 is the primary region, and the last wave.",
    );
  });

  it("the order of a release in waves is that of the configuration when the writer cannot be read, and says so", async () => {
    const { order, stderr } = await stacks(error("AccessDenied"), 403, "--waves");
    expect(order).toEqual(["global", "us-west-2 wave", "us-east-1 wave", "failover"]);
    expect(stderr.trim()).toBe(
      "The writer of the global database global-database-test-1 cannot be read (AccessDenied). us-east-1 is the last wave, because it is the primary region of the configuration; another region could be the primary after a takeover.",
    );
    expect(await stacks(members(), 200, "--waves")).toEqual({ order, stderr: "" });
  });
});

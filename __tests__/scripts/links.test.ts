import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT } from "../support/requirements";
import { run } from "../support/run";

describe("the check of links to other sites", () => {
  let server: Server;
  let site = "";
  const requested: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      requested.push(`${String(request.method)} ${String(request.url)}`);
      const isThere = request.url === "/there" || (request.url === "/get-only" && request.method === "GET");
      response.writeHead(isThere ? 200 : 404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
  });

  const check = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), "standfast-links-"));
    writeFileSync(join(folder, "page.md"), text);
    return run(process.execPath, ["scripts/links.mjs", folder], { cwd: PROJECT, env: process.env });
  };

  it("ends with 0 if every link answers, also one that answers GET alone, and requests each once", async () => {
    const { code, stdout } = await check(`[a](${site}/there#part) and ${site}/there. [b](${site}/get-only) https://bank.net/payments`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "2 links, 0 without an answer\n" });
    expect(requested.sort()).toEqual(["GET /get-only", "HEAD /get-only", "HEAD /there"]);
  });

  it("ends with 3 and names each link that does not answer, with its file and the reason", async () => {
    const { code, stdout } = await check(`[a](${site}/gone) [b](${site}/there) [c](http://127.0.0.1:1/closed)`);
    expect(code).toBe(3);
    expect(stdout).toMatch(/\/gone: status 404 \(.*page\.md\)/);
    expect(stdout).toMatch(/:1\/closed: .*page\.md/);
    expect(stdout).toContain("3 links, 2 without an answer");
  });
});

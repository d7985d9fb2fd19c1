import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { build, bundle } from "../../modules/functions/bundle";

const FOLDER = "modules/backup/export-service";

describe("the bundle of a function", () => {
  it("is the same, byte for byte, whenever it is made", () => {
    expect(Buffer.from(build(FOLDER)).equals(readFileSync(bundle(FOLDER)))).toBe(true);
  });

  it("is one file that runs by itself, the AWS SDK in it, and tells nothing of the machine that made it", () => {
    const entries = unzipSync(build(FOLDER));
    expect(Object.keys(entries)).toEqual(["index.js"]);
    const code = strFromU8(entries["index.js"] ?? new Uint8Array());
    // Where no package can be found.
    const folder = mkdtempSync(join(tmpdir(), "standfast-function-"));
    writeFileSync(join(folder, "index.js"), code);
    const found = execFileSync(process.execPath, ["-p", 'typeof require("./index.js").handler'], { cwd: folder, encoding: "utf8" });
    expect(found.trim()).toBe("function");
    expect(code).not.toContain(process.cwd());
  });
});

import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../support/run";

const PROJECT = resolve(__dirname, "..", "..");
// Each starts processes, in parallel with all other tests.
jest.setTimeout(5 * 60_000);

let folder: string;
const cache = (): string => join(folder, "node_modules", ".cache", "standfast");
const cached = (ending: string): string[] =>
  readdirSync(cache())
    .filter((file) => file.endsWith(ending))
    .sort();
const write = (greeting: string): void => {
  writeFileSync(
    join(folder, "hello.ts"),
    `import { Construct } from "constructs";\nconsole.log(${JSON.stringify(greeting)}, typeof Construct);\n`,
  );
};

async function greet(): Promise<string> {
  const { code, stdout, stderr } = await run(process.execPath, ["scripts/run.mjs", "hello.ts"], { cwd: folder, env: process.env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

/** A project of one file that imports a package. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standfast-run-"));
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["constructs", "esbuild"]) symlinkSync(join(PROJECT, "node_modules", name), join(folder, "node_modules", name));
  cpSync(join(PROJECT, "scripts", "run.mjs"), join(folder, "scripts", "run.mjs"));
  cpSync(join(PROJECT, "scripts", "run"), join(folder, "scripts", "run"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  write("hello");
});

describe("scripts/run.mjs", () => {
  it("runs the same bundles again while no input has changed, with the code that V8 compiled in the first run", async () => {
    expect(await greet()).toBe("hello function\n");
    const first = readdirSync(cache());
    expect(cached(".code")).toHaveLength(2);
    expect(await greet()).toBe("hello function\n");
    expect(readdirSync(cache())).toEqual(first);
  });

  // V8 itself compares only the length of the source with that of its cache.
  it("runs a changed source of the same length, and keeps only its bundle and the one of the packages", async () => {
    await greet();
    const [own, packages] = [cached(".cjs")[0], cached(".cjs")[1]];
    write("hallo");
    expect(await greet()).toBe("hallo function\n");
    expect(cached(".cjs")).toHaveLength(2);
    expect(cached(".cjs")).toContain([own, packages].find((name) => name?.includes("-packages-")));
    expect(cached(".code")).toHaveLength(2);
  });

  it("builds again while a file has changed after the start of the last build", async () => {
    const manifest = (): string => readFileSync(join(cache(), "hello-ts.json"), "utf8");
    const inAnHour = new Date(Date.now() + 3_600_000);
    utimesSync(join(folder, "hello.ts"), inAnHour, inAnHour);
    await greet();
    expect(manifest()).toContain('"hello.ts":"changed during the build"');
    const before = new Date(Date.now() - 60_000);
    utimesSync(join(folder, "hello.ts"), before, before);
    await greet();
    expect(manifest()).not.toContain("changed during the build");
  });

  it("builds the packages again when their versions change", async () => {
    await greet();
    const before = cached(".cjs");
    writeFileSync(join(folder, "package-lock.json"), '{ "changed": true }');
    await greet();
    expect(cached(".cjs").filter((name) => before.includes(name) && name.includes("-packages-"))).toEqual([]);
  });

  it.each([
    ["empty", () => Buffer.alloc(0)],
    ["cut off", (data: Buffer) => data.subarray(0, data.length / 2)],
    ["of another version of V8", (data: Buffer) => Buffer.concat([Buffer.alloc(16, 7), data.subarray(16)])],
    ["no code at all", () => Buffer.from("not a cache")],
  ])("runs with a cache of compiled code that is %s, and replaces it", async (_, spoil) => {
    await greet();
    const files = cached(".code").map((name) => join(cache(), name));
    for (const file of files) writeFileSync(file, spoil(readFileSync(file)));
    const spoilt = files.map((file) => readFileSync(file));
    expect(await greet()).toBe("hello function\n");
    files.forEach((file, index) => {
      expect(readFileSync(file).equals(spoilt[index] ?? Buffer.alloc(0))).toBe(false);
    });
  });

  it("builds again when a concurrent run has removed a bundle", async () => {
    await greet();
    writeFileSync(
      join(cache(), "hello-ts.json"),
      readFileSync(join(cache(), "hello-ts.json"), "utf8").replace(/hello-ts-[0-9a-f]{16}/, "hello-ts-0000000000000000"),
    );
    expect(await greet()).toBe("hello function\n");
  });

  it("gives every one of several concurrent first runs the result", async () => {
    expect(await Promise.all(Array.from({ length: 4 }, greet))).toEqual(Array(4).fill("hello function\n"));
    expect(readdirSync(cache()).filter((name) => /\.\d+$/.test(name))).toEqual([]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { satisfies } from "semver";

const PROJECT = resolve(__dirname, "..");

interface Package {
  readonly version?: string;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  readonly deprecated?: string;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(PROJECT, file), "utf8"));
const { allowScripts } = read("package.json") as { readonly allowScripts: Readonly<Record<string, boolean>> };
const packages = Object.entries((read("package-lock.json") as { readonly packages: Readonly<Record<string, Package>> }).packages);
const nameOf = (path: string): string => path.split("node_modules/").at(-1) ?? "";

/** Packages for which `npm ci` prints `EBADENGINE` with a version of Node.js. */
const refusing = (version: string, all: readonly (readonly [string, Package])[]): string[] =>
  all.filter(([, { engines }]) => engines?.node !== undefined && !satisfies(version, engines.node)).map(([path]) => nameOf(path));

describe("npm ci prints no warning", () => {
  // aws-local-stepfunctions declares Node.js 22, for Promise.withResolvers alone, which __tests__/support/state-machine.ts
  // defines. Its entry in package-lock.json therefore has no "engines". npm install of another version writes it again:
  // remove it, after the tests of the runbooks have passed on Node.js 20.
  it.each(["20.19.0", "22.13.0", "24.0.0"])("about the engine of a package on Node.js %s", (version) => {
    expect(refusing(version, packages)).toEqual([]);
  });

  it("about the engine of a package that needs a later version, is found here", () => {
    expect(refusing("20.19.0", [["node_modules/a", { engines: { node: ">=22" } }]])).toEqual(["a"]);
  });

  it("about a script of a package that package.json neither allows nor denies", () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
    expect(scripted.filter((name) => allowScripts[name] === undefined)).toEqual([]);
    expect(Object.keys(allowScripts).filter((name) => !scripted.includes(name))).toEqual([]);
  });

  it("about a deprecated package", () => {
    expect(packages.filter(([, { deprecated }]) => deprecated !== undefined).map(([path]) => nameOf(path))).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, SERVICE_USER } from "../support/config";
import { regionStack } from "../support/synthesized";

const MODULES = resolve(__dirname, "..", "..", "modules");
/** Together they have every function. */
const STACKS = [regionStack(EVERYTHING), regionStack(), regionStack(SERVICE_USER)];
/** What Lambda itself sets. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const FROM_LAMBDA = ["AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION"];

/** The variables that the sources in a folder read: `given("TARGET_URL")`, `process.env["TARGET_URL"]`. */
function variablesRead(folder: string): string[] {
  const sources = readdirSync(join(MODULES, folder)).map((file) => readFileSync(join(MODULES, folder, file), "utf8"));
  const found = sources.flatMap((source) =>
    [...source.matchAll(/(?:\w\(|env\[)"([A-Z]+(?:_[A-Z]+)*)"[)\]]/g)].map(([, name = ""]) => name),
  );
  return [...new Set(found)].filter((name) => !FROM_LAMBDA.includes(name)).sort();
}

/** Folders with the code of several functions. The others have the name of their function. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = { "region-control": ["region-control", "region-fence"] };

/** The variables that the functions of a folder have, of every platform together. */
function variablesSet(name: string): string[] {
  const functions = (FUNCTIONS[name] ?? [name]).map((purpose) => `function-${purpose}-test-1`);
  const environments = STACKS.flatMap((stack) => [
    ...stack
      .all("aws_lambda_function")
      .filter(({ function_name: own }) => functions.includes(String(own)))
      .map(({ environment }) => (environment as { readonly variables: object } | undefined)?.variables ?? {}),
    ...(name === "http-canary" ? stack.all("aws_synthetics_canary") : []).map(
      ({ run_config: config }) => (config as { readonly environment_variables: object }).environment_variables,
    ),
  ]);
  return [...new Set(environments.flatMap((variables) => Object.keys(variables)))].sort();
}

const FOLDERS = readdirSync(MODULES)
  .flatMap((module) => readdirSync(join(MODULES, module)).map((folder) => join(module, folder)))
  .filter((folder) => !folder.endsWith(".ts") && readdirSync(join(MODULES, folder)).includes("index.ts"));

describe("the environment of a function", () => {
  it.each(FOLDERS)("has the variables that %s reads, and no others", (folder) => {
    expect(variablesRead(folder).length).toBeGreaterThan(0);
    expect(variablesSet(folder.split("/").at(-1) ?? "")).toEqual(variablesRead(folder));
  });

  it("is checked for every function", () => {
    const functions = new Set(STACKS.flatMap((stack) => stack.all("aws_lambda_function").map(({ function_name: name }) => name)));
    const shared = Object.values(FUNCTIONS).flat().length - Object.keys(FUNCTIONS).length;
    expect(functions.size + 1).toBe(FOLDERS.length + shared);
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { Graph } from "./graph";
import { merged, withVariables } from "./merge";
import { fromPlan } from "./plan";
import { parsePlan } from "./plan-json";
import type { TerraformJson } from "./terraform-json";
import type { Values } from "./values";

export interface Inputs {
  /** A folder with Terraform JSON. @default - only plans */
  readonly folder?: string | undefined;
  /** Files of `terraform show -json`, each with the name of its stack before it or not: `NAME=FILE`. */
  readonly plans?: readonly string[];
}

interface Stack {
  readonly name: string;
  readonly json: TerraformJson;
}

/** Reads every stack: folders of Terraform JSON, and plans, which replace the stack of the same name. @throws with a sentence */
export function readStacks({ folder, plans = [] }: Inputs): readonly Graph[] {
  const stacks = folder === undefined ? [] : foldersOf(folder);
  const planned = plans.map((plan) => {
    const { name, file } = namedPlan(plan);
    const source = stacks.find((stack) => stack.name === name)?.json;
    const parsed = parsePlan(file, bytesOf(file));
    try {
      return { name, json: fromPlan(parsed, source) };
    } catch (error) {
      throw new Error(`${file} is not written by terraform show -json: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  });
  const twice = planned.find(({ name }, index) => planned.findIndex((one) => one.name === name) < index);
  if (twice) throw new Error(`Two plans are of the stack ${twice.name}. Name them with --plan NAME=FILE.`);
  const replaced = stacks.map((stack) => planned.find(({ name }) => name === stack.name) ?? stack);
  return [...replaced, ...planned.filter((plan) => !replaced.includes(plan))].map(({ name, json }) => new Graph(name, json));
}

/** The name of a plan's stack is that of its file, without its endings, if none is given. */
function namedPlan(plan: string): { readonly name: string; readonly file: string } {
  const [, given, file = plan] = existsSync(plan) ? [] : (/^([\w.-]+)=(.+)$/.exec(plan) ?? []);
  return { name: given ?? basename(file).replace(/(?:\.(?:json|tfplan|plan|tfstate|state))+$/, ""), file };
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The root modules below a folder: each folder with `cdk.tf.json` or other `*.tf.json`. */
function foldersOf(folder: string): readonly Stack[] {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist. Run npm run synth first, or name a folder with --from.`);
  const files = filesBelow(folder, ".tf.json");
  const folders = [...new Set(files.map((file) => dirname(file)))].map((path) => ({
    path,
    json: moduleOf(
      path,
      files.filter((file) => dirname(file) === path),
    ),
  }));
  if (folders.length === 0)
    throw new Error(`${folder} has no file of Terraform JSON (*.tf.json). Run npm run synth first, or name a folder with --from.`);
  const called = new Set(folders.flatMap(({ path, json }) => localSources(json).map((source) => resolve(path, source))));
  const roots = folders.filter(({ path }) => !called.has(resolve(path)));
  const names = roots.map(({ path }) => basename(resolve(path)));
  return roots.map(({ path, json }, index) => {
    const name = names[index] ?? "";
    const isOne = names.filter((other) => other === name).length === 1;
    return { name: isOne ? name : longName(relative(folder, path)), json };
  });
}

/** The path of a folder, without the folders that hold nothing but stacks. */
function longName(path: string): string {
  return path
    .split(/[\\/]/)
    .filter((part) => part !== "stacks" && part !== "")
    .join("/");
}

/** Files of one folder are one module. */
function moduleOf(path: string, files: readonly string[]): TerraformJson {
  const parsed = files.map((file) => [basename(file), parsedObject(file)] as const);
  try {
    return withVariables(merged(parsed), variablesOf(path));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Values of variables in files that Terraform reads by itself; the last one wins. */
function variablesOf(path: string): Values {
  const names = readdirSync(path).filter((name) => name.endsWith(".auto.tfvars.json"));
  const files = ["terraform.tfvars.json", ...names.sort()].map((name) => join(path, name)).filter((file) => existsSync(file));
  return Object.assign({}, ...files.map(parsedObject)) as Values;
}

function parsedObject(file: string): object {
  let json: unknown;
  try {
    json = JSON.parse(bytesOf(file).toString("utf8"));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (typeof json !== "object" || json === null) throw new Error(`${file} is not Terraform JSON: it is no object.`);
  return json;
}

/** Folders with the code of modules that others call. They are no stacks of their own. */
function localSources(json: TerraformJson): readonly string[] {
  return Object.values(json.module ?? {}).flatMap(({ source }) => (typeof source === "string" && source.startsWith(".") ? [source] : []));
}

/** Files below a folder with an ending. */
export function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== ".terraform" && name !== "node_modules")
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

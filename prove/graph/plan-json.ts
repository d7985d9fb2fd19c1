import type { Values } from "./values";

/** What `terraform show -json` writes about a plan or a state. @see https://developer.hashicorp.com/terraform/internals/json-format */
export interface PlanJson {
  readonly format_version: string;
  readonly planned_values?: { readonly root_module?: ModuleValues };
  /** Of a state. */
  readonly values?: { readonly root_module?: ModuleValues };
  readonly prior_state?: { readonly values?: { readonly root_module?: ModuleValues } };
  readonly resource_changes?: readonly ResourceChange[];
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ProviderConfiguration>>;
    readonly root_module?: ModuleConfiguration;
  };
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
}

export interface ModuleValues {
  readonly address?: string;
  readonly resources?: readonly ResourceValues[];
  readonly child_modules?: readonly ModuleValues[];
}

export interface ResourceValues {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly values?: Values;
  readonly sensitive_values?: unknown;
  /** Of a state: addresses of resources, without keys of instances. */
  readonly depends_on?: readonly string[];
}

interface ResourceChange {
  readonly address: string;
  readonly deposed?: string;
  readonly change: { readonly after_unknown?: unknown; readonly after_sensitive?: unknown };
}

interface ProviderConfiguration {
  readonly name: string;
  readonly alias?: string;
  readonly module_address?: string;
  readonly expressions?: Values;
}

export interface ModuleConfiguration {
  readonly resources?: readonly ResourceConfiguration[];
  readonly module_calls?: Readonly<Record<string, ModuleCall>>;
  readonly outputs?: Readonly<Record<string, { readonly expression?: Leaf }>>;
  readonly variables?: Readonly<Record<string, { readonly default?: unknown; readonly sensitive?: boolean }>>;
}

export interface ModuleCall {
  readonly expressions?: Values;
  readonly for_each_expression?: Leaf;
  readonly module?: ModuleConfiguration;
}

export interface ResourceConfiguration {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly provider_config_key?: string;
  readonly expressions?: Values;
  readonly for_each_expression?: Leaf;
  readonly depends_on?: readonly string[];
}

/** An expression of an argument: a constant, or what it refers to. */
export interface Leaf {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}

const READABLE = ["0", "1"];

/**
 * Reads a file of `terraform show -json`.
 * @throws with a sentence if it is something else
 */
export function parsePlan(file: string, bytes: Buffer): PlanJson {
  if (bytes.subarray(0, 2).toString() === "PK")
    throw new Error(`${file} is a binary plan: run terraform show -json ${file} > plan.json, and name that file.`);
  // PowerShell writes UTF-16 with a mark.
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const { format_version: version, errored, ...rest } = (typeof json === "object" && json !== null ? json : {}) as Values;
  if (typeof version !== "string")
    throw new Error(`${file} is neither a plan nor a state: it has no format_version. Write it with terraform show -json.`);
  if (!READABLE.includes(version.split(".")[0] ?? ""))
    throw new Error(`${file} has the format_version ${version}: only ${READABLE.map((major) => `${major}.x`).join(" and ")} can be read.`);
  if (errored === true) throw new Error(`${file} is an incomplete plan: terraform plan ended with an error.`);
  if (Object.keys(rest).some((key) => ["provider_schemas", "diagnostics", "valid"].includes(key)))
    throw new Error(`${file} is neither a plan nor a state: it has no resources. Write it with terraform show -json.`);
  return json as PlanJson;
}

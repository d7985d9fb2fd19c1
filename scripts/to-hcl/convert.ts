import { templateText } from "./template";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Body = Readonly<Record<string, Json>>;

/** The part of a schema that decides whether a key is a block or an argument. */
interface BlockSchema {
  readonly block_types?: Readonly<Record<string, { readonly block: BlockSchema }>>;
}

interface ProviderSchema {
  readonly provider: { readonly block: BlockSchema };
  readonly resource_schemas?: Schemas;
  readonly data_source_schemas?: Schemas;
  readonly ephemeral_resource_schemas?: Schemas;
}

type Schemas = Readonly<Record<string, { readonly block: BlockSchema }>>;

/** The output of `terraform providers schema -json`. */
export interface ProviderSchemas {
  readonly provider_schemas: Readonly<Record<string, ProviderSchema>>;
}

/** Arguments of the language whose values are references or types, not expressions. */
const RAW = new Set(["depends_on", "from", "ignore_changes", "provider", "replace_triggered_by", "to", "type"]);
const CONDITION: BlockSchema = {};
/** Blocks that the language adds to resources, data sources and ephemeral resources. */
const OF_EVERY_RESOURCE: BlockSchema["block_types"] = {
  lifecycle: { block: { block_types: { postcondition: { block: CONDITION }, precondition: { block: CONDITION } } } },
};
const WITH_CONDITIONS: BlockSchema = { block_types: { precondition: { block: CONDITION }, validation: { block: CONDITION } } };
const KINDS = { data: "data_source_schemas", ephemeral: "ephemeral_resource_schemas", resource: "resource_schemas" } as const;

/**
 * Terraform JSON in the native syntax, one block after the other. Format it with `terraform fmt`.
 * @throws when a type is not in the schemas, or a top-level key is not known
 */
export function toHcl(json: Body, { provider_schemas: schemas }: ProviderSchemas): string {
  const providers = Object.entries(schemas);
  const blocks = Object.entries(json).flatMap(([key, value]) => {
    switch (key) {
      case "//":
        return [];
      case "terraform":
        return [terraformBlock(value as Body)];
      case "locals":
        return [block(["locals"], value as Body, {})];
      case "moved":
        return bodies(value).map((body) => block(["moved"], body, {}, RAW));
      case "output":
      case "variable":
        return Object.entries(value as Body).map(([name, body]) =>
          block([key, quoted(name)], body as Body, WITH_CONDITIONS, key === "variable" ? RAW : NOTHING),
        );
      case "provider":
        return Object.entries(value as Body).flatMap(([name, body]) => {
          const schema = providers.find(([source]) => source.endsWith(`/${name}`))?.[1].provider.block ?? missing(`the provider ${name}`);
          return bodies(body).map((one) => block([key, quoted(name)], one, schema));
        });
      case "data":
      case "ephemeral":
      case "resource":
        return Object.entries(value as Body).flatMap(([type, named]) => {
          const schema = providers.flatMap(([, provider]) => provider[KINDS[key]]?.[type] ?? [])[0]?.block ?? missing(`${key} ${type}`);
          const withLanguage = { block_types: { ...schema.block_types, ...OF_EVERY_RESOURCE } };
          return Object.entries(named as Body).map(([name, body]) =>
            block([key, quoted(type), quoted(name)], body as Body, withLanguage, META),
          );
        });
      default:
        return missing(`the top-level key ${key}`);
    }
  });
  return `${blocks.join("\n\n")}\n`;
}

const NOTHING: ReadonlySet<string> = new Set();
/** At the top of a resource, `from`, `to` and `type` are its own arguments. */
const META: ReadonlySet<string> = new Set(["depends_on", "provider"]);

function terraformBlock({ backend = {}, required_providers: required = {}, ...others }: Body): string {
  return [
    "terraform {",
    argumentsOf(others, {}, NOTHING),
    block(["required_providers"], required as Body, {}),
    ...Object.entries(backend as Body).map(([type, body]) => block(["backend", quoted(type)], body as Body, {})),
    "}",
  ].join("\n");
}

function block(head: readonly string[], body: Body, schema: BlockSchema, raw: ReadonlySet<string> = NOTHING): string {
  return `${head.join(" ")} {\n${argumentsOf(body, schema, raw)}\n}`;
}

function argumentsOf(body: Body, { block_types: types = {} }: BlockSchema, raw: ReadonlySet<string>): string {
  return Object.entries(body)
    .filter(([key]) => key !== "//")
    .flatMap(([key, value]) => {
      const nested = types[key];
      if (nested) return bodies(value).map((one) => block([key], one, nested.block, key === "lifecycle" ? RAW : NOTHING));
      if (key === "dynamic") return Object.entries(value as Body).map(([name, dynamic]) => dynamicBlock(name, dynamic as Body, types));
      return [`${key} = ${raw.has(key) ? rawText(value) : expression(value)}`];
    })
    .join("\n");
}

/** A block for each element of a value. Its content has the schema of the block. */
function dynamicBlock(name: string, dynamic: Body, types: NonNullable<BlockSchema["block_types"]>): string {
  const content = types[name] ?? missing(`the block ${name}`);
  return block(["dynamic", quoted(name)], dynamic, { block_types: { content } }, new Set(["iterator"]));
}

function bodies(value: Json): readonly Body[] {
  return (Array.isArray(value) ? value : [value]) as readonly Body[];
}

function rawText(value: Json): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(rawText).join(", ")}]`;
  throw new Error(`${JSON.stringify(value)} is no reference and no type`);
}

function expression(value: Json): string {
  if (typeof value === "string") return templateText(value);
  if (Array.isArray(value)) return `[${value.map(expression).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${key.includes("${") ? `(${templateText(key)})` : quoted(key)} = ${expression(item)}`,
  );
  return entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n}`;
}

const quoted = (name: string): string => JSON.stringify(name);

function missing(what: string): never {
  throw new Error(`${what} is not in the schemas: run terraform providers schema -json in the folder of the stack`);
}

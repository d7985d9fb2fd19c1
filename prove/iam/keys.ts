import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { resourcePolicyOf } from "./resource-policies";
import { allows, type Call, denies, type Statement, statementsOf } from "./policy";

/** A key of the configuration. */
export interface Key {
  readonly kind: "key";
  readonly graph: Graph;
  readonly resource: Resource;
}

/** What an argument for a key names: a key of the configuration, one of AWS, one of another owner, or nothing. */
export type NamedKey = Key | { readonly kind: "aws" | "elsewhere" | "nowhere"; readonly text: string };

const KEYS = ["aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key"];
const ALIAS_OF_AWS = /^(arn:aws:kms:[^:]*:[^:]*:)?alias\/aws\//;

/** The key that an argument names, by reference, by alias or by a look-up of an alias. Undefined without the argument. */
export function keyOf(stacks: readonly Graph[], graph: Graph, value: unknown): NamedKey | undefined {
  const text = graph.text(value);
  if (text === undefined || text === "") return undefined;
  const target = graph.target(value);
  if (target && KEYS.includes(target.type)) return { kind: "key", graph, resource: target };
  if (target?.type === "aws_kms_alias") return keyOf(stacks, graph, target.values["target_key_id"]);
  if (target?.type === "data.aws_kms_alias")
    return byAlias(stacks, graph.placeOf(target).region, graph.text(target.values["name"]) ?? text);
  if (target?.type === "data.aws_kms_key") return keyOf(stacks, graph, target.values["key_id"]);
  if (ALIAS_OF_AWS.test(text)) return { kind: "aws", text };
  if (text.startsWith("alias/")) return byAlias(stacks, graph.region, text);
  return { kind: target !== undefined || text.startsWith("${aws_") || text.startsWith("${data.") ? "nowhere" : "elsewhere", text };
}

function byAlias(stacks: readonly Graph[], region: string | undefined, name: string): NamedKey {
  if (ALIAS_OF_AWS.test(name)) return { kind: "aws", text: name };
  const aliases = stacks.flatMap((graph) => graph.all("aws_kms_alias").map((alias) => ({ graph, alias })));
  const found = aliases.find(({ graph, alias }) => graph.text(alias.values["name"]) === name && graph.placeOf(alias).region === region);
  if (found) return keyOf(stacks, found.graph, found.alias.values["target_key_id"]) ?? { kind: "nowhere", text: name };
  return { kind: aliases.length === 0 ? "elsewhere" : "nowhere", text: name };
}

/** Names of a key, which conditions of policies compare. */
export function aliasesOf(stacks: readonly Graph[], key: Key): readonly string[] {
  return stacks.flatMap((graph) =>
    graph.all("aws_kms_alias").flatMap((alias) => {
      const named = keyOf(stacks, graph, alias.values["target_key_id"]);
      const is = named?.kind === "key" && named.resource.address === key.resource.address && named.graph === key.graph;
      return is ? (graph.text(alias.values["name"]) ?? []) : [];
    }),
  );
}

/**
 * The statements of the policy of a key. A key without a policy has that of AWS: the account decides by its policies of identities.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function keyPolicy({ graph, resource }: Key): readonly Statement[] {
  const statements = resourcePolicyOf(graph, resource);
  const { account } = graph.placeOf(resource);
  const root = { Effect: "Allow", Action: "kms:*", Resource: "*", Principal: { AWS: `arn:aws:iam::${account ?? ""}:root` } };
  return statements ?? statementsOf({ Statement: [root] }, String);
}

/** Whether the policy of a key lets a principal make a call. The resource of a key policy is the key itself, whatever it is called. */
export function keyAllows(key: Key, call: Omit<Call, "resource">): boolean {
  return allows(ofItself(keyPolicy(key)), { ...call, resource: "*" });
}

export function keyDenies(key: Key, call: Omit<Call, "resource">): boolean {
  return denies(ofItself(keyPolicy(key)), { ...call, resource: "*" });
}

const ofItself = (statements: readonly Statement[]): readonly Statement[] =>
  statements.map((statement) => ({ ...statement, resources: ["*"] }));

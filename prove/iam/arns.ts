import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { type Key, keyOf } from "./keys";

/** Unknown before an apply: a key and a secret have a part that AWS chooses. In its place is what identifies them here. */
const REFERENCE = /\$\{((?:data\.)?[\w-]+\.[\w-]+)\.([\w-]+)\}/g;

/**
 * A value as text in which ARNs that AWS completes are ARNs too, so that patterns of policies can be compared with them.
 * @param stacks a look-up by name finds what another stack creates
 */
export function arnText(stacks: readonly Graph[], graph: Graph, value: unknown): string | undefined {
  return graph.text(value)?.replaceAll(REFERENCE, (whole, address: string, attribute: string) => {
    const resource = graph.all(typeOf(address)).find((one) => one.address === address);
    return (resource && madeUp(stacks, graph, resource, attribute)) ?? whole;
  });
}

function madeUp(stacks: readonly Graph[], graph: Graph, resource: Resource, attribute: string): string | undefined {
  if (!/arn$|^id$/.test(attribute)) return undefined;
  const key = keyOf(stacks, graph, `\${${resource.address}.${attribute}}`);
  if (key?.kind === "key") return keyArn(key);
  if (/^(data\.)?aws_secretsmanager_secret$/.test(resource.type)) return secretArn(graph, resource);
  if (resource.type === "aws_lambda_alias") {
    const target = graph.target(resource.values["function_name"]);
    const arn = target && graph.arn(target);
    return arn === undefined ? undefined : `${arn}:${graph.text(resource.values["name"]) ?? "*"}`;
  }
  return undefined;
}

/** An ARN of a key, with its address in the place of the id that AWS chooses. */
export function keyArn({ graph, resource }: Key): string {
  const { region, account } = graph.placeOf(resource);
  return `arn:aws:kms:${region ?? ""}:${account ?? ""}:key/${graph.name}/${resource.address}`;
}

/** AWS adds six characters to the name of a secret. @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
function secretArn(graph: Graph, secret: Resource): string | undefined {
  const { region, account } = graph.placeOf(secret);
  const name = graph.text(secret.values["name"]);
  return name === undefined ? undefined : `arn:aws:secretsmanager:${region ?? ""}:${account ?? ""}:secret:${name}-AbCdEf`;
}

const typeOf = (address: string): string => address.split(".").slice(0, -1).join(".");

import type { Graph } from "../graph/graph";
import { type Resource, text } from "../graph/values";
import { asName } from "./records";

/** A certificate of a listener. */
export interface Certificate {
  /** Its resource, or its ARN. */
  readonly what: string;
  /** Names that it covers. Undefined for a certificate of another owner. */
  readonly names: readonly string[] | undefined;
  /** Undefined if it leads nowhere. */
  readonly isFound: boolean;
}

/** The certificates of a listener: its own, and those that are added. */
export function certificatesOf(graph: Graph, listener: Resource): readonly Certificate[] {
  const added = graph.referring("aws_lb_listener_certificate", "listener_arn", listener);
  return [listener, ...added].map(({ values }) => certificateOf(graph, values["certificate_arn"]));
}

function certificateOf(graph: Graph, arn: unknown): Certificate {
  const target = graph.target(arn);
  if (target?.type === "aws_acm_certificate_validation") return certificateOf(graph, target.values["certificate_arn"]);
  const literal = text(arn) ?? "";
  if (!target) return { what: literal, names: undefined, isFound: literal.startsWith("arn:") };
  if (!target.type.endsWith("aws_acm_certificate")) return { what: target.address, names: undefined, isFound: false };
  const { domain_name: domain, subject_alternative_names: others } = target.values;
  const names = [domain, ...graph.list(others)].map((name) => asName(graph.text(name) ?? ""));
  return { what: target.address, names: target.type.startsWith("data.") ? undefined : names, isFound: true };
}

/**
 * Whether a certificate for some names is valid for a name. A wildcard stands for one label.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/acm-certificate-characteristics.html
 */
export function covers(names: readonly string[], name: string): boolean {
  const [, ...parent] = name.split(".");
  return names.includes(name) || names.includes(`*.${parent.join(".")}`);
}

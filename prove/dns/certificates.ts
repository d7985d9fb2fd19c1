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

/**
 * Names of a certificate that nothing validates: no record is made of the validation options of this certificate, or of another one with
 * the name. All certificates of an account have the same record for a name.
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function unvalidatedNames(stacks: readonly Graph[], graph: Graph, listener: Resource): readonly string[] {
  const validation = graph.target(listener.values["certificate_arn"]);
  if (validation?.type !== "aws_acm_certificate_validation") return [];
  const certificate = graph.target(validation.values["certificate_arn"]);
  const names = certificate?.type === "aws_acm_certificate" ? (certificateOf(graph, validation.values["certificate_arn"]).names ?? []) : [];
  if (certificate && certificate.values["validation_method"] !== "DNS") return names;
  const validated = stacks.flatMap(validatedNames);
  return names.filter((name) => !validated.includes(name));
}

const validations = new WeakMap<Graph, readonly string[]>();

/** Names for which a stack has the records that validate certificates: one for each name, or one for each option of a certificate. */
function validatedNames(graph: Graph): readonly string[] {
  const known = validations.get(graph);
  if (known) return known;
  const certificates = graph
    .all("aws_acm_certificate")
    .map(({ address }) => ({ address, names: certificateOf(graph, `\${${address}.arn}`).names ?? [] }));
  const found = graph.all("aws_route53_record").flatMap(({ values }) => {
    const name = text(values["name"]) ?? "";
    const value = text(graph.list(values["records"])[0]) ?? "";
    const each = text(values["for_each"]);
    if (value === "" || text(values["type"]) === undefined || graph.target(values["zone_id"]) === undefined) return [];
    return certificates.flatMap(({ address, names }) => {
      if (!`${each ?? ""} ${name}`.includes(`${address}.domain_validation_options`)) return [];
      const isChosen = each === undefined && name.includes("==");
      return names.filter((one) => !isChosen || [name, value].every((part) => part.includes(`"${one}"`)));
    });
  });
  validations.set(graph, found);
  return found;
}

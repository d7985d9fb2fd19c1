import type { Graph } from "../graph/graph";
import { block, oneOrMany, type Resource } from "../graph/values";

/** Settings of a health check that a runbook can change. */
export interface CheckSettings {
  readonly disabled: boolean;
  readonly inverted: boolean;
}

interface HealthCheck extends CheckSettings {
  readonly id: string;
  readonly type: "HTTPS" | "CALCULATED";
  readonly host: string;
  readonly path: string;
  readonly children: readonly string[];
  readonly threshold: number;
  /** Settings that an apply does not revert. */
  readonly ignored: readonly string[];
}

interface FailoverRecord {
  readonly name: string;
  readonly role: "PRIMARY" | "SECONDARY" | undefined;
  readonly to: string;
  readonly check: string | undefined;
}

/** The records and health checks of the failover stack. */
export interface Dns {
  /** Name that clients resolve. */
  readonly name: string;
  readonly records: readonly FailoverRecord[];
  readonly checks: ReadonlyMap<string, HealthCheck>;
  /** Ids of health checks, by the parameters that publish them. */
  readonly published: ReadonlyMap<string, string>;
}

/** What the health checkers see. */
export interface Endpoints {
  /** Whether a host answers 200 at a path. */
  answers(host: string, path: string): boolean;
  /** Settings of a health check that differ from Terraform's. */
  settings(check: string): CheckSettings | undefined;
}

/** Reads the failover records, those that they name, and the health checks. A health check's id is its address. */
export function readDns(stack: Graph): Dns {
  const target = (value: unknown): string => stack.target(value)?.address ?? "";
  const records = stack
    .all("aws_route53_record")
    .filter(({ values }) => values["type"] === "CNAME")
    .map(({ values }): FailoverRecord => {
      const role = block(values["failover_routing_policy"])["type"];
      return {
        name: stack.text(values["name"]) ?? "",
        role: role === "PRIMARY" || role === "SECONDARY" ? role : undefined,
        to: stack.text(oneOrMany(values["records"])[0]) ?? "",
        check: values["health_check_id"] === undefined ? undefined : target(values["health_check_id"]),
      };
    });
  const shortest = [...records].sort((one, other) => one.name.length - other.name.length)[0];
  if (!shortest) throw new Error("the failover stack has no CNAME record");
  const checks = stack.all("aws_route53_health_check").map((check): [string, HealthCheck] => [check.address, healthCheck(stack, check)]);
  const published = stack
    .all("aws_ssm_parameter")
    .filter(({ values }) => target(values["value"]).startsWith("aws_route53_health_check."))
    .map(({ values }): [string, string] => [stack.text(values["name"]) ?? "", target(values["value"])]);
  return { name: shortest.name, records, checks: new Map(checks), published: new Map(published) };
}

function healthCheck(stack: Graph, { address, values }: Resource): HealthCheck {
  return {
    id: address,
    type: values["type"] === "CALCULATED" ? "CALCULATED" : "HTTPS",
    host: stack.text(values["fqdn"]) ?? "",
    path: stack.text(values["resource_path"]) ?? "",
    children: oneOrMany(values["child_healthchecks"]).map((child) => stack.target(child)?.address ?? ""),
    threshold: Number(values["child_health_threshold"] ?? 0),
    disabled: values["disabled"] === true,
    inverted: values["invert_healthcheck"] === true,
    ignored: oneOrMany(block(values["lifecycle"])["ignore_changes"]).map(String),
  };
}

/**
 * Whether a health check counts as healthy. A disabled one counts as healthy before inversion.
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_UpdateHealthCheck.html
 */
export function isHealthy(dns: Dns, id: string, endpoints: Endpoints): boolean {
  const check = dns.checks.get(id);
  if (!check) throw new Error(`there is no health check ${id}`);
  const { disabled, inverted } = endpoints.settings(id) ?? check;
  const measured =
    check.type === "HTTPS"
      ? endpoints.answers(check.host, check.path)
      : check.children.filter((child) => isHealthy(dns, child, endpoints)).length >= check.threshold;
  return (disabled || measured) !== inverted;
}

/**
 * The host that DNS answers. The primary record if it is healthy, otherwise the secondary if it is healthy, otherwise the
 * primary. A record without a health check is healthy.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-failover.html
 */
export function answeredHost(dns: Dns, endpoints: Endpoints, name = dns.name): string {
  const records = dns.records.filter((record) => record.name === name);
  const [first] = records;
  if (!first) return name;
  const primary = records.find(({ role }) => role !== "SECONDARY") ?? first;
  const secondary = records.find(({ role }) => role === "SECONDARY");
  const healthy = (record: FailoverRecord): boolean => record.check === undefined || isHealthy(dns, record.check, endpoints);
  const chosen = healthy(primary) || !secondary || !healthy(secondary) ? primary : secondary;
  return answeredHost(dns, endpoints, chosen.to);
}

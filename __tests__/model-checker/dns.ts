import { type Resource, type Synthesized, target } from "../support/synthesized";

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

/** Reads the CNAME records and the health checks. A health check's id is its address. */
export function readDns(stack: Synthesized): Dns {
  const records = stack
    .all("aws_route53_record")
    .filter(({ type }) => type === "CNAME")
    .map((record): FailoverRecord => {
      const role = (record["failover_routing_policy"] as { type: "PRIMARY" | "SECONDARY" } | undefined)?.type;
      const check = record["health_check_id"] === undefined ? undefined : target(record["health_check_id"]);
      return { name: String(record["name"]), role, to: String((record["records"] as unknown[])[0]), check };
    });
  const shortest = [...records].sort((one, other) => one.name.length - other.name.length)[0];
  if (!shortest) throw new Error("the failover stack has no CNAME record");
  const checks = stack.all("aws_route53_health_check").map((check): [string, HealthCheck] => [check.address, healthCheck(check)]);
  const published = stack
    .all("aws_ssm_parameter")
    .filter(({ value }) => String(value).includes("aws_route53_health_check."))
    .map((parameter): [string, string] => [String(parameter["name"]), target(parameter["value"])]);
  return { name: shortest.name, records, checks: new Map(checks), published: new Map(published) };
}

function healthCheck(check: Resource): HealthCheck {
  const lifecycle = check["lifecycle"] as { ignore_changes?: readonly string[] } | undefined;
  return {
    id: check.address,
    type: check["type"] as HealthCheck["type"],
    host: String(check["fqdn"]),
    path: String(check["resource_path"]),
    children: ((check["child_healthchecks"] ?? []) as readonly unknown[]).map(target),
    threshold: Number(check["child_health_threshold"] ?? 0),
    disabled: check["disabled"] === true,
    inverted: check["invert_healthcheck"] === true,
    ignored: lifecycle?.ignore_changes ?? [],
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

/**
 * The oldest version of TLS that a security policy of Elastic Load Balancing accepts, read from its name:
 * `ELBSecurityPolicy-TLS13-1-2-Res-2021-06` accepts 1.2. Policies named by a date alone accept 1.0. Undefined for a name of another form.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
export function oldestTls(policy: string): number | undefined {
  const version = /^ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-(\d)(?:-|$)/.exec(policy)?.[1];
  if (version !== undefined) return 1 + Number(version) / 10;
  return /^ELBSecurityPolicy-(?:FS-)?\d{4}-\d{2}$/.test(policy) ? 1.0 : undefined;
}

/** What a listener accepts without a security policy. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html */
export const DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";

interface Parameter {
  readonly name: string;
  readonly on: readonly string[];
  /** First version of the engine in which AWS has it on by itself. @default - none */
  readonly since?: number;
}

/**
 * The parameter by which a database refuses connections without TLS.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html#AuroraPostgreSQL.Security.SSL
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html#AuroraMySQL.Security.SSL
 */
export function tlsParameter(family: string): Parameter | undefined {
  if (family.includes("postgres")) return { name: "rds.force_ssl", on: ["1", "on"], since: family.startsWith("aurora") ? 17 : 15 };
  return /mysql|mariadb/.test(family) ? { name: "require_secure_transport", on: ["1", "on"] } : undefined;
}

/** Whether a database of a parameter group accepts TLS only. */
export function requiresTls(family: string, parameters: readonly { readonly name: string; readonly value: string }[]): boolean {
  const wanted = tlsParameter(family);
  if (!wanted) return false;
  const set = parameters.find(({ name }) => name === wanted.name);
  if (set) return wanted.on.includes(set.value.toLowerCase());
  return wanted.since !== undefined && Number(/(\d+)(?:\.\d+)?$/.exec(family)?.[1]) >= wanted.since;
}

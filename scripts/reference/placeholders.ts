import { MINIMAL } from "../../__tests__/support/config";

const ZONE = /\b(us-east-1|us-west-2|eu-west-1)[a-f]\b/g;
const REGION = /\b(us-east-1|us-west-2|eu-west-1)(?![a-z])|\b(us-east|us-west|eu-west)(?=\*)/g;
/** Services and metrics that the configurations name themselves. */
const SERVICE = /(?<![A-Za-z0-9])(ledger|risk)(?![A-Za-z0-9])/g;
/** Secrets that a service names: their address ends with a hash. */
const SECRET = /given-secrets_[a-z0-9-]+_arn/g;
/** Accounts of other owners. */
const OTHER_ACCOUNT = /\b210987654321\b/g;
const NODE = /\b\d{4}-\d{3}\b/g;

/** A name of a resource with placeholders for what differs between environments: `alarm-cpu-high-<zone>-<suffix>`. */
export function withPlaceholders(text: string): string {
  return text
    .replaceAll(MINIMAL.environment_suffix, "<suffix>")
    .replaceAll(`pay.${MINIMAL.dns.zone_name}`, "<service-name>")
    .replaceAll(MINIMAL.account_id, "<account>")
    .replaceAll(OTHER_ACCOUNT, "<other-account>")
    .replaceAll(SECRET, "given-secrets_<secret>_arn")
    .replaceAll(NODE, "<node>")
    .replaceAll(ZONE, "<zone>")
    .replaceAll(REGION, "<region>")
    .replaceAll(SERVICE, "<service>");
}

/** `region` for the stack of each region. */
export function stackKind(stack: string): string {
  return stack === "global" || stack === "failover" ? stack : "region";
}

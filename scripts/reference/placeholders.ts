import { MINIMAL } from "../../__tests__/support/config";

const ZONE = /\b(us-east-1|us-west-2|eu-west-1)[a-f]\b/g;
const REGION = /\b(us-east-1|us-west-2|eu-west-1)(?![a-z])/g;
/** Services and metrics that the configurations name themselves. */
const SERVICE = /(?<![A-Za-z0-9_])(ledger|risk)(?![A-Za-z0-9_])/g;
const NODE = /\b\d{4}-\d{3}\b/g;

/** A name of a resource with placeholders for what differs between environments: `alarm-cpu-high-<zone>-<suffix>`. */
export function withPlaceholders(text: string): string {
  return text
    .replaceAll(MINIMAL.environment_suffix, "<suffix>")
    .replaceAll(MINIMAL.account_id, "<account>")
    .replaceAll(NODE, "<node>")
    .replaceAll(ZONE, "<zone>")
    .replaceAll(REGION, "<region>")
    .replaceAll(SERVICE, "<service>");
}

/** The same for an address in a stack, or the name of the stack: `service-<service>_tasks_role`. */
export function stackKind(stack: string): string {
  return stack === "global" || stack === "failover" ? stack : "region";
}

/**
 * A region that is not the primary region of the configuration holds DNS while it has the writer: its load balancer answers
 * this path with 200 instead of 404, and the health checks of the failover records request it. Only the region that holds
 * must be available for that, and not the control plane of Route 53, which is in us-east-1.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
 */
export const HOLD_PATH = "/.well-known/standfast/hold";
/** Priority of the listener rule: the first. The rules of services and functions have other priorities. */
export const HOLD_PRIORITY = 1;

/** The action of the listener rule, in the form of the API. */
export function holdResponse(held: boolean): {
  readonly StatusCode: "200" | "404";
  readonly MessageBody: string;
  readonly ContentType: "text/plain";
} {
  return held
    ? { StatusCode: "200", MessageBody: "This region holds DNS.", ContentType: "text/plain" }
    : { StatusCode: "404", MessageBody: "This region does not hold DNS.", ContentType: "text/plain" };
}

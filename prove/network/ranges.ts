/** All IPv4 addresses. */
export const ANYWHERE = "0.0.0.0/0";

/** Ports of a flow, both included. */
export type Ports = readonly [from: number, to: number];

/** Ports from which clients send: Linux, NAT gateways and load balancers together. @see https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
export const EPHEMERAL: Ports = [1024, 65535];

function bounds(cidr: string): readonly [first: number, last: number] {
  const [address = "", bits = "32"] = cidr.split("/");
  const first = address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}

/** Whether a range contains another one. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [bounds(outer), bounds(inner)];
  return a[0] <= b[0] && b[1] <= a[1];
}

/** Whether two ranges share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [bounds(one), bounds(other)];
  return a[0] <= b[1] && b[0] <= a[1];
}

export const portsContain = (outer: Ports, inner: Ports): boolean => outer[0] <= inner[0] && inner[1] <= outer[1];

export const portsOverlap = (one: Ports, other: Ports): boolean => one[0] <= other[1] && other[0] <= one[1];

/** IPv4 ranges as numbers, and the plan that divides a VPC into subnets. Pure functions. */

export interface Cidr {
  /** First address as an unsigned 32-bit number. */
  readonly base: number;
  /** Prefix length, 0–32. */
  readonly prefix: number;
}

/** Every IPv4 address. */
export const ANYWHERE = "0.0.0.0/0";

export const TIERS = ["public", "application", "data"] as const;
export type Tier = (typeof TIERS)[number];

interface SubnetPlan {
  readonly availabilityZone: string;
  readonly cidr: string;
}

interface TierPlan {
  /** The range that contains every present and future subnet of the tier. Network ACLs use it. */
  readonly cidr: string;
  readonly subnets: readonly SubnetPlan[];
}

export type NetworkPlan = Readonly<Record<Tier, TierPlan>>;

/** Zones that each tier has addresses for: three in use, and a fourth without renumbering. */
export const ZONE_SLOTS = 4;

/**
 * Prefix of the smallest supported VPC. Each tier is a quarter of the VPC and each zone a quarter of its tier, so a /22
 * gives /26 subnets with 59 usable addresses. A load balancer requires a /27 with 8 free addresses.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
 */
export const SMALLEST_VPC_PREFIX = 22;
/** @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
export const LARGEST_VPC_PREFIX = 16;

/** Parses `10.0.0.0/16`. Undefined for other text, for leading zeros, which some programs read as octal numbers, and for a range with host bits set. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\/(0|[1-9]\d?)$/.exec(text);
  if (!match) return undefined;
  const [first, second, third, fourth, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([first, second, third, fourth].some((octet) => octet > 255) || prefix > 32) return undefined;
  const base = ((first * 256 + second) * 256 + third) * 256 + fourth;
  return base % sizeOf({ base, prefix }) === 0 ? { base, prefix } : undefined;
}

export function formatCidr({ base, prefix }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** Number of addresses in the range. */
export function sizeOf({ prefix }: Cidr): number {
  return 2 ** (32 - prefix);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one);
}

/** The `index`-th of the equal parts of a range whose prefix is `extraBits` longer. */
function subdivide(whole: Cidr, extraBits: number, index: number): Cidr {
  const prefix = whole.prefix + extraBits;
  return { prefix, base: whole.base + index * 2 ** (32 - prefix) };
}

/**
 * Divides a VPC into one quarter for each tier and one sixteenth for each zone and tier. The last quarter and the fourth
 * zone of each tier are free, so that later use of them moves no existing subnet.
 * @param vpc a range of /16 to /22
 * @param availabilityZones at most four, in the order in which they were first configured
 */
export function planNetwork(vpc: string, availabilityZones: readonly string[]): NetworkPlan {
  const whole = parseCidr(vpc);
  if (!whole) throw new Error(`not an IPv4 range: ${vpc}`);
  if (availabilityZones.length > ZONE_SLOTS) throw new Error(`more than ${ZONE_SLOTS} Availability Zones: ${availabilityZones.join(", ")}`);
  const tier = (index: number): TierPlan => {
    const range = subdivide(whole, 2, index);
    const subnets = availabilityZones.map((availabilityZone, slot) => ({
      availabilityZone,
      cidr: formatCidr(subdivide(range, Math.log2(ZONE_SLOTS), slot)),
    }));
    return { cidr: formatCidr(range), subnets };
  };
  return { public: tier(0), application: tier(1), data: tier(2) };
}

/** The zone of an instance, and its promotion tier. */
export interface Placement {
  /** The zone, with a number from its second instance on. */
  readonly name: string;
  readonly zone: string;
  /** 0–15; the lowest is promoted first. */
  readonly tier: number;
}

/** Last promotion tier. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html */
const LAST_TIER = 15;

/** Assigns instances to the zones in turn. @param tiers promotion tier of each instance. @default - in the order of the zones */
export function placements(instances: number, zones: readonly string[], tiers?: readonly number[]): Placement[] {
  return Array.from({ length: instances }, (_, index) => {
    const zone = zones[index % zones.length] as string;
    const round = Math.floor(index / zones.length) + 1;
    return { zone, name: round === 1 ? zone : `${zone}-${round}`, tier: tiers?.[index] ?? Math.min(index, LAST_TIER) };
  });
}

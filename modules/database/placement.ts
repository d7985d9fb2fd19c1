/** Where an instance stands, and when it is promoted. */
export interface Placement {
  /** The zone, with a number from the second instance of it on. */
  readonly name: string;
  readonly zone: string;
  /** 0–15; the lowest is promoted first. */
  readonly tier: number;
}

/** Lowest rank in the order of promotion. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html */
const LAST_TIER = 15;

/** The zones in turn. @param tiers of the instances. @default - in the order of the zones */
export function placements(instances: number, zones: readonly string[], tiers?: readonly number[]): Placement[] {
  return Array.from({ length: instances }, (_, index) => {
    const zone = zones[index % zones.length] as string;
    const round = Math.floor(index / zones.length) + 1;
    return { zone, name: round === 1 ? zone : `${zone}-${round}`, tier: tiers?.[index] ?? Math.min(index, LAST_TIER) };
  });
}

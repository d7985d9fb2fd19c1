import { instanceWindows } from "../../config/maintenance-windows";

/** The zone of an instance, its promotion tier and its maintenance window. */
export interface Placement {
  /** The zone, with a number from its second instance on. */
  readonly name: string;
  readonly zone: string;
  /** 0–15; the lowest is promoted first. */
  readonly tier: number;
  /** Weekly window in UTC, `sun:06:00-sun:06:30`. RDS would select a random one. */
  readonly maintenanceWindow: string;
}

interface PlacementProps {
  /** Number of instances. */
  readonly instances: number;
  readonly availabilityZones: readonly string[];
  /** Promotion tier of each instance. @default - in the order of the zones */
  readonly promotionTiers?: readonly number[] | undefined;
  /** Daily window in UTC, `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly window of the cluster in UTC, `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
}

/** Last promotion tier. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html */
const LAST_TIER = 15;

/** Assigns instances to the zones in turn. */
export function placements({ instances, availabilityZones, promotionTiers, backupWindow, maintenanceWindow }: PlacementProps): Placement[] {
  return instanceWindows(maintenanceWindow, backupWindow, instances).map((window, index) => {
    const zone = availabilityZones[index % availabilityZones.length] as string;
    const round = Math.floor(index / availabilityZones.length) + 1;
    return {
      zone,
      name: round === 1 ? zone : `${zone}-${round}`,
      tier: promotionTiers?.[index] ?? Math.min(index, LAST_TIER),
      maintenanceWindow: window,
    };
  });
}

import { COMMON } from "./common";
import type { Preset } from "./preset";

/**
 * Time-sensitive payment authorizations that must survive the loss of a zone and of a region: Aurora PostgreSQL with one
 * writer and two readers in a global database, exactly six Fargate tasks in three zones, a hot standby region, and in each
 * region a canary that requests the other.
 */
export const paymentProcessing: Preset = {
  name: "payment-processing",
  document: "S000",
  summary: "two regions, Aurora PostgreSQL in a global database, exactly six tasks",
  overview: {
    regions: "two, the second a hot standby",
    database: "Aurora PostgreSQL in a global database",
    sessions: "",
    tasks: "exactly 6",
    addition: "canaries in each region that request the other",
  },
  values: {
    ...COMMON,
    canaries: { ...COMMON.canaries, enabled: true },
    regions: [
      ...COMMON.regions,
      {
        name: "us-west-2",
        availability_zones: ["us-west-2a", "us-west-2b", "us-west-2c"],
        vpc_cidr: "10.1.0.0/16",
        standby: "hot",
      },
    ],
  },
};

import { LOSS_SABOTAGES } from "./losses";
import { REACHABILITY_SABOTAGES } from "./reachability";
import type { Sabotage } from "./sabotage";
import { SERVICE_SABOTAGES } from "./service";
import { ZONE_SABOTAGES } from "./zones";

export const SABOTAGES: readonly Sabotage[] = [...ZONE_SABOTAGES, ...REACHABILITY_SABOTAGES, ...SERVICE_SABOTAGES, ...LOSS_SABOTAGES];

import type { Claim } from "./claim";
export const ZONE_ALARM_CLAIMS: readonly Claim[] = [];

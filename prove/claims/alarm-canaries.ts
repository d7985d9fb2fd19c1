import type { Claim } from "./claim";
export const CANARY_CLAIMS: readonly Claim[] = [];

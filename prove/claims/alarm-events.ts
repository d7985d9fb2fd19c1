import type { Claim } from "./claim";
export const EVENT_CLAIMS: readonly Claim[] = [];

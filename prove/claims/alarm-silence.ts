import type { Claim } from "./claim";
export const SILENCE_CLAIMS: readonly Claim[] = [];

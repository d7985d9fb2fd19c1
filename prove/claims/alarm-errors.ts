import type { Claim } from "./claim";
export const ERROR_CLAIMS: readonly Claim[] = [];

/** The number after the dot: 11 of 1.11. */
export function minorVersion(terraformVersion: string): number {
  return Number(terraformVersion.split(".")[1]);
}

/** First version that locks its state in S3 itself. */
export const LOCKFILE_MINOR = 10;

/** First version with write-only arguments and ephemeral values: how a password stays out of plan and state. */
export const WRITE_ONLY_MINOR = 11;

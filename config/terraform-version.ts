/** The minor version: 11 of 1.11. */
export function minorVersion(terraformVersion: string): number {
  return Number(terraformVersion.split(".")[1]);
}

/** First version with state locks in S3. */
export const LOCKFILE_MINOR = 10;

/** First version with write-only arguments and ephemeral values, which keep a password out of plan and state. */
export const WRITE_ONLY_MINOR = 11;

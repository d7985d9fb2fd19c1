import { type ControlStatus, decidedByOwner } from "../status";

const numbered = (prefix: string, ...numbers: readonly number[]): string[] => numbers.map((number) => `${prefix}.${number}`);

/** What an account has once, whoever uses it. Making it here would break what is there, or take it away at a destroy. */
export const ACCOUNT: readonly ControlStatus[] = [
  decidedByOwner(["Account.1"], "People to turn to belong to the account."),
  decidedByOwner(
    [
      ...numbered("CloudTrail", 1, 2, 4, 5),
      "cloudtrail_multi_region_trail_enabled",
      "cloudtrail_s3_data_events_enabled",
      "cloudtrail_security_trail_enabled",
      "cloudtrail_trail_enabled",
      "cloudtrail_trail_integrated_with_logs",
      "cloudtrail_trail_logs_encrypted_with_kms_cmk",
      "cloudtrail_trail_validation_enabled",
    ],
    "A trail of the account records this platform as it does everything else.",
  ),
  decidedByOwner(["Config.1"], "An account has one recorder in each region."),
  decidedByOwner(numbered("GuardDuty", 1, 5, 6, 7, 8, 9, 10, 11, 12, 13), "An account has one detector in each region."),
  decidedByOwner(numbered("Inspector", 1, 2, 3, 4), "It is turned on for an account, not for resources."),
];

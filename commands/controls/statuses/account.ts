import { type ControlStatus, ownedByAccount } from "../status";

const numbered = (prefix: string, ...numbers: readonly number[]): string[] => numbers.map((number) => `${prefix}.${number}`);

/** Services that are configured once per account. The platform would overwrite an existing configuration, or delete it on destroy. */
export const ACCOUNT: readonly ControlStatus[] = [
  ownedByAccount(["Account.1"], "Contact information is a property of the account."),
  ownedByAccount(
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
    "A trail of the account records the calls of this platform, too.",
  ),
  ownedByAccount(["Config.1"], "An account has one configuration recorder per region."),
  ownedByAccount(numbered("GuardDuty", 1, 5, 6, 7, 8, 9, 10, 11, 12, 13), "An account has one detector per region."),
  ownedByAccount(numbered("Inspector", 1, 2, 3, 4), "It is enabled for an account, not for resources."),
];

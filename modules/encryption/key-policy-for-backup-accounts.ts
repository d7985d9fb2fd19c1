import type { Statement } from "../iam/policy";
import { THIS_KEY } from "./key";

/**
 * Allows AWS Backup in other accounts to copy the snapshots that this key encrypts. A snapshot of Aurora has the key of its
 * cluster, and the role that copies it is the service-linked role of the account that receives it. The account is the principal,
 * because a key policy that names a role is rejected until the role exists.
 * @see https://aws.amazon.com/blogs/storage/how-encryption-works-in-aws-backup/
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
 */
export function keyPolicyForBackupAccounts(accounts: readonly string[]): readonly Statement[] {
  if (accounts.length === 0) return [];
  const Principal = { AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) };
  const role = {
    "aws:PrincipalArn": accounts.map(
      (account) => `arn:aws:iam::${account}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
    ),
  };
  return [
    {
      Sid: "BackupInOtherAccounts",
      Principal,
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Resource: THIS_KEY,
      Condition: { ArnEquals: role },
    },
    {
      Sid: "BackupGrantsInOtherAccounts",
      Principal,
      Action: "kms:CreateGrant",
      Resource: THIS_KEY,
      Condition: { ArnEquals: role, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

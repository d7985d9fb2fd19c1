import { CancelKeyDeletionCommand, DescribeKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { FinalSnapshot } from "../final-snapshots";

/**
 * Cancels the deletion of the keys of final snapshots, and enables them. KMS disables a key when its deletion is cancelled.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html
 * @returns the ARNs of the keys that were waiting for their deletion
 */
export async function keepKeys(region: string, snapshots: readonly FinalSnapshot[]): Promise<string[]> {
  const kms = new KMSClient({ region });
  const kept: string[] = [];
  for (const KeyId of new Set(snapshots.flatMap(({ keyArn }) => keyArn ?? []))) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    if (KeyMetadata?.KeyState !== "PendingDeletion") continue;
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await kms.send(new EnableKeyCommand({ KeyId }));
    kept.push(KeyId);
  }
  return kept;
}

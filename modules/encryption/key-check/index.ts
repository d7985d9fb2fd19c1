import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import type { RegionCount } from "../../../config/region-facts";

/**
 * Options of both clients. The SDK repeats throttled calls, with a backoff. The limits leave time for the other keys and for
 * the metric: an attempt takes at most 6 s.
 */
const OPTIONS = { maxAttempts: 4, requestHandler: { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true } };

const METRIC: RegionCount = "UnusableKeys";

/** A key that nothing can be encrypted or decrypted with. */
interface UnusableKey {
  readonly alias: string;
  readonly arn: string;
  /** `Disabled`, `PendingDeletion` and others of AWS KMS, or the error of the call. */
  readonly state: string;
  /** When AWS KMS deletes the key, and everything that it encrypted is lost. */
  readonly deletedAt?: string;
}

/**
 * Reads the state of every KMS key of the region and publishes the number of keys that are not usable. A key whose state
 * cannot be read counts as not usable, and does not hide the others.
 * @returns the keys that are not usable
 */
export async function handler(): Promise<{ readonly unusable: readonly UnusableKey[] }> {
  const keys = Object.entries(JSON.parse(requiredVariable("KEYS")) as Readonly<Record<string, string>>);
  const kms = new KMSClient(OPTIONS);
  const checked = await Promise.all(keys.map(([alias, arn]) => check(kms, alias, arn)));
  const unusable = checked.filter((key) => key !== undefined);
  for (const key of unusable) console.error(JSON.stringify({ message: `${key.alias} is not usable: ${key.state}`, ...key }));
  await publish(unusable.length);
  return { unusable };
}

/**
 * A key with another state than `Enabled` refuses cryptographic operations.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
async function check(kms: KMSClient, alias: string, arn: string): Promise<UnusableKey | undefined> {
  try {
    const { KeyMetadata: { KeyState: state = "unknown", DeletionDate } = {} } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
    if (state === "Enabled" && DeletionDate === undefined) return undefined;
    return { alias, arn, state, ...(DeletionDate && { deletedAt: DeletionDate.toISOString() }) };
  } catch (error) {
    return { alias, arn, state: String(error) };
  }
}

async function publish(count: number): Promise<void> {
  await new CloudWatchClient(OPTIONS).send(
    new PutMetricDataCommand({
      Namespace: requiredVariable("METRIC_NAMESPACE"),
      MetricData: [
        {
          MetricName: METRIC,
          Dimensions: [{ Name: "EnvironmentSuffix", Value: requiredVariable("ENVIRONMENT_SUFFIX") }],
          Value: count,
        },
      ],
    }),
  );
}

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}

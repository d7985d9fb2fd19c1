/** One region of the platform, as the functions of all regions know it. */
export interface RegionSettings {
  /** Parameter that allows or freezes the writes of its services. */
  readonly writesParameter: string;
  /** Parameter with the identifier of the cluster that its tasks use. */
  readonly identifierParameter: string;
  /** The cluster that Terraform created. */
  readonly clusterIdentifier: string;
  /** Load balancer whose listener rule holds DNS. Undefined in the primary region of the configuration, which DNS prefers anyway. */
  readonly holdLoadBalancer?: string;
  /** State machine of its region takeover. Undefined without runbooks. */
  readonly takeoverArn?: string;
  /** Alarm of the canary in this region that requests the region of the function. */
  readonly canaryAlarm?: string;
}

/** A region that is lost must not use up the time of an invocation. */
const CONNECTION_MILLISECONDS = 2000;
const REQUEST_MILLISECONDS = 6000;

/** Options of every client: short limits, because the other region may be lost, and few retries. */
export function clientOptions(region: string) {
  return {
    region,
    maxAttempts: 2,
    // Without the flag, the SDK only logs a request that exceeds its time.
    requestHandler: { connectionTimeout: CONNECTION_MILLISECONDS, requestTimeout: REQUEST_MILLISECONDS, throwOnRequestTimeout: true },
  };
}

/** The settings of every region by its name. */
export function regionSettings(): ReadonlyMap<string, RegionSettings> {
  return new Map(Object.entries(JSON.parse(requiredVariable("REGIONS")) as Record<string, RegionSettings>));
}

/** @throws when the platform has no such region */
export function settingsOf(region: string): RegionSettings {
  const settings = regionSettings().get(region);
  if (!settings) throw new Error(`${region} is not a region of this platform`);
  return settings;
}

export function ownRegion(): string {
  return requiredVariable("AWS_REGION");
}

export function otherRegions(): string[] {
  return [...regionSettings().keys()].filter((region) => region !== ownRegion());
}

/** The region in an ARN. */
export function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}

/** @throws when the environment has no such variable */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}

/** One slow region must not use up the time of the others. */
const DEADLINE_MILLISECONDS = 20_000;

/** Calls an action for several regions at once. @returns the regions for which it failed, or took too long */
export async function failedRegions(regions: readonly string[], action: (region: string) => Promise<void>): Promise<string[]> {
  const results = await Promise.allSettled(regions.map((region) => withDeadline(action(region), region)));
  return regions.filter((region, index) => {
    const result = results[index];
    if (result?.status === "rejected") console.error(JSON.stringify({ region, error: String(result.reason) }));
    return result?.status === "rejected";
  });
}

async function withDeadline(work: Promise<void>, region: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${region} did not respond within ${DEADLINE_MILLISECONDS} ms`));
    }, DEADLINE_MILLISECONDS);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

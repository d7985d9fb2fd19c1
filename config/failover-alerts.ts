import { HEALTH_METRICS_REGION, REGIONS } from "./regions";

/** Opt-in regions, to which SNS does not deliver from a region that is enabled by default. @see https://docs.aws.amazon.com/sns/latest/dg/lambda-prereq.html */
const OPT_IN = ["ap-northeast-3", "eu-south-1"];

/**
 * The region whose function and queue receive the alerts of the health checks, which are in us-east-1: the last by preference, because
 * most of them are about the regions before it. Undefined if SNS delivers to none of the regions.
 */
export function failoverAlertsRegion(regions: readonly { readonly name: string }[]): string | undefined {
  const delivered = (region: string): boolean => region === HEALTH_METRICS_REGION || (REGIONS.includes(region) && !OPT_IN.includes(region));
  return regions
    .map(({ name }) => name)
    .filter(delivered)
    .at(-1);
}

/**
 * The AWS regions with all services that Standfast uses and at least three Availability Zones. Another region
 * is a warning. Check the services of a region before you add it.
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const REGIONS: readonly string[] = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-central-1",
  "eu-north-1",
  "eu-south-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
];

/**
 * The only region with the metrics of Route 53 health checks, independent of the regions of the platform.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
 */
export const HEALTH_METRICS_REGION = "us-east-1";

export const LEAST_ZONES = 3;

/** Whether the zone is an Availability Zone of the region, as `us-east-1a` of `us-east-1`. Local and Wavelength zones are not. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}

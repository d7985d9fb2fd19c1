/**
 * The AWS regions that offer everything Standfast uses and have at least three zones. A region missing here is refused
 * at synth: add it once its services are checked.
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
 * The one region that gets the metrics of Route 53's health checks, wherever the regions are.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
 */
export const HEALTH_METRICS_REGION = "us-east-1";

export const LEAST_ZONES = 3;

/** Whether the zone's name belongs to the region: `us-east-1a` to `us-east-1`; local and Wavelength zones do not. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}

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

/** Whether the zone is an Availability Zone of the region, as `us-east-1a` of `us-east-1`. No region has more than six. Local and Wavelength zones are not. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-f]$/.test(zone.slice(region.length));
}

/** The last letter of the zones of the regions with more than three. Accounts do not have every letter: ca-central-1 has no c. */
const LAST_LETTERS: Readonly<Record<string, string>> = {
  "us-east-1": "f",
  "us-west-2": "d",
  "ca-central-1": "d",
  "ap-northeast-1": "d",
  "ap-northeast-2": "d",
};

/** Whether the list of zones contains the zone of a listed region. Of another region, there is no list. */
export function isListedZone(region: string, zone: string): boolean {
  return !REGIONS.includes(region) || zone.slice(region.length) <= (LAST_LETTERS[region] ?? "c");
}

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

export const LEAST_ZONES = 3;

/** Whether the zone's name belongs to the region: `us-east-1a` to `us-east-1`; local and Wavelength zones do not. */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length));
}

/** What each kind of standby needs until it serves alone, said at every synth. */
export const RECOVERY = {
  hot: "the same capacity: serves reads at once, and writes as soon as its database is promoted (minutes)",
  warm: "one task in each zone and one database instance: serves a little at once, all of it after 1 to 3 minutes of scaling, and writes as soon as its database is promoted (minutes)",
  "pilot-light": "no task and no database instance, only the replicated data: serves after instances and tasks are made, 15 to 30 minutes",
} as const;

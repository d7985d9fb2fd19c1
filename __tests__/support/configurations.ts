import { PRESETS } from "../../config/presets";
import {
  CLOSED_EGRESS,
  DATA,
  DATA_OPTIONS,
  EVERYTHING,
  IAM_USER,
  inExistingVpcs,
  MYSQL,
  NEEDS,
  ONE_REGION,
  OPERATING,
  OPERATIONS,
  SERVICE_USER,
  twoRegions,
} from "./config";

/** A platform with a hosted zone that it creates, which is not delegated when its certificates would be validated. */
export const OWN_ZONE = {
  regions: ONE_REGION.regions.map((region) => ({ ...region, certificate_arn: "arn:aws:acm:us-east-1:123456789012:certificate/1" })),
  dns: { zone_name: "bank.test", zone_id: undefined, create_zone: true },
};

/** Each preset as it is, by its name. */
export const EACH_PRESET = Object.fromEntries(Object.keys(PRESETS).map((preset) => [preset, { preset }]));

const THREE_REGIONS = {
  regions: [
    ...twoRegions("warm").regions,
    { name: "eu-west-1", availability_zones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"], vpc_cidr: "10.2.0.0/16", standby: "pilot-light" },
  ],
};

/** Configurations that together have every resource, every option and every kind of region, as keys of `terraform.tfvars`. */
export const CONFIGURATIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...EACH_PRESET,
  everything: EVERYTHING,
  "aurora-mysql": MYSQL,
  operations: OPERATIONS,
  "two-regions-data": DATA,
  "hot-standby": { ...twoRegions("hot"), ...DATA, ...OPERATING },
  "warm-standby": { ...twoRegions("warm"), ...DATA, ...OPERATING },
  "pilot-light": { ...twoRegions("pilot-light"), ...DATA, ...OPERATING },
  "three-regions": { ...THREE_REGIONS, ...DATA, ...OPERATING, failover: { fallback_host: "sorry.bank.test" } },
  "data-options": { ...ONE_REGION, ...DATA_OPTIONS },
  "own-zone": { ...OWN_ZONE, validation: { enabled: true, in_vpc: true } },
  "service-connect": {
    ...OPERATIONS,
    discovery: "service-connect",
    service: { protocol: "HTTPS", health_check_command: ["CMD", "true"], static_stability: true },
    container_image: CLOSED_EGRESS.container_image,
    service_images: { ledger: CLOSED_EGRESS.container_image, risk: CLOSED_EGRESS.container_image },
    network: { nat: "single", ...CLOSED_EGRESS.network },
    monitoring: { anomaly_detection: true },
  },
  protected: {
    ...twoRegions("hot"),
    ...DATA,
    storage: { transaction_logs: true, object_lock: { mode: "GOVERNANCE", days: 30 } },
    protect: true,
    backup: {
      ...DATA.backup,
      vault_lock: { mode: "compliance", min_retention_days: 35, max_retention_days: 365, changeable_for_days: 7 },
      copy_vault_arns: ["us-east-1", "us-west-2"].map((region) => `arn:aws:backup:${region}:210987654321:backup-vault:payments`),
    },
    dns: { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE", apex: true },
  },
  "one-region-fallback": { ...ONE_REGION, failover: { fallback_host: "sorry.bank.test" }, runbooks: { enabled: false } },
  "service-user": { ...ONE_REGION, ...SERVICE_USER },
  "service-user-iam": { ...twoRegions("hot"), ...IAM_USER },
  "terraform-1.9": { ...ONE_REGION, terraform_version: "1.9", database: { rewind: false } },
  needs: { ...twoRegions("hot"), ...NEEDS, network: { interface_endpoints: true } },
  "existing-vpc": { ...EVERYTHING, regions: inExistingVpcs(ONE_REGION.regions) },
  "existing-vpc-closed": { ...twoRegions("pilot-light"), ...CLOSED_EGRESS, regions: inExistingVpcs(twoRegions("pilot-light").regions) },
  ephemeral: { ...ONE_REGION, ...OPERATING, ephemeral: true },
};

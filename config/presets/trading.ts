import { COMMON } from "./common";
import type { Preset } from "./preset";

/**
 * Trading in one region at low cost: Aurora PostgreSQL 14 on burstable instances, sessions in DynamoDB, application data in
 * S3, backups of all of them and an export of the service configuration; an event bus, and canaries.
 */
export const trading: Preset = {
  name: "trading",
  document: "S004",
  summary: "one region, Aurora PostgreSQL 14 on small instances, sessions in DynamoDB, an event bus, canaries",
  overview: {
    regions: "one",
    database: "Aurora PostgreSQL 14, small instances",
    sessions: "DynamoDB",
    tasks: "6 to 12",
    addition: "an event bus, canaries, application data in S3, an export of the service configuration",
  },
  values: {
    ...COMMON,
    database: { ...COMMON.database, engine_version: "14.22", instance_class: "db.t4g.medium" },
    sessions: "dynamodb",
    storage: { ...COMMON.storage, application_data: true },
    backup: { ...COMMON.backup, service_configuration: true },
    events: { ...COMMON.events, enabled: true },
    canaries: { ...COMMON.canaries, enabled: true },
    service: { ...COMMON.service, tasks: { min: 6, max: 12 } },
  },
};

import { BACKUP_RULES } from "./backup-rules";
import { CACHE_RULES } from "./cache-rules";
import { DATABASE_RECOVERY_RULES } from "./database-recovery-rules";
import { DATABASE_RULES } from "./database-rules";
import { DNS_RULES } from "./dns-rules";
import { ENVIRONMENT_RULES } from "./environment-rules";
import { LOAD_BALANCER_RULES } from "./load-balancer-rules";
import { OPERATIONS_RULES } from "./operations-rules";
import { REGION_RULES } from "./regions-rules";
import type { Rule } from "./rule";
import { SERVICE_RULES } from "./service-rules";
import { ADDITIONAL_SERVICE_RULES } from "./additional-services-rules";
import { STORAGE_RULES } from "./storage-rules";

export const RULES: readonly Rule[] = [
  ...REGION_RULES,
  ...DNS_RULES,
  ...LOAD_BALANCER_RULES,
  ...SERVICE_RULES,
  ...ADDITIONAL_SERVICE_RULES,
  ...DATABASE_RULES,
  ...DATABASE_RECOVERY_RULES,
  ...CACHE_RULES,
  ...STORAGE_RULES,
  ...BACKUP_RULES,
  ...OPERATIONS_RULES,
  ...ENVIRONMENT_RULES,
];

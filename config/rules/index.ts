import { BACKUP_RULES } from "./backup-rules";
import { BACKUP_VAULT_RULES } from "./backup-vault-rules";
import { CACHE_RULES } from "./cache-rules";
import { DATABASE_CLASS_RULES } from "./database-class-rules";
import { DATABASE_RECOVERY_RULES } from "./database-recovery-rules";
import { DATABASE_RULES } from "./database-rules";
import { DNS_RULES } from "./dns-rules";
import { ENVIRONMENT_RULES } from "./environment-rules";
import { IMAGE_RULES } from "./image-rules";
import { LOAD_BALANCER_RULES } from "./load-balancer-rules";
import { OPERATIONS_RULES } from "./operations-rules";
import { REGION_RULES } from "./regions-rules";
import type { Rule } from "./rule";
import { SERVICE_NEEDS_RULES } from "./service-needs-rules";
import { SERVICE_USER_RULES } from "./service-user-rules";
import { SERVICE_RULES } from "./service-rules";
import { ADDITIONAL_SERVICE_RULES } from "./additional-services-rules";
import { STATEMENT_RULES } from "./statement-rules";
import { STORAGE_RULES } from "./storage-rules";
import { TASK_ENVIRONMENT_RULES } from "./task-environment-rules";
import { TEXT_RULES } from "./text-rules";
import { VPC_RULES } from "./vpc-rules";
import { WAF_CONFIG_RULES } from "./waf-rules";
import { ZONAL_SHIFT_RULES } from "./zonal-shift-rules";

export const RULES: readonly Rule[] = [
  ...REGION_RULES,
  ...VPC_RULES,
  ...DNS_RULES,
  ...LOAD_BALANCER_RULES,
  ...WAF_CONFIG_RULES,
  ...ZONAL_SHIFT_RULES,
  ...SERVICE_RULES,
  ...ADDITIONAL_SERVICE_RULES,
  ...SERVICE_NEEDS_RULES,
  ...STATEMENT_RULES,
  ...IMAGE_RULES,
  ...DATABASE_RULES,
  ...DATABASE_CLASS_RULES,
  ...DATABASE_RECOVERY_RULES,
  ...SERVICE_USER_RULES,
  ...CACHE_RULES,
  ...STORAGE_RULES,
  ...BACKUP_RULES,
  ...BACKUP_VAULT_RULES,
  ...OPERATIONS_RULES,
  ...ENVIRONMENT_RULES,
  ...TASK_ENVIRONMENT_RULES,
  ...TEXT_RULES,
];

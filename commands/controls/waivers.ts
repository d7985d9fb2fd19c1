/**
 * Controls that the default configuration does not meet.
 *
 * Over 250 lines because it is a flat table, one entry for each waiver.
 */
import { ANYWHERE } from "../../config/cidr";
import type { Waiver } from "./status";
import { every, everyWhere } from "./check";
import {
  atLeast,
  isAbsent,
  includes,
  is,
  isNot,
  isSet,
  references,
  listed,
  neverAllows,
  neverReads,
  reads,
  related,
  excludesPorts,
} from "./expectation";
import type { Resource } from "./resource";
import { isAbout, resources, type Statement } from "./statement";

const everywhere = () => true;
const addressMatches =
  (pattern: RegExp) =>
  ({ address }: Resource): boolean =>
    pattern.test(address);

const DESTROYABLE = "[requirements](requirements.md) S000-C10, S002-C7, S003-T11 and S004-T9";

/** All keys of the account, or of a region. The control ignores conditions. */
const ALL_KEYS = /^\*$|^arn:aws:kms:[^:]*:[^:]*:(key\/)?\*$/;
const decryptsWithAllKeys = (statement: Statement): boolean =>
  ["kms:Decrypt", "kms:ReEncryptFrom"].some((action) => isAbout(statement, action)) &&
  resources(statement).some((resource) => ALL_KEYS.test(resource));

/** Controls that the default configuration does not meet, each with the reason, and the configuration that meets it. */
export const WAIVERS: readonly Waiver[] = [
  {
    name: "Deletion protection",
    controls: ["RDS.7", "DynamoDB.6", "ELB.6"],
    checks: [
      every("aws_rds_cluster", is("deletion_protection", true)),
      every("aws_dynamodb_table", is("deletion_protection_enabled", true)),
      every("aws_dynamodb_table_replica", is("deletion_protection_enabled", true)),
      every("aws_lb", is("enable_deletion_protection", true)),
    ],
    appliesTo: everywhere,
    where: "the database, the tables and the load balancer",
    because: `All resources must be destroyable: ${DESTROYABLE}.`,
    lift: { config: { protect: true }, note: "enables final snapshots, too" },
  },
  {
    name: "Certificate without a load balancer",
    controls: ["ACM.1", "acm_certificate_expires_30_days"],
    checks: [every("aws_acm_certificate", related("aws_acm_certificate_validation", "certificate_arn"))],
    appliesTo: addressMatches(/^aws_acm_certificate\.shared-validation-records_certificate$/),
    where: "the certificate of the stack `global`",
    because:
      "ACM renews only certificates in use, and no load balancer uses this one: it expires. It exists because ACM returns the validation records only for a certificate. ACM issues and renews the certificates of the load balancers, while the records exist; the owner of a certificate in `certificate_arn` renews it.",
    lift: "With a `certificate_arn` for every region, the certificate is not created.",
  },
  {
    name: "Notifications of stacks",
    controls: ["CloudFormation.1"],
    checks: [every("aws_cloudformation_stack", isSet("notification_arns"))],
    appliesTo: everywhere,
    where: "the stack of zonal autoshift",
    because: "Terraform creates, changes and deletes the stack, and reports each failure. No event of it requires an action of on-call.",
    lift: "With `zonal_shift.autoshift = false`, the stack is not created.",
  },
  {
    name: "Log retention of one year",
    controls: ["cloudwatch_log_group_retention_period_365"],
    checks: [every("aws_cloudwatch_log_group", atLeast("retention_in_days", 365))],
    appliesTo: everywhere,
    where: "every log group",
    because: "Cost: logs are kept for 90 days. PCI DSS 10.5.1 requires twelve months, three of them immediately available.",
    lift: { config: { monitoring: { log_retention_days: 365 } } },
  },
  {
    name: "Automatic minor version upgrades",
    controls: [
      "RDS.13",
      "RDS.35",
      "rds_db_instance_automatic_minor_version_upgrade_enabled",
      "ElastiCache.2",
      "elasticache_cluster_auto_minor_version_upgrade_enabled",
    ],
    checks: [
      every("aws_rds_cluster_instance", is("auto_minor_version_upgrade", true)),
      every("aws_elasticache_replication_group", is("auto_minor_version_upgrade", "true")),
    ],
    appliesTo: everywhere,
    where: "the database and Redis",
    because:
      "The version is configured in `terraform.tfvars`. After an automatic upgrade, the next plan would contain a downgrade; and AWS does not upgrade a global database automatically.",
    lift: "Increase `database.engine_version` and `cache.engine_version`. Synth rejects database versions without support.",
  },
  {
    name: "Web ACL",
    controls: ["elb_application_lb_waf_enabled"],
    checks: [every("aws_lb", related("aws_wafv2_web_acl_association", "resource_arn"))],
    appliesTo: everywhere,
    where: "the load balancer",
    because: "Cost: AWS WAF charges for rules and requests, and none of the documents requires it.",
    lift: { config: { load_balancer: { waf: true } } },
  },
  {
    name: "Interface endpoints",
    controls: ["EC2.55", "EC2.56", "EC2.57"],
    checks: [
      every(
        "aws_vpc",
        ...(["ecr\\.api", "ecr\\.dkr", "ssm"] as const).map((service) =>
          related(
            "aws_vpc_endpoint",
            "vpc_id",
            reads("service_name", new RegExp(`\\.${service}$`), `ends in \`${service.replace("\\", "")}\``),
          ),
        ),
      ),
    ],
    appliesTo: everywhere,
    where: "the VPC",
    because:
      "Cost: six endpoints in three Availability Zones cost more than the NAT gateways, which are required anyway. The gateway endpoints for S3 and DynamoDB are free and always created.",
    lift: { config: { network: { interface_endpoints: true } } },
  },
  {
    name: "Endpoint for the EC2 API",
    controls: ["EC2.10", "vpc_configured_to_use_vpc_endpoints"],
    checks: [every("aws_vpc", related("aws_vpc_endpoint", "vpc_id", reads("service_name", /\.ec2$/, "ends in `ec2`")))],
    appliesTo: everywhere,
    where: "the VPC",
    because: "No program in the VPC calls this API.",
    lift: "Add the endpoint to the VPC outside of Standfast.",
  },
  {
    name: "Public load balancer",
    controls: ["vpc_security_group_restrict_ingress_tcp_udp_all"],
    checks: [every("aws_vpc_security_group_ingress_rule", isNot("cidr_ipv4", ANYWHERE))],
    appliesTo: addressMatches(/\.load-balancer_/),
    where: "ports 443 and 80 of the load balancer",
    because: "Clients connect from any address, and Route 53 health checks from public addresses of AWS.",
    lift: {
      config: { load_balancer: { allowed_cidrs: ["198.51.100.0/24"] } },
      note: "with your own ranges, which must include the Route 53 health checkers",
    },
  },
  {
    name: "Route to the internet gateway",
    controls: ["vpc_route_table_restrict_public_access_to_igw"],
    checks: [
      everyWhere(
        "aws_route",
        { destination_cidr_block: ANYWHERE },
        neverReads("gateway_id", /aws_internet_gateway/, "is not an internet gateway", "${aws_internet_gateway.planted.id}"),
      ),
    ],
    appliesTo: addressMatches(/\.network_public-routes_/),
    where: "the public subnets",
    because: "They contain the load balancer and the NAT gateways only. Application and data subnets have no route to an internet gateway.",
    lift: "None: clients reach the load balancer through it.",
  },
  {
    name: "Return traffic through network ACLs",
    controls: ["EC2.21", "vpc_network_acl_remote_administration"],
    checks: [everyWhere("aws_network_acl_rule", { cidr_block: ANYWHERE, egress: false, rule_action: "allow" }, excludesPorts(22, 3389))],
    appliesTo: addressMatches(/_return-traffic-in$/),
    where: "ports 1024 to 65535, which include 3389, of the public and the application subnets",
    because:
      "Network ACLs are stateless: return traffic uses any of these ports, and NAT gateways use all of them. Without port 3389, one connection in 64,512 would hang. Security groups do not allow inbound connections to these ports.",
    lift: "None.",
  },
  {
    name: "Redirect listener",
    controls: ["ELB.18", "elb_application_network_lb_use_ssl_certificate"],
    checks: [every("aws_lb_listener", is("protocol", "HTTPS", "TLS"), isSet("certificate_arn"))],
    appliesTo: addressMatches(/\.load-balancer_http$/),
    where: "port 80 of the load balancer",
    because: "It only redirects to HTTPS, which [ELB.1](#elastic-load-balancing) requires.",
    lift: "None.",
  },
  {
    name: "Keys for backups",
    controls: ["KMS.2", "iam_policy_inline_no_blocked_kms_actions"],
    checks: [
      every(
        "aws_iam_role_policy",
        neverAllows("policy", "decryption with all keys", decryptsWithAllKeys, { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }),
      ),
    ],
    appliesTo: addressMatches(/\.(backup|restore-testing)_role_/),
    where: "the roles of AWS Backup",
    because:
      "The policies select keys by alias, with a condition on `kms:ResourceAliases`, because the IDs of keys in other regions are not known. The control ignores conditions.",
    lift: "None.",
  },
  {
    name: "Functions outside the VPC",
    controls: ["lambda_function_in_vpc"],
    checks: [every("aws_lambda_function", isSet("vpc_config.subnet_ids"))],
    appliesTo: everywhere,
    where: "every function",
    because:
      "They call AWS APIs and no resource in the VPC, and can be invoked through the Lambda API only. In the VPC, a destroy waits up to 45 minutes for the deletion of their network interfaces.",
    lift: {
      config: { validation: { enabled: true, in_vpc: true } },
      appliesTo: addressMatches(/\.validation_/),
      note: "for the payment validation function; the other functions are for operations only",
    },
  },
  {
    name: "Snapshot retention of Redis",
    controls: ["elasticache_redis_cluster_automatic_backup_retention_15_days"],
    checks: [every("aws_elasticache_replication_group", atLeast("snapshot_retention_limit", 15))],
    appliesTo: everywhere,
    where: "Redis",
    because: "Cost: sessions older than a week have no use. Snapshots are kept for seven days.",
    lift: { config: { cache: { snapshot_retention_days: 15 } } },
  },
  {
    name: "Manual deletion of backups",
    controls: ["backup_recovery_point_manual_deletion_disabled"],
    checks: [
      every(
        "aws_backup_vault",
        related(
          "aws_backup_vault_policy",
          "backup_vault_name",
          reads("policy", /backup:DeleteRecoveryPoint/, "denies `backup:DeleteRecoveryPoint`"),
        ),
      ),
    ],
    appliesTo: everywhere,
    where: "every vault",
    because: `A destroy deletes the recovery points with the vault: ${DESTROYABLE}.`,
    lift: "`protect = true`, which adds a vault policy that denies it; `backup.vault_lock` prevents it for every principal ([protection of backups](runbooks/backup.md#protection)).",
  },
  {
    name: "Backup of idempotency keys",
    controls: ["dynamodb_table_in_backup_plan", "dynamodb_table_protected_by_backup_plan"],
    checks: [
      every(
        "aws_dynamodb_table",
        listed("aws_backup_selection", "resources", ({ name }) => `:table/${String(name)}`),
      ),
    ],
    appliesTo: addressMatches(/\.payment-requests$/),
    where: "the table of idempotency keys",
    because:
      "Its items expire after `validation.idempotency_hours`, by default one day. Point-in-time recovery covers 35 days; the sessions table is in the backup plan.",
    lift: "None.",
  },
  {
    name: "Backup of the standby's database",
    controls: [
      "rds_db_cluster_aurora_protected_by_backup_plan",
      "rds_db_instance_in_backup_plan",
      "rds_db_instance_protected_by_backup_plan",
    ],
    checks: [
      every(
        "aws_rds_cluster",
        listed("aws_backup_selection", "resources", ({ cluster_identifier: id }) => `:cluster:${String(id)}`),
        // A plan selects a cluster of a global database only while it is the writer.
        isAbsent("source_region"),
      ),
    ],
    appliesTo: ({ source_region: source }) => source !== undefined,
    where: "the database of a standby region",
    because:
      "It is a replica of the primary database. The backup plan of each region backs up the region's cluster while it is the writer, and copies the recovery points to the other regions. Aurora backs up instances with their cluster.",
    lift: "None.",
  },
  {
    name: "General log of Aurora MySQL",
    controls: ["RDS.9", "rds_db_instance_logging_enabled"],
    checks: [
      everyWhere(
        "aws_rds_cluster",
        { engine: "aurora-mysql" },
        includes("enabled_cloudwatch_logs_exports", "audit", "error", "slowquery", "general"),
      ),
    ],
    appliesTo: everywhere,
    where: "Aurora MySQL",
    because:
      "The general log contains every statement with its values, so card data would be in a log. The audit, error and slow query logs are exported; for Aurora PostgreSQL, all logs ([RDS.37](#rds)).",
    lift: "None.",
  },
  {
    name: "Ports of the database",
    controls: ["RDS.23"],
    checks: [every("aws_rds_cluster", isNot("port", 3306, 5432))],
    appliesTo: everywhere,
    where: "the database",
    because: "Another port gives no protection: the security groups allow the tasks only.",
    lift: "None.",
  },
  {
    name: "DNS query log",
    controls: ["Route53.2", "route53_zone_query_logging_enabled"],
    checks: [every("aws_route53_zone", related("aws_route53_query_log", "zone_id"))],
    appliesTo: everywhere,
    where: "the hosted zone, if the platform creates it",
    because: "Cost: it logs every query of every resolver. By default the hosted zone exists already, and its owner decides.",
    lift: "Create the hosted zone with its query log outside of Standfast, and set `dns.zone_id`.",
  },
  {
    name: "Access log of the log bucket",
    controls: ["S3.9", "s3_bucket_logging_enabled"],
    checks: [every("aws_s3_bucket", related("aws_s3_bucket_logging", "bucket"))],
    appliesTo: addressMatches(/\.access-logs_/),
    where: "the bucket of access logs",
    because: "It would log its own log deliveries, without end.",
    lift: "CloudTrail data events, by the owner of the account.",
  },
  {
    name: "Event notifications of buckets",
    controls: ["S3.11", "s3_bucket_event_notifications_enabled"],
    checks: [every("aws_s3_bucket", related("aws_s3_bucket_notification", "bucket"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: "No program processes object events, and AWS Backup replaces the notification configuration of the buckets that it backs up.",
    lift: "None; CloudTrail data events have the same information.",
  },
  {
    name: "Key of the log bucket",
    controls: ["s3_bucket_default_encryption_enabled_kms"],
    checks: [
      every(
        "aws_s3_bucket_server_side_encryption_configuration",
        is("rule.apply_server_side_encryption_by_default.sse_algorithm", "aws:kms"),
        references("rule.apply_server_side_encryption_by_default.kms_master_key_id", "aws_kms_key"),
      ),
    ],
    appliesTo: addressMatches(/\.access-logs_/),
    where: "the bucket of access logs",
    because:
      "Load balancers write only to buckets with [SSE-S3 encryption](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).",
    lift: "None.",
  },
  {
    name: "MFA for deletion",
    controls: ["s3_bucket_mfa_delete_enabled"],
    checks: [every("aws_s3_bucket_versioning", is("versioning_configuration.mfa_delete", "Enabled"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: "Only the root user of the account can enable it, manually, and it excludes lifecycle rules.",
    lift: "None; `storage.object_lock` is stronger.",
  },
  {
    name: "Object lock",
    controls: ["s3_bucket_object_lock_enabled"],
    checks: [every("aws_s3_bucket", is("object_lock_enabled", true), related("aws_s3_bucket_object_lock_configuration", "bucket"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: `Locked objects cannot be destroyed: ${DESTROYABLE}.`,
    lift: {
      config: { protect: true, storage: { object_lock: { mode: "COMPLIANCE", days: 365 } } },
      appliesTo: addressMatches(/\.(transaction-logs|application-data)_/),
      note: "for transaction logs and application data; objects in the other buckets are temporary",
    },
  },
  {
    name: "Rotation of secrets",
    controls: [
      "SecretsManager.1",
      "SecretsManager.4",
      "secretsmanager_secret_automatic_rotation_enabled",
      "secretsmanager_secret_last_changed_90_day",
      "secretsmanager_secret_rotated_as_scheduled",
    ],
    checks: [every("aws_secretsmanager_secret", related("aws_secretsmanager_secret_rotation", "secret_id"))],
    appliesTo: everywhere,
    where: "the database password, and the endpoints of alert forwarding",
    because:
      "RDS does not rotate the password of a global database, and running tasks would not receive a new one. The services that own the endpoints issue them.",
    lift: "Increase `database.password_version` at least every 90 days, and deploy; renew the endpoints at the services that issue them ([how](runbooks/alerts.md#endpoints)).",
  },
  {
    name: "Delivery status logs",
    controls: ["SNS.2", "sns_topic_notification_delivery_status_enabled"],
    checks: [
      every(
        "aws_sns_topic",
        references("lambda_failure_feedback_role_arn", "aws_iam_role"),
        references("sqs_failure_feedback_role_arn", "aws_iam_role"),
      ),
    ],
    appliesTo: everywhere,
    where: "the alerts topics",
    because: `SNS creates the log groups itself, outside of the Terraform state, and a destroy would leave them: ${DESTROYABLE}. SNS does not log e-mail deliveries.`,
    lift: "None.",
  },
];

/**
 * What the platform does not meet as it is.
 *
 * Over 250 lines because it is a flat table, one entry for each waiver.
 */
import { ANYWHERE } from "../../config/cidr";
import type { Waiver } from "./status";
import { every, everyWhere } from "./check";
import { atLeast, includes, is, isNot, isSet, leadsTo, listed, neverAllows, neverReads, reads, related, sparesPorts } from "./expectation";
import type { Resource } from "./resource";
import { isAbout, resources, type Statement } from "./statement";

const everywhere = () => true;
const addressMatches =
  (pattern: RegExp) =>
  ({ address }: Resource): boolean =>
    pattern.test(address);

const DESTROYABLE = "[requirements](requirements.md) S000-C10, S002-C7, S003-T11 and S004-T9";

/** Every key of the account, or of a region: without the conditions, which the control does not look at. */
const ALL_KEYS = /^\*$|^arn:aws:kms:[^:]*:[^:]*:(key\/)?\*$/;
const decryptsWithAllKeys = (statement: Statement): boolean =>
  ["kms:Decrypt", "kms:ReEncryptFrom"].some((action) => isAbout(statement, action)) &&
  resources(statement).some((resource) => ALL_KEYS.test(resource));

/** What the platform does not meet as it is, with the reason, and what makes it meet it. */
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
    where: "database, tables, load balancer",
    because: `Everything must be destroyable: ${DESTROYABLE}.`,
    lift: { config: { protect: true }, note: "turns on final snapshots, too" },
  },
  {
    name: "A year of logs",
    controls: ["cloudwatch_log_group_retention_period_365"],
    checks: [every("aws_cloudwatch_log_group", atLeast("retention_in_days", 365))],
    appliesTo: everywhere,
    where: "every log group",
    because: "Cost: 90 days are kept where they can be searched at once. PCI DSS 10.5.1 wants twelve months, of which three at once.",
    lift: { config: { monitoring: { log_retention_days: 365 } } },
  },
  {
    name: "Minor versions by AWS",
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
    where: "database and Redis",
    because:
      "The version stands in `terraform.tfvars`. One that AWS raises makes the next plan ask for a downgrade, and in a global database AWS does not raise it by itself.",
    lift: "Raise `database.engine_version` and `cache.engine_version`; a version of the database whose support has ended is refused.",
  },
  {
    name: "Web firewall",
    controls: ["elb_application_lb_waf_enabled"],
    checks: [every("aws_lb", related("aws_wafv2_web_acl_association", "resource_arn"))],
    appliesTo: everywhere,
    where: "load balancer",
    because: "Cost: AWS WAF is charged by the rule and the request, and none of the documents asks for it.",
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
    where: "VPC",
    because:
      "Cost: six endpoints in three zones cost more than the NAT gateways, which are there anyway. The gateways to S3 and DynamoDB are free, and always there.",
    lift: { config: { network: { interface_endpoints: true } } },
  },
  {
    name: "Endpoint of EC2's API",
    controls: ["EC2.10", "vpc_configured_to_use_vpc_endpoints"],
    checks: [every("aws_vpc", related("aws_vpc_endpoint", "vpc_id", reads("service_name", /\.ec2$/, "ends in `ec2`")))],
    appliesTo: everywhere,
    where: "VPC",
    because: "Nothing in the VPC calls that API.",
    lift: "Add it to the VPC from outside.",
  },
  {
    name: "Open to clients",
    controls: ["vpc_security_group_restrict_ingress_tcp_udp_all"],
    checks: [every("aws_vpc_security_group_ingress_rule", isNot("cidr_ipv4", ANYWHERE))],
    appliesTo: addressMatches(/\.front-door_/),
    where: "ports 443 and 80 of the load balancer",
    because: "Clients come from everywhere, and so do the health checks of Route 53.",
    lift: {
      config: { load_balancer: { allowed_cidrs: ["198.51.100.0/24"] } },
      note: "with your own ranges; Route 53 must be among them",
    },
  },
  {
    name: "Way to the internet",
    controls: ["vpc_route_table_restrict_public_access_to_igw"],
    checks: [
      everyWhere(
        "aws_route",
        { destination_cidr_block: ANYWHERE },
        neverReads("gateway_id", /aws_internet_gateway/, "is no internet gateway", "${aws_internet_gateway.planted.id}"),
      ),
    ],
    appliesTo: addressMatches(/\.network_public-routes_/),
    where: "the public subnets",
    because: "Load balancer and NAT gateways stand there, and nothing else. Tasks and data have no route to an internet gateway.",
    lift: "None: without it no client arrives.",
  },
  {
    name: "Answers through network ACLs",
    controls: ["EC2.21", "vpc_network_acl_remote_administration"],
    checks: [everyWhere("aws_network_acl_rule", { cidr_block: ANYWHERE, egress: false, rule_action: "allow" }, sparesPorts(22, 3389))],
    appliesTo: addressMatches(/_answers-in$/),
    where: "ports 1024 to 65535, in which 3389 lies, of the public and the application subnets",
    because:
      "Network ACLs know no connections: answers come to any of these ports, and NAT gateways use them all. Without 3389 one connection in 64,512 would hang. Security groups let nobody in there.",
    lift: "None.",
  },
  {
    name: "Listener that redirects",
    controls: ["ELB.18", "elb_application_network_lb_use_ssl_certificate"],
    checks: [every("aws_lb_listener", is("protocol", "HTTPS", "TLS"), isSet("certificate_arn"))],
    appliesTo: addressMatches(/\.front-door_http$/),
    where: "port 80 of the load balancer",
    because: "It does nothing but redirect to HTTPS, which [ELB.1](#elastic-load-balancing) asks for.",
    lift: "None.",
  },
  {
    name: "Keys of what is backed up",
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
      "Keys are known to them by their aliases, in a condition on `kms:ResourceAliases`, because ids of another region's keys are not known. The control does not look at conditions.",
    lift: "None.",
  },
  {
    name: "Functions outside the VPC",
    controls: ["lambda_function_in_vpc"],
    checks: [every("aws_lambda_function", isSet("vpc_config.subnet_ids"))],
    appliesTo: everywhere,
    where: "every function",
    because:
      "They call AWS's APIs and nothing in the VPC; nobody can reach them but through those. In the VPC, a destroy waits up to 45 minutes for their interfaces.",
    lift: {
      config: { validation: { enabled: true, in_vpc: true } },
      appliesTo: addressMatches(/\.validation_/),
      note: "for the function that validates payments; the others serve the operation only",
    },
  },
  {
    name: "Fifteen days of Redis",
    controls: ["elasticache_redis_cluster_automatic_backup_retention_15_days"],
    checks: [every("aws_elasticache_replication_group", atLeast("snapshot_retention_limit", 15))],
    appliesTo: everywhere,
    where: "Redis",
    because: "Cost: sessions of last week serve nobody. Seven days are kept.",
    lift: { config: { cache: { snapshot_retention_days: 15 } } },
  },
  {
    name: "Deleting backups by hand",
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
    where: "vaults",
    because: `A destroy deletes the backups with the vault: ${DESTROYABLE}.`,
    lift: "`protect = true` keeps the vault while there are backups in it; a [vault lock](https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html) by the account's owner makes them undeletable.",
  },
  {
    name: "Backup of the known payments",
    controls: ["dynamodb_table_in_backup_plan", "dynamodb_table_protected_by_backup_plan"],
    checks: [
      every(
        "aws_dynamodb_table",
        listed("aws_backup_selection", "resources", ({ name }) => `:table/${String(name)}`),
      ),
    ],
    appliesTo: addressMatches(/\.payment-requests$/),
    where: "the table of known payments",
    because:
      "Its items live for `validation.idempotency_hours`, a day by default. It can be restored to any second of 35 days; the sessions' table is in the backup plan.",
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
      ),
    ],
    appliesTo: ({ source_region: source }) => source !== undefined,
    where: "the database of a standby region",
    because:
      "It is a copy of the primary's, which is in the backup plan; the backups are copied to the standby region. Aurora backs its instances up with the cluster.",
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
      "The general log holds every statement with its values: card data would lie in a log. The audit, error and slow query logs are exported; of Aurora PostgreSQL, all there is ([RDS.37](#rds)).",
    lift: "None.",
  },
  {
    name: "Ports of the database",
    controls: ["RDS.23"],
    checks: [every("aws_rds_cluster", isNot("port", 3306, 5432))],
    appliesTo: everywhere,
    where: "database",
    because: "Another port hides nothing from whom the security groups let in, and they let in the tasks only.",
    lift: "None.",
  },
  {
    name: "Log of DNS queries",
    controls: ["Route53.2", "route53_zone_query_logging_enabled"],
    checks: [every("aws_route53_zone", related("aws_route53_query_log", "zone_id"))],
    appliesTo: everywhere,
    where: "the hosted zone, if the platform makes it",
    because: "Cost: it logs every question of every client. A zone that exists already, which is the default, is its owner's.",
    lift: "Make the zone beside the platform, with its log, and name it in `dns.zone_id`.",
  },
  {
    name: "Log of the log bucket",
    controls: ["S3.9", "s3_bucket_logging_enabled"],
    checks: [every("aws_s3_bucket", related("aws_s3_bucket_logging", "bucket"))],
    appliesTo: addressMatches(/\.access-logs_/),
    where: "the bucket of access logs",
    because: "It would log its own writing, and that again.",
    lift: "Data events of CloudTrail, by the account's owner.",
  },
  {
    name: "Notifications of buckets",
    controls: ["S3.11", "s3_bucket_event_notifications_enabled"],
    checks: [every("aws_s3_bucket", related("aws_s3_bucket_notification", "bucket"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: "No program waits for objects, and of buckets that it backs up, AWS Backup takes the notifications for itself.",
    lift: "None; data events of CloudTrail tell the same.",
  },
  {
    name: "Key of the log bucket",
    controls: ["s3_bucket_default_encryption_enabled_kms"],
    checks: [
      every(
        "aws_s3_bucket_server_side_encryption_configuration",
        is("rule.apply_server_side_encryption_by_default.sse_algorithm", "aws:kms"),
        leadsTo("rule.apply_server_side_encryption_by_default.kms_master_key_id", "aws_kms_key"),
      ),
    ],
    appliesTo: addressMatches(/\.access-logs_/),
    where: "the bucket of access logs",
    because:
      "Load balancers write to buckets with S3's own keys [only](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html).",
    lift: "None.",
  },
  {
    name: "MFA for deletion",
    controls: ["s3_bucket_mfa_delete_enabled"],
    checks: [every("aws_s3_bucket_versioning", is("versioning_configuration.mfa_delete", "Enabled"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: "Only the account's root user can turn it on, by hand, and no lifecycle can be set beside it.",
    lift: "None; `storage.object_lock` is stronger.",
  },
  {
    name: "Object lock",
    controls: ["s3_bucket_object_lock_enabled"],
    checks: [every("aws_s3_bucket", is("object_lock_enabled", true), related("aws_s3_bucket_object_lock_configuration", "bucket"))],
    appliesTo: everywhere,
    where: "every bucket",
    because: `Objects that are locked cannot be destroyed: ${DESTROYABLE}.`,
    lift: {
      config: { protect: true, storage: { object_lock: { mode: "COMPLIANCE", days: 365 } } },
      appliesTo: addressMatches(/\.(transaction-logs|application-data)_/),
      note: "for transaction logs and application data; the other buckets hold what passes",
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
    where: "the database's password, and the addresses that alerts are passed on to",
    because:
      "RDS rotates no password of a global database, and running tasks would not learn of a new one. The addresses are given by the services that they belong to.",
    lift: "Raise `database.password_version` at least every 90 days, and deploy; renew the addresses where they come from ([how](runbooks/alerts.md#endpoints)).",
  },
  {
    name: "Log of deliveries",
    controls: ["SNS.2", "sns_topic_notification_delivery_status_enabled"],
    checks: [
      every(
        "aws_sns_topic",
        leadsTo("lambda_failure_feedback_role_arn", "aws_iam_role"),
        leadsTo("sqs_failure_feedback_role_arn", "aws_iam_role"),
      ),
    ],
    appliesTo: everywhere,
    where: "the topics of alerts",
    because: `SNS makes the log groups itself, outside of any state, and a destroy would leave them behind: ${DESTROYABLE}. Of e-mail, it logs no deliveries.`,
    lift: "None.",
  },
];

import { bucketOf, encryptionOf } from "../encryption/buckets";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { arnText } from "./arns";
import { TRACE } from "./function-needs";
import { type Identity, roleOf } from "./identities";
import { keyOf } from "./keys";
import { calls, type Need } from "./needs";
import { secretKey, WRITE_LOG } from "./task-needs";

const DELIVERY = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

/** What services do with roles of the platform, apart from tasks and functions. */
export function serviceNeeds(stacks: readonly Graph[], graph: Graph): readonly Need[] {
  const role = (value: unknown): Identity | undefined => roleOf(stacks, graph, value);
  return [
    ...flowLogNeeds(graph, role),
    ...targetNeeds(stacks, graph, role),
    ...machineNeeds(stacks, graph, role),
    ...canaryNeeds(stacks, graph, role),
    ...databaseNeeds(stacks, graph, role),
    ...replicationNeeds(stacks, graph, role),
    ...backupNeeds(stacks, graph, role),
  ];
}

type RoleOf = (value: unknown) => Identity | undefined;

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function flowLogNeeds(graph: Graph, role: RoleOf): readonly Need[] {
  return graph.all("aws_flow_log").flatMap((by) => {
    const { log_destination: destination, log_destination_type: type, log_group_name: name } = by.values;
    if ((graph.text(type) ?? "cloud-watch-logs") !== "cloud-watch-logs") return [];
    const { region = "", account = "" } = graph.placeOf(by);
    const arn = graph.text(destination) ?? `arn:aws:logs:${region}:${account}:log-group:${graph.text(name) ?? ""}`;
    const all = [...calls(WRITE_LOG, `${arn}:log-stream:any`), ...calls(["logs:DescribeLogStreams"], `${arn}:log-stream:`)];
    return [{ by, role: role(by.values["iam_role_arn"]), to: "write flow logs", calls: all }];
  });
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html */
function targetNeeds(stacks: readonly Graph[], graph: Graph, role: RoleOf): readonly Need[] {
  return graph.all("aws_cloudwatch_event_target").flatMap((by) => {
    const arn = arnText(stacks, graph, by.values["arn"]) ?? "";
    const action = { states: "states:StartExecution", ecs: "ecs:RunTask", events: "events:PutEvents", kinesis: "kinesis:PutRecord" }[
      arn.split(":")[2] ?? ""
    ];
    return action === undefined ? [] : [{ by, role: role(by.values["role_arn"]), to: "start its target", calls: calls([action], arn) }];
  });
}

/**
 * Logs and traces of a state machine, and the key of its executions. What its states call, its runbook claims.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 */
function machineNeeds(stacks: readonly Graph[], graph: Graph, roles: RoleOf): readonly Need[] {
  return graph.all("aws_sfn_state_machine").flatMap((by) => {
    const role = roles(by.values["role_arn"]);
    const { level = "OFF" } = block(by.values["logging_configuration"]);
    const key = keyOf(stacks, graph, block(by.values["encryption_configuration"])["kms_key_id"]);
    const { region = "", account = "" } = graph.placeOf(by);
    const own = { "kms:EncryptionContext:aws:states:stateMachineArn": graph.arn(by) ?? "" };
    // The context ends with an asterisk, which stands for itself.
    const log = { "kms:EncryptionContext:SourceArn": `arn:aws:logs:${region}:${account}:*` };
    const needs: readonly Need[] = [
      { by, role, to: "encrypt its executions", calls: [], key: { key, actions: ["kms:Decrypt", "kms:GenerateDataKey"], context: own } },
      ...(level === "OFF"
        ? []
        : [{ by, role, to: "deliver its log", calls: calls(DELIVERY), key: { key, actions: ["kms:GenerateDataKey"], context: log } }]),
      ...(text(block(by.values["tracing_configuration"])["enabled"]) === "true"
        ? [{ by, role, to: "send traces", calls: calls(TRACE) }]
        : []),
    ];
    return needs;
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html */
function canaryNeeds(stacks: readonly Graph[], graph: Graph, roles: RoleOf): readonly Need[] {
  return graph.all("aws_synthetics_canary").flatMap((by) => {
    const role = roles(by.values["execution_role_arn"]);
    const { region = "", account = "" } = graph.placeOf(by);
    const place = graph.text(by.values["artifact_s3_location"])?.replace(/^s3:\/\//, "") ?? "";
    const bucket = `arn:aws:s3:::${place.split("/")[0] ?? ""}`;
    const name = (graph.text(by.values["name"]) ?? "").slice(0, 21);
    const group = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/cwsyn-${name}-1b671a64-40d5-491e-99b0-da01ff1f3341:log-stream:any`;
    const found = bucketOf(graph, bucket);
    const given = block(block(by.values["artifact_config"])["s3_encryption"])["kms_key_arn"];
    const key = keyOf(stacks, graph, given ?? (found && encryptionOf(graph, found).key));
    const needs: readonly Need[] = [
      {
        by,
        role,
        to: "store its results",
        calls: [
          ...calls(["s3:PutObject"], `arn:aws:s3:::${place.replace(/\/?$/, "/")}any`),
          ...calls(["s3:GetBucketLocation"], bucket),
          ...calls(["s3:ListAllMyBuckets"]),
        ],
        key: { key, actions: ["kms:GenerateDataKey", "kms:Decrypt"], via: "s3" },
      },
      {
        by,
        role,
        to: "publish its metrics",
        calls: calls(["cloudwatch:PutMetricData"], "*", { "cloudwatch:namespace": "CloudWatchSynthetics" }),
      },
      { by, role, to: "write its log", calls: calls(WRITE_LOG, group) },
      ...(text(block(by.values["run_config"])["active_tracing"]) === "true" ? [{ by, role, to: "send traces", calls: calls(TRACE) }] : []),
    ];
    return needs;
  });
}

/**
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-secrets-arns.html
 */
function databaseNeeds(stacks: readonly Graph[], graph: Graph, role: RoleOf): readonly Need[] {
  const monitored = ["aws_rds_cluster_instance", "aws_db_instance", "aws_rds_cluster"].flatMap((type) =>
    graph.all(type).filter(({ values }) => Number(values["monitoring_interval"] ?? 0) > 0),
  );
  return [
    ...monitored.map((by): Need => {
      const { region = "", account = "" } = graph.placeOf(by);
      const log = `arn:aws:logs:${region}:${account}:log-group:RDSOSMetrics:log-stream:any`;
      return { by, role: role(by.values["monitoring_role_arn"]), to: "send enhanced monitoring", calls: calls(WRITE_LOG, log) };
    }),
    ...graph.all("aws_db_proxy").flatMap((by) =>
      blocks(by.values["auth"]).flatMap((auth): readonly Need[] => {
        const secret = arnText(stacks, graph, auth["secret_arn"]);
        if (secret === undefined) return [];
        const key = secretKey(stacks, secret);
        const get = calls(["secretsmanager:GetSecretValue"], secret);
        return [
          {
            by,
            role: role(by.values["role_arn"]),
            to: "read its secret",
            calls: get,
            key: { key, actions: ["kms:Decrypt"], via: "secretsmanager" },
          },
        ];
      }),
    ),
  ];
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function replicationNeeds(stacks: readonly Graph[], graph: Graph, roles: RoleOf): readonly Need[] {
  return graph.all("aws_s3_bucket_replication_configuration").flatMap((by) => {
    const role = roles(by.values["role"]);
    const source = `arn:aws:s3:::${(graph.text(by.values["bucket"]) ?? "").replace("arn:aws:s3:::", "")}`;
    const read = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"];
    const from = stacks.flatMap((other) => {
      const bucket = bucketOf(other, source);
      return bucket ? [keyOf(stacks, other, encryptionOf(other, bucket).key)] : [];
    })[0];
    return [
      {
        by,
        role,
        to: "read the objects to copy",
        calls: [...calls(["s3:GetReplicationConfiguration", "s3:ListBucket"], source), ...calls(read, `${source}/any`)],
        key: { key: from, actions: ["kms:Decrypt"], via: "s3" },
      },
      ...blocks(by.values["rule"]).map((rule): Need => {
        const destination = block(rule["destination"]);
        const key = keyOf(stacks, graph, block(destination["encryption_configuration"])["replica_kms_key_id"]);
        const to = `${graph.text(destination["bucket"]) ?? ""}/any`;
        return {
          by,
          role,
          to: `write copies to ${to}`,
          calls: calls(["s3:ReplicateObject", "s3:ReplicateTags"], to),
          key: { key, actions: ["kms:Encrypt"], via: "s3" },
        };
      }),
    ];
  });
}

/** First calls with which AWS Backup copies a resource, by the service in its ARN. @see https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html */
const BACK_UP: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ["dynamodb:StartAwsBackupJob", "dynamodb:DescribeTable"],
  rds: ["rds:CreateDBClusterSnapshot", "rds:DescribeDBClusters", "rds:ListTagsForResource"],
};

function backupNeeds(stacks: readonly Graph[], graph: Graph, roles: RoleOf): readonly Need[] {
  return graph.all("aws_backup_selection").flatMap((by) => {
    const role = roles(by.values["iam_role_arn"]);
    const plan: Resource | undefined = graph.target(by.values["plan_id"]);
    const copies = blocks(plan?.values["rule"]).flatMap((rule) => blocks(rule["copy_action"]));
    return [
      ...graph.list(by.values["resources"]).flatMap((value): readonly Need[] => {
        const arn = arnText(stacks, graph, value) ?? "";
        const service = arn.split(":")[2] ?? "";
        if (service === "s3" && !arn.includes("*"))
          return [
            {
              by,
              role,
              to: `back up ${arn}`,
              calls: [
                ...calls(["s3:GetBucketVersioning", "s3:PutBucketNotification"], arn),
                ...calls(["s3:GetObject", "s3:GetObjectVersion"], `${arn}/any`),
              ],
            },
          ];
        const actions = service === "rds" && !arn.includes(":cluster:") ? undefined : BACK_UP[service];
        return actions === undefined || arn.includes("*") ? [] : [{ by, role, to: `back up ${arn}`, calls: calls(actions, arn) }];
      }),
      ...copies.map((copy): Need => {
        const vault = graph.text(copy["destination_vault_arn"]) ?? "";
        return { by, role, to: `copy backups to ${vault}`, calls: calls(["backup:CopyIntoBackupVault"], vault) };
      }),
    ];
  });
}

import type { Graph } from "../graph/graph";
import type { Identity } from "./identities";
import { mayCall } from "./identities";
import { matches } from "./policy";

/**
 * Actions for which AWS knows no resource, or that it requires for all of them, as patterns.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WITHOUT_RESOURCE = [
  "application-autoscaling:Describe*",
  "autoscaling:Describe*",
  "backup:ListRestoreJobs",
  "cloudwatch:GetMetricStatistics",
  "ec2:DescribeAvailabilityZones",
  "ec2:DescribeInstances",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:DeregisterTaskDefinition",
  "ecs:ListTaskDefinitions",
  "elasticloadbalancing:Describe*",
  "events:ListRules",
  "events:ListRuleNamesByTarget",
  "lambda:ListFunctions",
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
  "route53:ListHostedZones",
  "s3:ListAllMyBuckets",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:ListSecrets",
  "servicequotas:GetAWSDefaultServiceQuota",
  "sns:ListTopics",
  "ssm:DescribeParameters",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "sts:GetCallerIdentity",
  "tag:GetResources",
  "xray:GetSampling*",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Actions that have a resource, but need a permission for all of them. */
export const REQUIRED_FOR_ALL = [
  // It returns composite alarms only with a permission for all alarms: CloudWatch API reference, API_DescribeAlarms.
  "cloudwatch:DescribeAlarms",
  // Lambda requires them on all resources when it creates a function in a VPC.
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
  // Their resources are data sets of other accounts and managed quotas, which a call need not name.
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "servicequotas:GetServiceQuota",
];

/** Calls with data, code or keys, and resources that no platform has: what a role may do there, it may do everywhere. */
const PROBES: readonly { readonly actions: readonly string[]; readonly resource: string }[] = [
  { actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], resource: "arn:aws:s3:::another-platform/object" },
  { actions: ["s3:ListBucket", "s3:PutBucketPolicy", "s3:DeleteBucket"], resource: "arn:aws:s3:::another-platform" },
  { actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:DeleteTable"], resource: "dynamodb:table/another" },
  { actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], resource: "secretsmanager:secret:another-AbCdEf" },
  { actions: ["ssm:GetParameter", "ssm:GetParameters", "ssm:PutParameter"], resource: "ssm:parameter/another/name" },
  { actions: ["kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"], resource: "kms:key/another" },
  { actions: ["sqs:SendMessage", "sqs:ReceiveMessage"], resource: "sqs:another" },
  { actions: ["sns:Publish"], resource: "sns:another" },
  { actions: ["lambda:InvokeFunction", "lambda:UpdateFunctionCode"], resource: "lambda:function:another" },
  { actions: ["states:StartExecution"], resource: "states:stateMachine:another" },
  { actions: ["rds:DeleteDBCluster", "rds:ModifyDBCluster", "rds:RestoreDBClusterToPointInTime"], resource: "rds:cluster:another" },
  { actions: ["rds:FailoverGlobalCluster"], resource: "arn:aws:rds::ACCOUNT:global-cluster:another" },
  { actions: ["ecs:UpdateService", "ecs:RunTask"], resource: "ecs:service/another/another" },
  { actions: ["events:PutEvents"], resource: "events:event-bus/another" },
  { actions: ["elasticache:Connect"], resource: "elasticache:user:another" },
  { actions: ["backup:DeleteRecoveryPoint"], resource: "backup:recovery-point:another" },
  { actions: ["logs:PutLogEvents", "logs:DeleteLogGroup"], resource: "logs:log-group:another:log-stream:any" },
];
const SERVICES = ["s3", "ssm", "secretsmanager", "dynamodb", "lambda", "rds"];

/** Permissions that do not name what they are for. */
export function widths(graph: Graph, identity: Identity): readonly string[] {
  const name = identity.resource.address;
  const allowing = identity.statements.filter(({ effect }) => effect === "Allow");
  return [
    ...allowing.flatMap(({ sid, actions, notActions, resources = [], notResources }) => [
      ...(notActions === undefined ? [] : [`${name} may make every call but some, by ${sid || "a statement"}.`]),
      ...(notResources === undefined ? [] : [`${name} may make calls for every resource but some, by ${sid || "a statement"}.`]),
      ...actions
        .filter((action) => /^(\*|[^:]+:\*+)$/.test(action))
        .map((action) => `${name} may make every call of ${action.split(":")[0] ?? ""}.`),
      ...(resources.includes("*") ? actions.filter((action) => !isForAll(action)) : []).map(
        (action) => `${name} may call ${action} for every resource.`,
      ),
    ]),
    ...(graph.account === undefined ? [] : probed(graph, identity)),
  ];
}

const isForAll = (action: string): boolean =>
  [...WITHOUT_RESOURCE, ...REQUIRED_FOR_ALL].some((pattern) => matches(action.toLowerCase(), pattern.toLowerCase()));

function probed(graph: Graph, identity: Identity): readonly string[] {
  const account = graph.account ?? "";
  return PROBES.flatMap(({ actions, resource }) => {
    const [service = "", ...rest] = resource.split(":");
    const region = graph.region ?? "";
    const arn = resource.startsWith("arn:")
      ? resource.replace("ACCOUNT", account)
      : `arn:aws:${service}:${region}:${account}:${rest.join(":")}`;
    const contexts =
      service === "kms"
        ? SERVICES.map((via) => ({
            "kms:ViaService": `${via}.${region}.amazonaws.com`,
            "kms:CallerAccount": account,
            "kms:GrantIsForAWSResource": "true",
          }))
        : [{}];
    const action = actions.find((one) => contexts.some((context) => mayCall(identity, { action: one, resource: arn, context })));
    return action === undefined ? [] : [`${identity.resource.address} may call ${action} for what is not of the platform, such as ${arn}.`];
  });
}

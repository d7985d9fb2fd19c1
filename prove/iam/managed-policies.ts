import { type Statement, statementsOf } from "./policy";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/** Policies of AWS that need no file to be known, as far as claims ask about them. Their ARNs end with these names. */
const POLICIES: Readonly<Record<string, readonly { readonly Action: readonly string[]; readonly Resource: string | readonly string[] }[]>> =
  {
    AdministratorAccess: [{ Action: ["*"], Resource: "*" }],
    PowerUserAccess: [{ Action: ["*"], Resource: "*" }],
    IAMFullAccess: [{ Action: ["iam:*"], Resource: "*" }],
    "service-role/AWSLambdaBasicExecutionRole": [{ Action: LOGS, Resource: "*" }],
    "service-role/AWSLambdaVPCAccessExecutionRole": [
      {
        Action: [
          ...LOGS,
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        Resource: "*",
      },
    ],
    "service-role/AmazonECSTaskExecutionRolePolicy": [
      {
        Action: [
          "ecr:GetAuthorizationToken",
          "ecr:BatchCheckLayerAvailability",
          "ecr:GetDownloadUrlForLayer",
          "ecr:BatchGetImage",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
        ],
        Resource: "*",
      },
    ],
    "service-role/AmazonRDSEnhancedMonitoringRole": [
      { Action: ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], Resource: "arn:aws:logs:*:*:log-group:RDS*" },
      {
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents"],
        Resource: "arn:aws:logs:*:*:log-group:RDS*:log-stream:*",
      },
    ],
  };

/**
 * The statements of a policy of AWS. Undefined for one that is not known here.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export function managedPolicy(arn: string): readonly Statement[] | undefined {
  const statements = POLICIES[/^arn:aws:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? ""];
  return statements && statementsOf({ Statement: statements.map((one) => ({ Effect: "Allow", ...one })) }, String);
}

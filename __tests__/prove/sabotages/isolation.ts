import { removed, replaced, type Sabotage, to } from "./sabotage";

const STANDBY = /^us-west-2$/;
const MACHINE = "aws_sfn_state_machine";
const TAKEOVER = /^region-takeover/;
const FUNCTION = "aws_lambda_function";
const CONTROL = /^region-control_function_function$/;
const whole = { type: "stack", id: /./ } as const;
const kinds = (claim: string, all: readonly Omit<Sabotage, "claim">[]): readonly Sabotage[] => all.map((kind) => ({ claim, ...kind }));
const everywhere = (part: string, by: string) => (now: unknown) => String(now).replaceAll(part, by);

export const ISOLATION_SABOTAGES: readonly Sabotage[] = [
  ...kinds("I1", [
    { ...whole, stack: STANDBY, path: "terraform.backend.s3.region", becomes: to("us-east-1") },
    { ...whole, stack: STANDBY, path: "terraform.backend.s3.bucket", becomes: replaced("us-west-2", "us-east-1") },
    { ...whole, stack: STANDBY, path: "terraform.backend.s3", becomes: removed },
    { ...whole, stack: /failover/, path: "terraform.backend.s3.key", becomes: replaced("failover", "us-east-1") },
    { ...whole, stack: STANDBY, path: "provider.aws.0.region", becomes: to("us-east-1") },
    { ...whole, path: "provider.aws.0.allowed_account_ids", becomes: removed },
    { ...whole, path: "provider.aws.0.allowed_account_ids", becomes: to([]) },
    { ...whole, path: "provider.aws.0.allowed_account_ids", becomes: to(["210987654321"]) },
  ]),
  ...kinds("I2", [
    { ...whole, stack: STANDBY, path: "provider.aws.0.region", becomes: to("us-east-1") },
    { ...whole, stack: STANDBY, path: "terraform.backend.s3.region", becomes: to("us-east-1") },
    { type: "aws_sns_topic", id: /^alerts_topic$/, stack: STANDBY, path: "provider", becomes: to("aws.us-east-1") },
    { type: "aws_kms_key", id: /^database-key/, path: "region", becomes: to("eu-west-1") },
    { ...whole, stack: STANDBY, path: "data.terraform_remote_state", becomes: to({ global: { backend: "s3" } }) },
    { type: "aws_subnet", id: /application_us-west-2a$/, path: "availability_zone", becomes: to("us-east-1a") },
  ]),
  ...kinds("I3", [
    { type: MACHINE, id: TAKEOVER, path: "role_arn", becomes: to("${aws_iam_role.other.arn}") },
    { type: MACHINE, id: TAKEOVER, path: "encryption_configuration.kms_key_id", becomes: to("arn:aws:kms:eu-west-1:123456789012:key/1") },
    {
      type: MACHINE,
      id: TAKEOVER,
      path: "logging_configuration.log_destination",
      becomes: to("arn:aws:logs:eu-west-1:123456789012:log-group:x:*"),
    },
    {
      type: MACHINE,
      id: TAKEOVER,
      path: "definition",
      becomes: replaced("${aws_sns_topic.alerts_topic.arn}", "arn:aws:sns:eu-west-1:123456789012:topic"),
    },
    {
      type: MACHINE,
      id: TAKEOVER,
      path: "definition",
      becomes: replaced("${aws_lambda_function.region-control_function_function.arn}", "function-other"),
    },
    {
      type: MACHINE,
      id: TAKEOVER,
      stack: STANDBY,
      path: "definition",
      becomes: everywhere("cluster:aurora-test-1-us-west-2", "cluster:aurora-test-1-us-east-1"),
    },
    { type: MACHINE, id: TAKEOVER, stack: STANDBY, path: "definition", becomes: everywhere("rds:us-west-2:", "rds:us-east-1:") },
    { type: MACHINE, id: TAKEOVER, stack: STANDBY, path: "definition", becomes: replaced('"to":"us-west-2"', '"to":"us-east-1"') },
    {
      type: MACHINE,
      id: TAKEOVER,
      stack: STANDBY,
      path: "definition",
      becomes: replaced("us-west-2/service/writes", "us-east-1/service/writes"),
    },
    {
      type: MACHINE,
      id: TAKEOVER,
      stack: STANDBY,
      path: "definition",
      becomes: everywhere("failoverGlobalCluster", "describeGlobalClusters"),
    },
    { type: FUNCTION, id: CONTROL, path: "environment.variables.REGIONS", becomes: replaced("service/writes", "service/write") },
    {
      type: FUNCTION,
      id: CONTROL,
      stack: STANDBY,
      path: "environment.variables.OWN_CLUSTER",
      becomes: everywhere("us-west-2", "us-east-1"),
    },
    {
      type: FUNCTION,
      id: CONTROL,
      path: "environment.variables.REGIONS",
      becomes: replaced("runbook-region-takeover", "runbook-takeover"),
    },
    { type: FUNCTION, id: CONTROL, path: "environment.variables.REGIONS", becomes: replaced("alarm-canary", "canary") },
    {
      type: "aws_iam_role_policy",
      id: /^region-control_function_role/,
      stack: /us-east-1/,
      path: "policy",
      becomes: replaced(/us-west-2:(\d+):stateMachine:runbook/, "us-west-2:$1:stateMachine:machine"),
    },
    {
      type: "aws_backup_plan",
      id: /plan$/,
      stack: /us-east-1/,
      path: "rule.1.copy_action.0.destination_vault_arn",
      becomes: replaced("vault-test", "vaults-test"),
    },
    {
      type: "aws_cloudwatch_composite_alarm",
      id: /^clients_composite-alarm$/,
      path: "alarm_actions",
      becomes: to(["arn:aws:sns:eu-west-1:123456789012:topic-alerts"]),
    },
    { type: "aws_cloudwatch_event_target", id: /./, path: "arn", becomes: to("arn:aws:sns:eu-west-1:123456789012:topic-alerts") },
  ]),
];

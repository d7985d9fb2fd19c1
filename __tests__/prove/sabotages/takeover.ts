import { caughtAt, parameter, ruleTo, set, skipped, state, statement, table, without, withoutRule } from "./definitions";
import { removed, replaced, type Sabotage, to } from "./sabotage";

const TAKEOVER = /^region-takeover_runbook_machine$/;
const CONTROL = /^region-control_function_function$/;
const CONTROL_ROLE = /^region-control_function_role_permissions$/;
const WRITES = /^parameters_service-writes$/;
const STANDBY = /^us-west-2$/;

const definition = (claim: string, ...changes: readonly Sabotage["becomes"][]): Sabotage[] =>
  changes.map((becomes) => ({ claim, type: "aws_sfn_state_machine", id: TAKEOVER, path: "definition", becomes }));
const environment = (claim: string, name: string, ...changes: readonly Sabotage["becomes"][]): Sabotage[] =>
  changes.map((becomes) => ({ claim, type: "aws_lambda_function", id: CONTROL, path: `environment.variables.${name}`, becomes }));
const policy = (claim: string, ...changes: readonly Sabotage["becomes"][]): Sabotage[] =>
  changes.map((becomes) => ({ claim, type: "aws_iam_role_policy", id: CONTROL_ROLE, path: "policy", becomes }));
const payload = (name: string, fields: Record<string, unknown>): Sabotage["becomes"] =>
  state(name, (found) => Object.assign((found["Parameters"] as { Payload: Record<string, unknown> }).Payload, fields));
const services = (change: (service: Record<string, unknown>, all: unknown[]) => void): Sabotage["becomes"] =>
  state("Plan", (found) => {
    const { services: all } = found["Parameters"] as { services: Record<string, unknown>[] };
    const [first] = all;
    if (first) change(first, all);
  });

export const TAKEOVER_SABOTAGES: readonly Sabotage[] = [
  ...definition(
    "T2",
    caughtAt("AllowWrites", "AllowWritesInPrimary"),
    caughtAt("InspectAtEnd", "RouteClientsBack"),
    caughtAt("AwaitTasks", "FreezeOwnWrites"),
    caughtAt("PromoteAndScale", "AllowWritesInPrimary"),
    set("CheckPhaseAfterFailure", { Default: "AllowWritesInPrimary" }),
    set("IsSuperseded", { Default: "FreezeOwnWrites" }),
  ),
  ...definition(
    "T4",
    skipped("RouteClientsBeforePromotion", { failed: [] }),
    payload("RouteClientsBeforePromotion", { to: "us-west-1" }),
    payload("RouteClientsBeforePromotion", { action: "route-client" }),
    ruleTo("IsReadinessRequired", "FenceOthers", "PromoteAndScale"),
  ).map((sabotage) => ({ ...sabotage, stack: STANDBY })),
  { claim: "T4", stack: STANDBY, type: "aws_lb_listener_rule", id: /hold$/, path: "lifecycle", becomes: removed },
  {
    claim: "T4",
    stack: STANDBY,
    type: "aws_lb_listener_rule",
    id: /hold$/,
    path: "condition.0.path_pattern.values",
    becomes: to(["/held"]),
  },
  ...policy(
    "T4",
    without("SwitchHold"),
    without("FindHold"),
    statement("SwitchHold", { Resource: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/other/*" }),
  ),
  { claim: "T4", stack: STANDBY, type: "aws_lb_listener_rule", id: /hold$/, path: "action.0.type", becomes: to("forward") },
  { claim: "T4", stack: /^failover$/, type: "aws_route53_record", id: /primary$/, path: "health_check_id", becomes: removed },
  ...environment("T4", "HOLD", replaced("/hold", "/held"), replaced('"200"', '"500"')),
  { claim: "T4", type: "aws_route53_health_check", id: /-not-holds$/, path: "invert_healthcheck", becomes: removed },
  { claim: "T4", type: "aws_route53_health_check", id: /dns_serves-us-east-1$/, path: "child_health_threshold", becomes: to(1) },
  ...definition(
    "T5",
    ruleTo("CheckPhase", "FenceOthers", "PromoteAndScale"),
    ruleTo("CheckPhase", "FenceOthers", "NotifyDone"),
    replaced(/"action":"freeze-others"/g, '"action":"freeze-other"'),
    skipped("FreezeOthersBeforePromotion", { notFrozen: [] }),
  ),
  ...definition(
    "T6",
    withoutRule("IsStillPrimary", "NotifyIncomplete"),
    ruleTo("IsStillPrimary", "NotifyIncomplete", "NotifyDone"),
    set("FreezeOthersEndedAtEnd", { Parameters: { notFrozen: [] } }),
    replaced(
      "States.JsonToString($.fenced[1].notFrozen), States.JsonToString($.fenced[0].failed), States.Format",
      "'see the log', States.JsonToString($.fenced[0].failed), States.Format",
    ),
  ),
  ...definition(
    "T6",
    state("FreezeOthersFailedAtEnd", (found) => ((found["Parameters"] as Record<string, unknown>)["notFrozen"] = [])),
  ).map((sabotage) => ({ ...sabotage, stack: STANDBY })),
  { claim: "T9", type: "aws_ssm_parameter", id: WRITES, path: "lifecycle", becomes: to({}) },
  { claim: "T9", type: "aws_ssm_parameter", id: WRITES, path: "lifecycle.ignore_changes", becomes: to(["description"]) },
  { claim: "T9", type: "aws_ssm_parameter", id: WRITES, path: "name", becomes: replaced(/writes$/, "write") },
  {
    claim: "T9",
    type: "aws_iam_role_policy",
    id: /^service_task-role_permissions$/,
    path: "policy",
    becomes: without("ReadOwnParameters"),
  },
  ...definition("T9", parameter("AllowWrites", "Name", "/other/writes")),
  ...definition("T9", replaced(/\/(us-\w+-\d)\/service\/writes/, "/eu-west-1/service/writes")),
  ...definition(
    "T10",
    replaced(/cluster:aurora-([\w-]+)-us-west-2/, "cluster:aurora-$1-us-east-1"),
    replaced(/("TargetDbClusterIdentifier":"arn:aws:rds:)us-east-1/, "$1us-west-2"),
    parameter("FailOver", "GlobalClusterIdentifier", "other"),
    set("FailOver", { Resource: "arn:aws:states:::aws-sdk:rds:failoverDBCluster" }),
  ),
  ...environment("T10", "OWN_CLUSTER_ARN", replaced(/aurora/, "other"), removed),
  ...environment("T10", "GLOBAL_CLUSTER", to("other")),
  ...policy("T10", without("SwitchOver"), statement("SwitchOver", { Action: "rds:DescribeGlobalClusters" })),
  {
    claim: "T10",
    stack: /^global$/,
    type: "aws_rds_global_cluster",
    id: /aurora/,
    path: "global_cluster_identifier",
    becomes: to("other"),
  },
  ...definition(
    "T11",
    services((service) => (service["min"] = 3)),
    services((service) => (service["name"] = "other")),
    services((service) => (service["cluster"] = "other")),
    services((_, all) => all.pop()),
    state("CheckTasksStatus", (found) => {
      const [first] = found["Choices"] as { And: unknown[] }[];
      first?.And.pop();
    }),
  ),
  ...environment("T12", "OWN_CLUSTER", replaced("aurora", "other")),
  ...environment("T12", "MAX_SWITCHOVER_LAG_MILLISECONDS", to("99999999"), removed, to("")),
  ...environment("T12", "REGIONS", replaced(/alarm-canary/, "alarm-canaries")),
  ...environment("T12", "SERVICES", replaced(/"tasks":\d+/, '"tasks":1'), replaced(/"name":"/, '"name":"x')),
  ...policy("T12", without("ReadMetrics"), without("DescribeServices"), without("DescribeTargets")),
  ...policy("T12", without("DescribeCanaryAlarms")).map((sabotage) => ({ ...sabotage, stack: STANDBY })),
  {
    claim: "T12",
    stack: /^us-east-1$/,
    type: "aws_cloudwatch_metric_alarm",
    id: /canary.*us-west-2/,
    path: "alarm_name",
    becomes: to("other"),
  },
  ...definition(
    "T13",
    withoutRule("ValidateInput", "Plan"),
    replaced(',{"Variable":"$.allowDataLoss","IsPresent":true},{"Variable":"$.allowDataLoss","BooleanEquals":true}', ""),
    replaced(',{"Variable":"$.allowDataLoss","BooleanEquals":true}', ""),
    set("ValidateInput", { Default: "Plan" }),
    parameter("FailOver", "AllowDataLoss", false),
    state("FailOver", (found) => Reflect.deleteProperty(found["Parameters"] as object, "AllowDataLoss")),
    withoutRule("IsAlreadyPrimary", "SwitchOver"),
    set("FailOver", { Resource: "arn:aws:states:::aws-sdk:rds:switchoverGlobalCluster" }),
  ),
  ...environment(
    "T14",
    "REGIONS",
    table((regions) => Reflect.deleteProperty(regions, "us-east-1")),
    table((regions) => Reflect.deleteProperty(regions, "us-west-2")),
    table((regions) => {
      for (const region of Object.values(regions)) region["writesParameter"] = regions["us-west-2"]?.["writesParameter"] ?? "";
    }),
    replaced("service/writes", "service/write"),
    to("{}"),
  ),
  ...policy(
    "T14",
    without("SetWrites"),
    statement("SetWrites", { Resource: "arn:aws:ssm:us-east-1:123456789012:parameter/other" }),
    replaced("ssm:PutParameter", "ssm:GetParameter"),
  ),
  {
    claim: "T14",
    type: "aws_lambda_function",
    id: CONTROL,
    path: "role",
    becomes: (_, others) => others.ref("aws_iam_role", /^service_task-role/, "arn"),
  },
  ...definition(
    "T18",
    set("IsReadinessRequired", { Default: "FenceOthers" }),
    ruleTo("CheckReadinessStatus", "FailNotReady", "FenceOthers"),
    skipped("DescribeReadiness", { status: "ready" }),
  ),
];

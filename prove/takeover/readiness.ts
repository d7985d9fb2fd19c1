import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { tasksThat, texts } from "../state-machine/arguments";
import { may } from "../iam/role-permissions";
import { sizeOf } from "./awaited-services";
import { memberOf } from "./promotion";
import { environmentOf, regionTables, type Takeover, takeoversOf } from "./takeover";

/** The longest time for which a switchover may hold writes back while this region catches up. */
const LONGEST_LAG_MILLISECONDS = 60_000;

export function readinessFaults({ graph, machine, functions }: Takeover, stacks: readonly Graph[]): string[] {
  const member = memberOf(graph);
  const identifier = member && graph.text(member.cluster.values["cluster_identifier"]);
  const alarms = (stack: Graph | undefined): readonly string[] =>
    ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"].flatMap((type) =>
      (stack?.all(type) ?? []).map(({ values }) => stack?.text(values["alarm_name"]) ?? ""),
    );
  const asked = tasksThat(machine, "cloudwatch:describeAlarms").flatMap((node) => texts(machine, node, "AlarmNames") ?? []);
  return [
    ...asked
      .filter((name) => !alarms(graph).includes(name))
      .map((name) => `${machine.resource.address} asks the alarm ${name}, which does not exist in this region.`),
    ...functions.flatMap((one) => {
      const environment = environmentOf(graph, one);
      const lags = Object.entries(environment).filter(([name]) => /LAG/i.test(name));
      const target = graph.target(one.values["role"]);
      const role = target?.type === "aws_iam_role" ? target : undefined;
      const reads =
        role !== undefined &&
        ["cloudwatch:GetMetricStatistics", "cloudwatch:GetMetricData"].some((action) => may(graph, role, { action, resource: "*" }));
      return [
        ...(identifier !== undefined && Object.values(environment).includes(identifier)
          ? []
          : [`${one.address} does not know ${identifier ?? "a cluster"}: it measures the lag of another cluster, or of none.`]),
        ...(lags.length > 0 ? [] : [`${one.address} knows no limit of the lag.`]),
        ...lags
          .filter(([, value]) => !(Number(value) > 0 && Number(value) <= LONGEST_LAG_MILLISECONDS))
          .map(
            ([name, value]) => `${one.address} begins a switchover at a lag of ${value} ms (${name}): writes are held back for as long.`,
          ),
        ...(reads ? [] : [`${one.address} may not read metrics: it never finds this region ready.`]),
        ...canaryFaults(graph, stacks, one, alarms),
        ...readyServiceFaults(graph, one, environment),
        ...deniedFaults(graph, one, role, environment),
      ];
    }),
  ];
}

/** Alarms that the function asks in other regions. */
function canaryFaults(
  graph: Graph,
  stacks: readonly Graph[],
  one: Resource,
  alarms: (stack: Graph | undefined) => readonly string[],
): string[] {
  return regionTables(environmentOf(graph, one)).flatMap((table) =>
    Object.entries(table).flatMap(([region, entry]) =>
      Object.entries(entry as Readonly<Record<string, unknown>>)
        .filter(([key]) => /alarm/i.test(key))
        .flatMap(([, name]) =>
          alarms(stacks.find((stack) => stack.region === region && takeoversOf(stack).length > 0)).includes(String(name))
            ? []
            : [`${one.address} asks the alarm ${String(name)}, which does not exist in ${region}.`],
        ),
    ),
  );
}

/** Calls with which the function asks what its environment names. One that is denied never finds the region ready. */
function deniedFaults(graph: Graph, one: Resource, role: Resource | undefined, environment: Readonly<Record<string, string>>): string[] {
  const account = graph.account ?? "";
  const alarms = regionTables(environment).flatMap((table) =>
    Object.entries(table).flatMap(([region, entry]) =>
      Object.entries(entry as Readonly<Record<string, unknown>>)
        .filter(([key]) => /alarm/i.test(key))
        .map(([, name]) => ({
          action: "cloudwatch:DescribeAlarms",
          resource: `arn:aws:cloudwatch:${region}:${account}:alarm:${String(name)}`,
        })),
    ),
  );
  const services = askedServices(graph, environment).flatMap((item) => [
    {
      action: "ecs:DescribeServices",
      resource: `arn:aws:ecs:${graph.region ?? ""}:${account}:service/${graph.text(item["cluster"]) ?? ""}/${graph.text(item["name"]) ?? ""}`,
    },
    ...(item["targetGroupArn"] === undefined ? [] : [{ action: "elasticloadbalancing:DescribeTargetHealth", resource: "*" }]),
  ]);
  return [...alarms, ...services]
    .filter((call) => role === undefined || !may(graph, role, call))
    .map(({ action, resource }) => `The role of ${one.address} does not allow ${action} on ${resource}: it never finds this region ready.`);
}

function askedServices(graph: Graph, environment: Readonly<Record<string, string>>): readonly Readonly<Record<string, unknown>>[] {
  return Object.values(environment).flatMap((value) => {
    const document = value.startsWith("[") ? graph.document(value) : undefined;
    return Array.isArray(document) ? (document as readonly Readonly<Record<string, unknown>>[]) : [];
  });
}

/** Services of which the function asks whether they run. */
function readyServiceFaults(graph: Graph, one: Resource, environment: Readonly<Record<string, string>>): string[] {
  const names = graph.all("aws_ecs_service").map(({ values }) => graph.text(values["name"]));
  return askedServices(graph, environment).flatMap((item) => {
    const name = graph.text(item["name"]) ?? "";
    const group = graph.target(item["targetGroupArn"]);
    return [
      ...(names.includes(name) ? [] : [`${one.address} asks ${name}, which is no service of this region.`]),
      ...(Number(item["tasks"]) >= sizeOf([graph], name)
        ? []
        : [`${one.address} finds ${name} ready with ${String(item["tasks"])} tasks, and it runs ${sizeOf([graph], name)}.`]),
      ...(item["targetGroupArn"] === undefined || group?.type === "aws_lb_target_group"
        ? []
        : [`${one.address} asks ${graph.text(item["targetGroupArn"]) ?? "a list"}, which is no target group of this region.`]),
    ];
  });
}

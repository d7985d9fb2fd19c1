import { regionOf } from "../graph/regions";
import { matches } from "../iam/policy";
import { permissionsOf } from "../iam/role-permissions";
import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import type { Platform } from "./model";

/** Actions of a service that its data plane answers, or that are no calls to it. */
const NO_CALLS = ["iam:PassRole", "iam:CreateServiceLinkedRole"];
const SAMPLES: Readonly<Record<string, readonly string[]>> = {
  route53: ["route53:ChangeResourceRecordSets", "route53:UpdateHealthCheck", "route53:ListResourceRecordSets"],
  iam: ["iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:GetRole"],
  ecs: ["ecs:UpdateService", "ecs:RunTask", "ecs:DescribeTasks"],
  rds: ["rds:ModifyDBCluster", "rds:DescribeDBClusters", "rds:FailoverDBCluster"],
};

/** Calls to a control plane that tasks can make while they serve requests, and that a failover of a region would need. */
export function controlPlaneCalls(platform: Platform, service: string, region: string | undefined): string[] {
  const global = service === "route53" || service === "iam";
  const tasks = platform.services.flatMap(({ part }) => {
    if (!global && part.region !== region) return [];
    const role = part.graph.target(part.graph.target(part.resource.values["task_definition"])?.values["task_role_arn"]);
    return role
      ? actionsOf(part.graph, role, service).map(
          (action) => `Tasks of ${part.id} may call ${action}: a request that does so fails with the control plane.`,
        )
      : [];
  });
  return [...new Set([...tasks, ...(global ? runbookCalls(platform, service) : [])])];
}

/** Calls of state machines, which an operator starts when a region is lost, to a control plane of one region. */
function runbookCalls(platform: Platform, service: string): string[] {
  return platform.stacks.flatMap((graph) =>
    graph.all("aws_sfn_state_machine").flatMap((machine) => {
      const called = [...(graph.text(machine.values["definition"]) ?? "").matchAll(/aws-sdk:([a-z0-9]+):([A-Za-z]+)/g)].filter(
        ([, name]) => name === service,
      );
      return called.map(
        ([, name, call]) =>
          `${graph.name}/${machine.address} in ${String(regionOf(graph, machine))} calls ${String(name)}:${String(call)}, which is answered in one region only.`,
      );
    }),
  );
}

function actionsOf(graph: Graph, role: Resource, service: string): readonly string[] {
  return permissionsOf(graph, role)
    .statements.filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions }) => actions)
    .filter(
      (action) =>
        !NO_CALLS.includes(action) &&
        (action.toLowerCase().startsWith(`${service}:`) || (SAMPLES[service] ?? []).some((sample) => matches(sample, action))),
    );
}

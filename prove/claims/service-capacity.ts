import { notifies } from "../alarms/notifications";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { numberOf } from "./containers";
import { type Service, services } from "./parts";

/** A load that rises reaches what the other zones can carry within minutes. */
const LATEST_SECONDS = 300;

export const CAPACITY_CLAIMS: readonly Claim[] = [
  {
    id: "S2",
    title: "Each region runs the tasks that carry the load of the other, and scales in the same range",
    requirementIds: ["S000-6.1"],
    decide: (graph, stacks) => {
      const own = services(graph);
      const peers = joined(stacks)
        ? stacks.filter((stack) => stack !== graph && stack.region !== graph.region && services(stack).length > 0)
        : [];
      if (peers.length === 0 || (own.length === 0 && !isRegion(graph)))
        return notApplicable("There is no service that another region runs, too.");
      const faults = peers.flatMap((peer) =>
        services(peer).flatMap((theirs) => {
          const ours = counterpart(graph, own, peer, theirs);
          return ours
            ? capacityFaults(capacityOf(graph, ours), capacityOf(peer, theirs), peer)
            : [
                `${theirs.resource.address} of ${peer.name} has no counterpart in ${graph.name}: after the loss of ${String(peer.region)}, nothing does its work.`,
              ];
        }),
      );
      return decided(
        [...new Set([...own.flatMap((service) => rangeFaults(graph, service)), ...strayTargets(graph), ...faults])],
        own.map((service) => `${service.resource.address}: ${describe(capacityOf(graph, service))}`),
        "Tasks, CPU, memory and range are those of the other region.",
      );
    },
  },
  {
    id: "Z6",
    title: "An alarm on the load of each service goes to ALARM while the loss of a zone can still be carried",
    decide: (graph, stacks) => {
      const running = services(graph).filter(({ tasks }) => tasks !== 0);
      if (running.length === 0) return notApplicable("No service runs tasks.");
      if (running.some(({ tasks }) => tasks === undefined)) return unknown("The number of tasks is an expression.");
      const found = running.map((service) => {
        const zones = zonesOfService(graph, service);
        const left = (service.tasks ?? 0) - Math.ceil((service.tasks ?? 0) / zones);
        return { service, zones, limit: (100 * left) / (service.tasks ?? 1), alarms: loadAlarms(graph, service) };
      });
      return decided(
        found.flatMap(({ service, limit, alarms }) => {
          const faults = alarms.map((alarm) => loadFaults(graph, stacks, alarm, limit));
          if (alarms.length === 0)
            return [`No alarm watches the CPU of ${service.resource.address}: its load can grow beyond what the other zones carry.`];
          return faults.some((one) => one.length === 0) ? [] : faults.flat();
        }),
        found.map(
          ({ service, limit, alarms }) =>
            `${service.resource.address}: the other zones carry ${Math.floor(limit)} %, ${alarms.map(({ address }) => address).join(", ")}`,
        ),
        "Its threshold is not above what the tasks of the other zones carry.",
      );
    },
  },
];

/** Whether stacks are one platform of several regions. */
function joined(stacks: readonly Graph[]): boolean {
  return stacks.some(
    (stack) =>
      ["aws_rds_global_cluster", "aws_globalaccelerator_accelerator"].some((type) => stack.all(type).length > 0) ||
      stack.all("aws_route53_record").some(({ values }) => values["set_identifier"] !== undefined),
  );
}

/** Whether a stack has what services run on. Without a service it is a region that lacks one. */
function isRegion(graph: Graph): boolean {
  return graph.all("aws_ecs_cluster").length > 0;
}

interface Capacity {
  readonly address: string;
  readonly tasks: number | undefined;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly range: { readonly min: number | undefined; readonly max: number | undefined } | undefined;
  readonly policies: readonly string[];
  readonly spot: boolean;
}

function capacityOf(graph: Graph, service: Service): Capacity {
  const { values } = service.resource;
  const definition = graph.target(values["task_definition"])?.values ?? {};
  const target = scalingTarget(graph, service);
  return {
    address: service.resource.address,
    tasks: service.tasks ?? numberOf(graph, values["desired_count"]),
    cpu: numberOf(graph, definition["cpu"]),
    memory: numberOf(graph, definition["memory"]),
    range: target && { min: numberOf(graph, target.values["min_capacity"]), max: numberOf(graph, target.values["max_capacity"]) },
    policies: graph
      .all("aws_appautoscaling_policy")
      .filter((policy) => isOf(graph, service, policy))
      .map(({ values: policy }) => {
        const tracking = block(policy["target_tracking_scaling_policy_configuration"]);
        const metric = block(tracking["predefined_metric_specification"])["predefined_metric_type"];
        return `${graph.text(metric) ?? graph.text(policy["policy_type"]) ?? "policy"} ${graph.text(tracking["target_value"]) ?? ""}`.trim();
      })
      .sort(),
    spot: blocks(values["capacity_provider_strategy"]).some(
      (one) => graph.text(one["capacity_provider"]) === "FARGATE_SPOT" && (numberOf(graph, one["weight"]) ?? 0) > 0,
    ),
  };
}

const describe = ({ tasks, cpu, memory, range }: Capacity): string =>
  `${String(tasks)} tasks of ${String(cpu)} CPU units and ${String(memory)} MiB${range ? `, ${String(range.min)} to ${String(range.max)} tasks` : ""}`;

function capacityFaults(ours: Capacity, theirs: Capacity, peer: Graph): string[] {
  const after = `after the loss of ${String(peer.region)}`;
  const lower = (one: number | undefined, other: number | undefined): boolean => one !== undefined && other !== undefined && one < other;
  const less = (what: string, unit: string, one: number | undefined, other: number | undefined): string[] =>
    lower(one, other)
      ? [
          `${ours.address} has ${what} ${String(one)}${unit}, and ${theirs.address} of ${peer.name} ${String(other)}${unit}: ${after} it carries less.`,
        ]
      : [];
  return [
    ...(theirs.cpu !== undefined && ours.cpu === undefined
      ? [`${ours.address} has no task definition with a CPU in this JSON, and ${theirs.address} of ${peer.name} has one.`]
      : []),
    ...less("tasks:", "", ours.tasks, theirs.tasks),
    ...less("a CPU of", " units a task", ours.cpu, theirs.cpu),
    ...less("a memory of", " MiB a task", ours.memory, theirs.memory),
    ...less("a minimum of", " tasks", ours.range?.min, theirs.range?.min),
    ...less("a maximum of", " tasks", ours.range?.max, theirs.range?.max),
    ...(theirs.range && !ours.range
      ? [`${ours.address} is not scaled, and ${theirs.address} of ${peer.name} is: ${after} it does not grow.`]
      : []),
    ...theirs.policies
      .filter((policy) => ours.range?.max !== ours.range?.min && !ours.policies.includes(policy))
      .map(
        (policy) =>
          `${ours.address} is not scaled by ${policy}, and ${theirs.address} of ${peer.name} is: ${after} it does not grow in time.`,
      ),
    ...(ours.spot && !theirs.spot
      ? [`${ours.address} runs on spare capacity (FARGATE_SPOT), which AWS takes when it is needed: ${after} all customers need it.`]
      : []),
  ];
}

/** A number of tasks outside of the range of scaling does not stay. */
function rangeFaults(graph: Graph, service: Service): string[] {
  const { address, tasks, range } = capacityOf(graph, service);
  if (!range || tasks === undefined) return [];
  const { min = 0, max = Infinity } = range;
  return tasks < min || tasks > max
    ? [`${address} has ${tasks} tasks, and is scaled between ${min} and ${max}: an apply and scaling undo each other.`]
    : [];
}

/** Targets of scaling that name no service of the stack. */
function strayTargets(graph: Graph): string[] {
  return graph
    .all("aws_appautoscaling_target")
    .filter(
      ({ values }) => graph.text(values["service_namespace"]) === "ecs" && !(graph.text(values["resource_id"]) ?? "${").includes("${"),
    )
    .filter((target) => !services(graph).some((service) => isOf(graph, service, target)))
    .map(({ address, values }) => `${address} scales ${String(graph.text(values["resource_id"]))}, which is no service of ${graph.name}.`);
}

function scalingTarget(graph: Graph, service: Service): Resource | undefined {
  return graph.all("aws_appautoscaling_target").find((target) => isOf(graph, service, target));
}

/** Whether `resource_id` names a service: `service/<cluster>/<name>`. */
function isOf(graph: Graph, service: Service, scaling: Resource): boolean {
  const [kind, cluster, name] = (graph.text(scaling.values["resource_id"]) ?? "").split("/");
  return kind === "service" && name === graph.text(service.resource.values["name"]) && cluster === clusterOf(graph, service);
}

function clusterOf(graph: Graph, { resource: { values } }: Service): string | undefined {
  const cluster = graph.target(values["cluster"]);
  return graph
    .text(cluster ? cluster.values["name"] : values["cluster"])
    ?.split("/")
    .at(-1);
}

/** The same service in another region: by its name without the region, or by its address. */
function counterpart(graph: Graph, own: readonly Service[], peer: Graph, theirs: Service): Service | undefined {
  const plain = (of: Graph, { resource }: Service): string | undefined =>
    graph.text(of.text(resource.values["name"])?.replaceAll(of.region ?? "\0", ""));
  const name = plain(peer, theirs);
  return (
    own.find((ours) => name !== undefined && plain(graph, ours) === name) ??
    own.find(({ resource }) => resource.address === theirs.resource.address)
  );
}

function zonesOfService(graph: Graph, { resource, subnets }: Service): number {
  const zones = subnets ? new Set(subnets.map(({ zone }) => zone)).size : 0;
  return zones || Math.max(graph.list(block(resource.values["network_configuration"])["subnets"]).length, 1);
}

function loadAlarms(graph: Graph, service: Service): readonly Resource[] {
  return graph.all("aws_cloudwatch_metric_alarm").filter(({ values }) => {
    const dimensions = block(values["dimensions"]);
    return (
      graph.text(values["namespace"]) === "AWS/ECS" &&
      graph.text(values["metric_name"]) === "CPUUtilization" &&
      graph.text(dimensions["ServiceName"]) === graph.text(service.resource.values["name"]) &&
      graph.text(dimensions["ClusterName"]) === clusterOf(graph, service)
    );
  });
}

function loadFaults(graph: Graph, stacks: readonly Graph[], alarm: Resource, limit: number): string[] {
  const { address, values } = alarm;
  const threshold = numberOf(graph, values["threshold"]) ?? Infinity;
  const statistic = graph.text(values["statistic"]) ?? graph.text(values["extended_statistic"]) ?? "";
  const seconds = (numberOf(graph, values["period"]) ?? 60) * (numberOf(graph, values["evaluation_periods"]) ?? 1);
  const rises = (graph.text(values["comparison_operator"]) ?? "").startsWith("Greater");
  return [
    ...(rises ? [] : [`${address} does not go to ALARM when the load is high.`]),
    ...(threshold > limit + 1e-9
      ? [`${address} goes to ALARM above ${threshold} %, and the other zones carry ${Math.floor(limit)} %.`]
      : []),
    ...(/^(?:Average|Maximum|p\d|tm)/.test(statistic)
      ? []
      : [`${address} watches the statistic ${statistic}, which is not the load of the tasks.`]),
    ...(seconds > LATEST_SECONDS ? [`${address} needs ${seconds} s of high load.`] : []),
    ...(notifies(graph, stacks, graph.text(values["alarm_name"]) ?? address).length > 0
      ? []
      : [`${address} notifies no topic with a subscription: on-call gets no message.`]),
  ];
}

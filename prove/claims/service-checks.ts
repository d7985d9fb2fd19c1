import type { Graph } from "../graph/graph";
import { blocks, text } from "../graph/values";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import {
  commandOf,
  type Container,
  containerCheckOf,
  numberOf,
  OTHER_DEFINITION,
  type Registration,
  registrationsOf,
  targetCheckOf,
  withContainers,
} from "./containers";
import { type Service, services } from "./parts";

/** A failover of Aurora usually takes less. @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html */
const DATABASE_FAILOVER_SECONDS = 60;
const LIMIT_SECONDS = 13;
/** Commands that succeed whatever the program does. */
const ALWAYS_HEALTHY = /^(?:\/?(?:usr\/)?(?:bin\/)?true|:|exit 0|echo\b.*)$|\|\|\s*(?:true|:|exit 0)\s*;?$|;\s*(?:true|:|exit 0)\s*;?$/;

type Checked = Service & { readonly containers: readonly Container[] };

function decide(graph: Graph, all: readonly Service[], none: string, then: (parts: readonly Checked[]) => Finding): Finding {
  if (all.length === 0) return notApplicable(none);
  const parts = withContainers(graph, all);
  return parts ? then(parts) : unknown(OTHER_DEFINITION);
}

export const CHECK_CLAIMS: readonly Claim[] = [
  {
    id: "S3",
    title: `A failover of the database, up to ${DATABASE_FAILOVER_SECONDS} s, stops no task`,
    decide: (graph) =>
      decide(
        graph,
        [...graph.all("aws_rds_cluster"), ...graph.all("aws_db_instance")].length > 0 ? services(graph) : [],
        "There is no database with tasks.",
        (parts) => {
          const deep = deepPaths(graph);
          const faults = parts.flatMap((service) => [
            ...service.containers
              .filter((container) => isProgram(graph, service, container) && survives(graph, container) < DATABASE_FAILOVER_SECONDS)
              .map(
                (container) =>
                  `A failover of the database stops each task of ${service.resource.address}: ${container.name} may fail its health check for ${survives(graph, container)} s only.`,
              ),
            ...service.containers
              .filter((container) => deep.some((path) => requests(commandOf(graph, container), path)))
              .map(
                ({ name }) =>
                  `${name} of ${service.resource.address} has the path of a canary in its health check, which asks the database.`,
              ),
            ...registrationsOf(graph, service).flatMap(({ group }) =>
              group && deep.includes(targetCheckOf(graph, group).path)
                ? [
                    `${group.address} asks the path of a canary, which asks the database: in its failover, every task of ${service.resource.address} is replaced.`,
                  ]
                : [],
            ),
          ]);
          return decided(
            faults,
            parts.flatMap(({ resource, containers }) =>
              containers.map(
                (container) => `${container.name} of ${resource.address} may fail its health check for ${survives(graph, container)} s`,
              ),
            ),
            "Health checks of containers fail for longer than a failover takes before ECS stops a task.",
          );
        },
      ),
  },
  {
    id: "S4",
    title: "The health check of each container asks the port on which it listens, and a task has time to start",
    requirementIds: ["S000-4.3"],
    decide: (graph) =>
      decide(graph, services(graph), "There is no service.", (parts) => {
        const found = parts.flatMap((service) => service.containers.map((container) => portCheck(graph, service, container)));
        const faults = [...found.flatMap(({ fault }) => fault ?? []), ...parts.flatMap((service) => graceFaults(graph, service))];
        const [undecided] = found.flatMap(({ unread }) => unread ?? []);
        return faults.length === 0 && undecided !== undefined
          ? unknown(undecided)
          : decided(
              faults,
              parts.map(
                ({ resource, containers }) =>
                  `${resource.address}: ${containers.map((one) => commandOf(graph, one) ?? "no check").join(", ")}`,
              ),
              "Each check asks its own container, and begins to count after the start.",
            );
      }),
  },
  {
    id: "Z7",
    title: `A task that answers no more gets no requests after ${LIMIT_SECONDS} s at most`,
    requirementIds: ["S000-3.2", "S000-C7"],
    decide: (graph) => {
      const registered = services(graph).flatMap((service) => registrationsOf(graph, service).map((one) => ({ service, ...one })));
      if (registered.length === 0) return notApplicable("No service receives requests from a load balancer.");
      if (registered.some(({ group }) => text(group?.type) !== "aws_lb_target_group"))
        return unknown("A target group is not in this JSON.");
      return decided(
        registered.flatMap((one) => detectionFaults(graph, one)),
        registered.flatMap(({ group }) => (group ? [`${group.address}: ${detection(graph, group)} s`] : [])),
        "The load balancer stops requests to it in time.",
      );
    },
  },
];

/** Whether a container is one that can use the database, and no sidecar. */
function isProgram(graph: Graph, service: Service, { name, values }: Container): boolean {
  return blocks(values["secrets"]).length > 0 || registrationsOf(graph, service).some(({ container }) => container === name);
}

/** Seconds that a container may fail its check before ECS stops the task, at least: the time between the first and the last failure. */
function survives(graph: Graph, container: Container): number {
  const { interval, retries } = containerCheckOf(graph, container);
  return commandOf(graph, container) === undefined ? Infinity : (retries - 1) * interval;
}

/** Paths that canaries request, which no health check of a target group of this stack is meant to have. */
function deepPaths(graph: Graph): readonly string[] {
  return graph
    .all("aws_synthetics_canary")
    .flatMap(({ values }) =>
      [...JSON.stringify(values["run_config"] ?? {}).matchAll(/https?:\/\/[^/"\\]+(\/[^"\\?]+)/g)].map(([, path = ""]) => path),
    );
}

function requests(command: string | undefined, path: string): boolean {
  return new RegExp(`${path.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w/-])`).test(command ?? "");
}

/** Whether the check of a container asks the container on its port. */
function portCheck(graph: Graph, service: Service, container: Container): { readonly fault?: string; readonly unread?: string } {
  const what = `${container.name} of ${service.resource.address}`;
  const command = commandOf(graph, container);
  // A container without a port gets no requests: its check, if any, asks something of its own.
  if (container.ports.length === 0) return {};
  if (command === undefined) return { fault: `${what} has no health check: ECS does not notice that it hangs.` };
  if (ALWAYS_HEALTHY.test(command.trim())) return { fault: `The health check of ${what} succeeds when the program is dead: ${command}` };
  const [url, scheme, host = "", stated] = /(https?):\/\/(\[[^\]]*\]|[^/:\s"']+)(?::(\d+))?/.exec(command) ?? [];
  if (url !== undefined) {
    if (!/^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/.test(host))
      return { fault: `The health check of ${what} asks ${host}, and not itself.` };
    const port = Number(stated ?? (scheme === "https" ? 443 : 80));
    if (!container.ports.includes(port))
      return { fault: `The health check of ${what} asks port ${port}, and it listens on ${container.ports.join(", ")}.` };
    const odd = registrationsOf(graph, service).find(
      ({ group, port: routed }) => routed === port && group && graph.text(group.values["protocol"])?.toLowerCase() !== scheme,
    );
    return odd?.group
      ? { fault: `The health check of ${what} uses ${String(scheme)}, and ${odd.group.address} another protocol on the same port.` }
      : {};
  }
  const numbers = [...command.matchAll(/(?<![\w.])\d{2,5}(?![\w.])/g)].map(([number]) => Number(number));
  if (numbers.some((number) => container.ports.includes(number))) return {};
  return numbers.length > 0
    ? { fault: `The health check of ${what} asks none of its ports (${container.ports.join(", ")}): ${command}` }
    : { unread: `The health check of ${what} is a program, which says nothing about a port: ${command}` };
}

/** ECS counts the checks of the load balancer from the end of the grace period. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html */
function graceFaults(graph: Graph, service: Checked): string[] {
  const grace = numberOf(graph, service.resource.values["health_check_grace_period_seconds"]) ?? 0;
  return registrationsOf(graph, service).flatMap(({ group, container: name }) => {
    const container = service.containers.find((one) => one.name === name);
    const start = container ? containerCheckOf(graph, container).startPeriod : 0;
    const check = group && targetCheckOf(graph, group);
    const needed = start + (check ? check.interval * check.healthy : 0);
    return [
      ...(container ? [] : [`${service.resource.address} registers a container ${name}, which its task definition does not have.`]),
      ...(grace < needed
        ? [
            `${service.resource.address} gives its tasks ${grace} s: they may take ${start} s to start and ${needed - start} s until the load balancer finds them healthy, and are stopped before.`,
          ]
        : []),
    ];
  });
}

/** Seconds until a target that fails gets no requests: it fails just after a check, and the last check ends with its timeout. */
function detection(graph: Graph, group: NonNullable<Registration["group"]>): number {
  const { interval, unhealthy, timeout } = targetCheckOf(graph, group);
  return interval + interval * (unhealthy - 1) + timeout;
}

function detectionFaults(graph: Graph, { group, port }: Registration): string[] {
  if (!group) return [];
  const { enabled, interval, timeout, port: asked, protocol } = targetCheckOf(graph, group);
  const seconds = detection(graph, group);
  const spoken = graph.text(group.values["protocol"]) ?? "HTTP";
  return [
    ...(enabled
      ? []
      : [`${group.address} has no health checks: a dead task gets requests until ECS has noticed that its process is gone.`]),
    ...(seconds > LIMIT_SECONDS ? [`${group.address} sends requests to a dead task for up to ${seconds} s.`] : []),
    ...(timeout >= interval ? [`${group.address} has a timeout of ${timeout} s and an interval of ${interval} s, which AWS rejects.`] : []),
    ...(asked === "traffic-port" || Number(asked) === port
      ? []
      : [`${group.address} checks port ${asked}, and requests go to port ${port}.`]),
    ...(["HTTP", "HTTPS"].includes(spoken) && protocol !== spoken
      ? [`${group.address} checks with ${protocol}, and its tasks answer ${spoken}.`]
      : []),
  ];
}

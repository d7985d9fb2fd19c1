import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import { block, blocks, text } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { crossingFaults, toldFaults } from "./isolation-crossings";
import { machineFaults, promotionFaults } from "./isolation-runbooks";

const SERVING = ["aws_lb", "aws_ecs_service", "aws_rds_cluster"];
const NO_REGION = "The stack has nothing that serves clients in a region.";

/** Claims about regions that do not depend on each other: their states, their providers and their runbooks. */
export const ISOLATION_CLAIMS: readonly Claim[] = [
  {
    id: "I1",
    title: "The state of a region is in that region, in a place of its own, and a wrong account stops every plan",
    decide: (graph, stacks) => {
      const serves = isRegional(graph);
      if (stacks.every((stack) => stateOf(stack) === undefined) || (!serves && stateOf(graph) === undefined))
        return notApplicable("No stack has its state in a bucket.");
      const faults = [...(serves ? stateFaults(graph, stacks) : []), ...sharedStateFaults(graph, stacks), ...accountFaults(graph, stacks)];
      return decided(
        faults,
        [`${graph.name}: ${stateOf(graph)?.bucket ?? ""}`],
        "While another region is lost, it is planned and applied.",
      );
    },
  },
  {
    id: "I2",
    title: "The stack of a region makes nothing in another region, and reads no other state",
    decide: (graph) => {
      const remote = graph
        .all("data.terraform_remote_state")
        .map(({ address }) => `${address} reads another state: while its bucket is lost, there is no plan.`);
      if (!isRegional(graph)) return remote.length > 0 ? decided(remote, [], "") : notApplicable(NO_REGION);
      const { region } = graph;
      const crossing = graph.all().flatMap((resource) => {
        const other = regionOf(graph, resource);
        return resource.values["provider"] === undefined || other === region
          ? []
          : [
              `${resource.address} is made in ${other ?? "the region of a provider that does not exist"}: while that is lost, there is no plan of ${graph.name}.`,
            ];
      });
      const explicit = graph.all().flatMap(({ address, type, values }) => {
        const other = type.startsWith("aws_") || type.startsWith("data.aws_") ? graph.text(values["region"]) : undefined;
        return other === undefined || other === region ? [] : [`${address} is made in ${other}, by its region.`];
      });
      return decided(
        [...remote, ...crossing, ...explicit, ...placeFaults(graph)],
        [`${graph.all().length} resources and data sources in ${region ?? "one region"}`],
        "Each is in the region of the stack.",
      );
    },
  },
  {
    id: "I3",
    title: "The runbooks of a region are in it, with topic, key, log group and functions of its own, and call others by names that exist",
    requirementIds: ["S000-6.2"],
    decide: (graph, stacks) => {
      const machines = graph.all("aws_sfn_state_machine");
      const promotion = promotionFaults(graph, stacks);
      if (!isRegional(graph) || (machines.length === 0 && promotion.length === 0)) return notApplicable("There is no state machine.");
      return decided(
        [
          ...machines.flatMap((machine) => machineFaults(graph, machine, stacks)),
          ...promotion,
          ...crossingFaults(graph, stacks),
          ...toldFaults(graph, stacks),
        ],
        machines.map(({ address }) => address),
        "They work while every other region is lost.",
      );
    },
  },
];

/** Whether a stack serves clients in its region, and does not only join regions. */
function isRegional(graph: Graph): boolean {
  return SERVING.some((type) => graph.all(type).length > 0);
}

interface State {
  readonly bucket: string;
  readonly key: string;
  readonly region: string | undefined;
}

/** Where the state of a stack is. Undefined if it is in no bucket. */
function stateOf(graph: Graph): State | undefined {
  const backend = block(block(graph.json.terraform?.["backend"])["s3"]);
  const bucket = text(backend["bucket"]);
  return bucket === undefined ? undefined : { bucket, key: text(backend["key"]) ?? "", region: text(backend["region"]) };
}

function stateFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const state = stateOf(graph);
  if (!state) return [`The state of ${graph.name} is in no bucket: it cannot be applied from another machine.`];
  const named = stacks
    .map(({ region }) => region)
    .find((region) => region !== graph.region && region !== undefined && state.bucket.includes(region));
  return [
    ...(state.region === graph.region
      ? []
      : [
          `The state of ${graph.name} is in ${String(state.region)}, and its resources are in ${String(graph.region)}: while the one is lost, the other cannot be applied.`,
        ]),
    ...(named === undefined ? [] : [`The state of ${graph.name} is in ${state.bucket}, a bucket of ${named}.`]),
  ];
}

function sharedStateFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const state = stateOf(graph);
  if (!state) return [];
  return stacks.flatMap((stack) => {
    const other = stack === graph ? undefined : stateOf(stack);
    if (other?.bucket !== state.bucket) return [];
    return [
      ...(other.key === state.key ? [`${graph.name} and ${stack.name} have one state: each apply destroys the other one.`] : []),
      ...(other.region === state.region
        ? []
        : [`${state.bucket} is in ${String(state.region)} for ${graph.name}, and in ${String(other.region)} for ${stack.name}.`]),
    ];
  });
}

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs#allowed_account_ids-1 */
function accountFaults(graph: Graph, stacks: readonly Graph[]): string[] {
  const accounts = stacks.flatMap(({ account }) => account ?? []);
  const [usual] = [...accounts].sort((one, other) => count(accounts, other) - count(accounts, one));
  return blocks(graph.json.provider?.["aws"]).flatMap((provider) => {
    const name = `The provider of ${graph.name} in ${graph.text(provider["region"]) ?? "its region"}`;
    const allowed = graph.list(provider["allowed_account_ids"]).map((id) => graph.text(id));
    if (allowed.length === 0) return [`${name} allows every account: a plan with wrong credentials is made in theirs.`];
    const odd = allowed.find((account) => account !== usual);
    return odd === undefined || usual === undefined ? [] : [`${name} allows the account ${odd}, and the other stacks are in ${usual}.`];
  });
}

function count(accounts: readonly string[], account: string): number {
  return accounts.filter((one) => one === account).length;
}

/** Resources whose zone is not in the region of the provider, and the state that is elsewhere. */
function placeFaults(graph: Graph): string[] {
  const { region } = graph;
  const state = stateOf(graph)?.region;
  const zones = graph.all().flatMap(({ address, values }) => {
    const zone = graph.text(values["availability_zone"]);
    return zone === undefined || zone.includes("${") || region === undefined || zone.startsWith(region)
      ? []
      : [`${address} is in ${zone}, and the provider makes it in ${region}.`];
  });
  return [
    ...zones,
    ...(state === undefined || state === region
      ? []
      : [`The provider of ${graph.name} makes its resources in ${String(region)}, and its state is in ${state}.`]),
  ];
}

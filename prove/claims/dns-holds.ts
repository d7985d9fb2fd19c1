import { Dns } from "../dns/dns";
import { endpointChecksOf } from "../dns/endpoint-checks";
import { ignores } from "../dns/health-checks";
import { type Hold, holdsOf, writerRegion } from "../dns/holds";
import { type Switch, switchesOf, switchFaults } from "../dns/switches";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text } from "../graph/values";
import { type Claim, decided, notApplicable } from "./claim";
import { loadBalancers } from "./parts";

/** What an operator changes in a health check to resolve clients elsewhere. */
const SWITCHED = ["disabled", "invert_healthcheck"];
const ANY_ACCOUNT = "000000000000";

/** Claims about what operators and runbooks switch: health checks, and the holds of regions. */
export const HOLD_CLAIMS: readonly Claim[] = [
  {
    id: "D6",
    title: "An apply does not change where an operator or a runbook has routed clients",
    decide: (graph, stacks) => {
      const dns = Dns.of(stacks);
      const checks = endpointChecksOf(dns, graph);
      const holds = sameHolds(graph, holdsOf(dns));
      if (checks.length + holds.length === 0) return notApplicable("No health check decides about a record, and none asks a hold.");
      const faults = [
        ...checks.flatMap((check) =>
          SWITCHED.filter((argument) => !ignores(check, argument)).map(
            (argument) => `An apply sets ${argument} of ${check.address} back: a region that an operator has left gets clients again.`,
          ),
        ),
        ...holds
          .filter((rule) => !ignores(rule, "action"))
          .map(({ address }) => `An apply sets the answer of ${address} back: ${graph.name} no longer holds DNS after a takeover.`),
      ];
      return decided(
        [...new Set(faults)],
        [...checks, ...holds].map(({ address }) => address),
        "Terraform ignores what is changed there.",
      );
    },
  },
  {
    id: "D8",
    title: "The runbook of every region finds the hold of every region that DNS asks, and may switch it",
    decide: (graph, stacks) => {
      const dns = Dns.of(stacks);
      if (dns.regions.length < 2 || loadBalancers(graph).length === 0) return notApplicable("There is no other region.");
      const holds = holdsOf(dns);
      if (holds.length === 0 && stacks.every((stack) => switchesOf(stack).length === 0)) return notApplicable("No region holds DNS.");
      if (stacks.every((stack) => startedSwitches(stack).length === 0)) return notApplicable("No runbook switches the holds of regions.");
      const writer = writerRegion(stacks);
      const lacking = dns.regions.filter((region) => region !== writer && holds.every(({ site }) => site.region !== region));
      const started = startedSwitches(graph);
      const [best = []] = started
        .map((one) => holds.flatMap((hold) => switchFaults(one, holdOf(hold, graph))))
        .sort((one, other) => one.length - other.length);
      const faults = [
        ...lacking.map(
          (region) => `No health check asks what the runbooks switch in ${region}: a takeover by it resolves no client to it.`,
        ),
        ...(started.length > 0 ? best : [`No state machine of ${graph.name} calls a function that may change the holds of regions.`]),
      ];
      return decided(
        [...new Set(faults)],
        holds.map(({ site, rule, path }) => `${rule.address} of ${site.region}, on ${path}`),
        `${started.map(({ lambda }) => lambda.address).join(", ")} finds each by its load balancer and its path.`,
      );
    },
  },
];

/** The rules of a stack with the path of a hold, also while health checks ask only those of other regions. */
function sameHolds(graph: Graph, holds: readonly Hold[]): readonly Resource[] {
  const paths = holds.map(({ path }) => path);
  return graph
    .all("aws_lb_listener_rule")
    .filter(({ values }) =>
      blocks(values["condition"]).some((condition) =>
        graph.list(block(condition["path_pattern"])["values"]).some((path) => paths.includes(String(path))),
      ),
    );
}

function holdOf({ site, path }: Hold, graph: Graph): Parameters<typeof switchFaults>[1] {
  const balancer = site.graph.text(site.balancer.values["name"]) ?? "";
  return { region: site.region, account: site.graph.account ?? graph.account ?? ANY_ACCOUNT, balancer, path };
}

/** The functions that may change holds, and that a state machine of the stack calls. */
function startedSwitches(graph: Graph): readonly Switch[] {
  const machines = graph.all("aws_sfn_state_machine").map(({ values }) => text(values["definition"]) ?? "");
  return switchesOf(graph).filter(({ lambda }) => machines.some((definition) => definition.includes(`${lambda.address}.`)));
}

import { Dns } from "../dns/dns";
import { hasForeignCheck } from "../dns/health-checks";
import { holdsOf, writerRegion } from "../dns/holds";
import type { FailoverGroup } from "../dns/records";
import { ALL_HEALTHY, describe, describeDestination, stateOf, statesOf } from "../dns/states";
import { switchesOf } from "../dns/switches";
import type { Graph } from "../graph/graph";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";
import { checkFaults, holdFaults, lossFaults, noneHealthyFaults, pairFaults, primaryCheckFaults, primaryFaults } from "./dns-losses";

export const ONE_REGION = "There is one region, and no other target.";

/** Claims about where names resolve. Each plays the losses of regions, and asks what Route 53 answers. */
export const ROUTING_CLAIMS: readonly Claim[] = [
  {
    id: "D1",
    title: "PRIMARY resolves to the region of the writer, and a check of its own over HTTPS decides about it",
    requirementIds: ["S000-3.4", "S000-T5", "S004-4.2"],
    decide: (graph, stacks) =>
      withRoots(graph, stacks, (dns, roots) => {
        const writer = writerRegion(stacks);
        const faults = roots.flatMap((root) => [
          ...dns.chainOf(root).flatMap((group) => primaryCheckFaults(dns, group)),
          ...primaryFaults(dns, root, writer),
        ]);
        return decided(
          shortened(faults),
          roots.map(({ name }) => `${name} resolves to ${describeDestination(dns.resolve(name, ALL_HEALTHY))} while it is healthy`),
          "Clients are routed to the region of the writer while its targets answer, and no longer than that.",
        );
      }),
  },
  {
    id: "D2",
    title: "SECONDARY resolves to another region: whichever regions are lost, clients are routed to one that is left",
    requirementIds: ["S000-3.4", "S000-6.2"],
    decide: (graph, stacks) =>
      withRoots(graph, stacks, (dns, roots) => {
        if (dns.regions.length < 2 && roots.every(({ secondary }) => secondary === undefined)) return notApplicable(ONE_REGION);
        const faults = roots.flatMap((root) => [
          ...dns
            .chainOf(root)
            .flatMap((group) => [
              ...pairFaults(group),
              ...(group.secondary && dns.regions.length > 1 ? checkFaults(dns, group.secondary) : []),
            ]),
          ...lossFaults(dns, root),
        ]);
        return decided(
          shortened(faults),
          statesOf(dns.regions, ["healthy", "lost"]).flatMap((state) =>
            roots.map(({ name }) => `${name} resolves to ${describeDestination(dns.resolve(name, state))} ${describe(state)}`),
          ),
          "In every case clients are routed to a region that is left.",
        );
      }),
  },
  {
    id: "D7",
    title: "While no region is healthy, or another one has taken over, clients are routed to the region that can write",
    requirementIds: ["S000-6.2"],
    decide: (graph, stacks) =>
      withRoots(graph, stacks, (dns, roots) => {
        if (dns.regions.length < 2) return notApplicable(ONE_REGION);
        const writer = writerRegion(stacks);
        const holders = [...new Set(holdsOf(dns).map(({ site }) => site.region))];
        const usesHolds = holders.length > 0 || stacks.some((stack) => switchesOf(stack).length > 0);
        const lacking = dns.regions.filter((region) => usesHolds && region !== writer && !holders.includes(region));
        const faults = [
          ...roots.flatMap((root) => [
            ...noneHealthyFaults(dns, root, writer),
            ...holders.flatMap((holder) => holdFaults(dns, root, holder)),
          ]),
          ...lacking.map(
            (region) => `No health check asks a hold of ${region}: after it has taken over, clients are routed to another region.`,
          ),
        ];
        return decided(
          shortened(faults),
          [
            `while no region is healthy: ${roots.map(({ name }) => `${name} resolves to ${describeDestination(dns.resolve(name, noneHealthy(dns)))}`).join(", ")}`,
            ...holders.map((holder) => `while ${holder} holds DNS, it gets all clients`),
          ],
          "Clients are routed to the region of the writer, or to the one that holds DNS.",
        );
      }),
  },
];

/** Many states have the same fault. */
const MOST_FAULTS = 5;
const shortened = (faults: readonly string[]): readonly string[] => [...new Set(faults)].slice(0, MOST_FAULTS);

const noneHealthy = ({ regions }: Dns) => stateOf(new Map(regions.map((region) => [region, "unhealthy" as const])));

/** Decides about the names of failover records that a stack has. */
export function withRoots(graph: Graph, stacks: readonly Graph[], decide: (dns: Dns, roots: readonly FailoverGroup[]) => Finding): Finding {
  const dns = Dns.of(stacks);
  const roots = dns.roots.filter(({ records }) => records.some((record) => record.graph === graph));
  if (dns.groups.every(({ records }) => records.every((record) => record.graph !== graph)))
    return notApplicable("No record has a failover routing policy.");
  if (roots.length === 0)
    return { status: "refuted", because: "The failover records resolve to each other, and to nothing else.", evidence: [] };
  if (dns.groups.some(({ records }) => records.some(hasForeignCheck))) return unknown("A health check is not in this JSON.");
  if (dns.sites.length === 0) return unknown("The load balancers are not in this JSON.");
  return decide(dns, roots);
}

import { aclFaults, facingOutside, passesTooBig } from "../network/acl-flows";
import { groupFaults, intendedFlows } from "../network/group-flows";
import { partsOf } from "../network/parts";
import { type Claim, decided, notApplicable, unknown } from "./claim";
import { OTHER_OWNER } from "./parts";

/** Claims about what may not pass. What must is in reachability.ts. */
export const TIER_CLAIMS: readonly Claim[] = [
  {
    id: "R6",
    title: "Security groups and network ACLs let nothing pass but what a listener, a container, a store or an endpoint explains",
    requirementIds: ["S002-6.3", "S003-1.5", "S003-9.1", "S003-C9", "S003-S5"],
    decide: (graph, stacks) => {
      const parts = partsOf(stacks, graph);
      if (parts.length === 0) return notApplicable("Nothing has an address in a VPC.");
      const faults = [...groupFaults(stacks, graph), ...aclFaults(stacks, graph)];
      if (faults.length === 0 && parts.some(({ subnets }) => subnets === undefined)) return unknown(OTHER_OWNER);
      return decided([...new Set(faults)], intendedFlows(stacks, graph), "Every rule is one of these flows, or the answers to it.");
    },
  },
  {
    id: "R7",
    title: "Senders learn that a packet is too large for the path: path MTU discovery passes the network ACLs",
    decide: (graph, stacks) => {
      const parts = partsOf(stacks, graph);
      const subnets = facingOutside(stacks, graph);
      if (parts.length === 0) return notApplicable("Nothing has an address in a VPC.");
      const faults = subnets.flatMap(({ address, acl }) =>
        (["in", "out"] as const)
          .filter((direction) => !passesTooBig(acl, direction))
          .map(
            (direction) =>
              `The network ACL of ${address} drops ICMP type 3, code 4 ${direction === "in" ? "from" : "to"} the internet: large packets get lost.`,
          ),
      );
      if (faults.length === 0 && parts.some(({ subnets: placed }) => placed === undefined)) return unknown(OTHER_OWNER);
      if (subnets.length === 0) return notApplicable("No packet leaves the VPC.");
      return decided(
        faults,
        subnets.map(({ address }) => address),
        "Every network ACL on the way to the internet allows ICMP type 3, code 4, in both directions.",
      );
    },
  },
];

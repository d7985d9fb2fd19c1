import { escalations } from "../iam/escalation";
import { identities } from "../iam/identities";
import { publicFaults, unreadable } from "../iam/public";
import { trustFaults, trustOf, usersOf } from "../iam/trust";
import { widths } from "../iam/width";
import { type Claim, decided, notApplicable, unknown } from "./claim";

/** Claims about calls that must not be allowed. What must be is in privileges.ts. */
export const EXPOSURE_CLAIMS: readonly Claim[] = [
  {
    id: "P6",
    title: "Each role is assumed by the services that use it, for this account, and by no other principal",
    requirementIds: ["S002-7.3", "S004-T10"],
    decide: (graph) => {
      const roles = graph.all("aws_iam_role");
      if (roles.length === 0) return notApplicable("There is no role.");
      const unread = roles.find((role) => trustOf(graph, role) === undefined);
      const faults = roles.flatMap((role) => trustFaults(graph, role));
      if (faults.length === 0 && unread) return unknown(`The trust policy of ${unread.address} cannot be read.`);
      return decided(
        faults,
        roles.map(
          (role) => `${role.address}: ${[...new Set(usersOf(graph, role).map(({ service }) => service ?? "another type"))].join(", ")}`,
        ),
        "Each trust policy names the service that uses the role, and the account.",
      );
    },
  },
  {
    id: "P7",
    title: "No identity of the platform can get privileges that it does not have",
    requirementIds: ["S002-7.3", "S002-C10", "S002-S4"],
    decide: (graph, stacks) => {
      const all = identities(stacks, graph);
      if (all.length === 0) return notApplicable("There is no role and no user.");
      return decided(
        [...new Set(all.flatMap((identity) => escalations(stacks, identity)))],
        all.map(({ resource }) => resource.address),
        "None of them changes policies, passes or assumes a role that may do more, or replaces the program of one.",
      );
    },
  },
  {
    id: "P8",
    title: "Every permission names its calls and its resources",
    requirementIds: ["S002-7.3", "S002-C10", "S002-D8", "S004-T10"],
    decide: (graph, stacks) => {
      const all = identities(stacks, graph);
      if (all.length === 0) return notApplicable("There is no role and no user.");
      const faults = all.flatMap((identity) => widths(graph, identity));
      const hidden = all.find(({ opaque }) => opaque.length > 0);
      if (faults.length === 0 && hidden)
        return unknown(`${hidden.resource.address} has ${hidden.opaque.join(", ")}, which is not in this JSON.`);
      return decided(
        [...new Set(faults)],
        all.map(({ resource }) => resource.address),
        "No call is allowed for resources of others, apart from calls for which AWS knows no resource.",
      );
    },
  },
  {
    id: "P9",
    title: "Nothing is public, and nothing is open to other accounts",
    requirementIds: ["S002-S4", "S004-C7"],
    decide: (graph) => {
      const { faults, seen } = publicFaults(graph);
      const closed = unreadable(graph);
      if (seen.length === 0) return notApplicable("There is nothing that can be public.");
      if (faults.length === 0 && closed !== undefined) return unknown(`The policy ${closed} cannot be read.`);
      return decided([...new Set(faults)], seen, "Each policy names who may call, and each resource is private.");
    },
  },
];

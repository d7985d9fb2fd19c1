import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { blockers, canRefuse, canStay, isProtected, leftovers, unownedLogGroups } from "../lifecycle/destroy";
import { type Claim, decided, notApplicable } from "./claim";

/** Types that keep data, or resolve clients to them, and that can be protected against a deletion. */
const PROTECTABLE = [
  "aws_backup_vault",
  "aws_db_instance",
  "aws_dynamodb_table",
  "aws_lb",
  "aws_rds_cluster",
  "aws_rds_global_cluster",
  "aws_s3_bucket",
];

const created = (graph: Graph): readonly Resource[] => graph.all().filter(({ type }) => !type.startsWith("data."));

/** Claims about the end of an environment. */
export const DESTROYABILITY_CLAIMS: readonly Claim[] = [
  {
    id: "X1",
    title: "A destroy deletes everything: nothing refuses it",
    requirementIds: [
      "S000-C10",
      "S000-C11",
      "S000-S7",
      "S000-P2.1",
      "S000-P2.2",
      "S000-P2.4",
      "S002-C7",
      "S003-T11",
      "S003-S7",
      "S004-P2",
      "S004-S8",
    ],
    decide: (graph) => {
      const all = created(graph);
      if (!all.some(canRefuse)) return notApplicable("Nothing can refuse a destroy.");
      return decided(
        all.flatMap((resource) => blockers(graph, resource)),
        [`${all.length} resources`],
        "No resource is protected, has to be empty, or takes a last snapshot.",
      );
    },
  },
  {
    id: "X2",
    title: "Either everything that keeps data is protected against a destroy, or nothing is",
    decide: (graph, stacks) => {
      const of = (one: Graph): readonly (readonly [Graph, Resource])[] =>
        PROTECTABLE.flatMap((type) => one.all(type).map((resource) => [one, resource] as const));
      const own = of(graph);
      if (own.length === 0) return notApplicable("Nothing keeps data.");
      const everywhere = stacks.flatMap(of);
      const held = everywhere.filter(([one, resource]) => isProtected(one, resource));
      const loose = own.filter(([one, resource]) => !isProtected(one, resource));
      const [first] = held;
      // Few that are protected among many are the odd ones, and few that are not among many as well.
      const odd =
        held.length * 2 > everywhere.length
          ? loose.map(([, { address }]) => `${address} is not protected, and ${first?.[1].address ?? ""} is.`)
          : [];
      const alone =
        held.length * 2 <= everywhere.length
          ? own.filter((one) => !loose.includes(one)).map(([, { address }]) => `${address} is protected, and others are not.`)
          : [];
      return decided(
        [...odd, ...alone],
        own.map(([one, resource]) => `${resource.address}: ${isProtected(one, resource) ? "protected" : "can be deleted"}`),
        held.length === 0 ? "Nothing is protected." : "Everything is protected.",
      );
    },
  },
  {
    id: "X3",
    title: "A destroy leaves nothing that takes the names of the next environment, or that has no owner",
    requirementIds: ["S000-P2.3", "S002-C7", "S003-P2", "S004-T9"],
    decide: (graph) => {
      const all = created(graph);
      if (!all.some(canStay)) return notApplicable("Nothing can be left behind.");
      return decided(
        [...all.flatMap((resource) => leftovers(graph, resource)), ...unownedLogGroups(graph)],
        [`${all.length} resources`],
        "No name stays taken, no snapshot is left, and each log group is of Terraform.",
      );
    },
  },
];

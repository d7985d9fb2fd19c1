import type { Graph } from "../graph/graph";
import { arnIn, everywhere, type Located } from "../graph/located";
import { may, roleOf } from "../iam/role-permissions";
import { longestGapHours, notSelected, type Selection, selectionsOf } from "./backup-plans";
import { type Claim, decided, notApplicable } from "./claim";
import { type DataBucket, dataBuckets } from "./data-buckets";

const MOST_HOURS = 6;
const LEAST_DAYS = 7;

/** The calls that AWS Backup makes to back a store up. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  aws_dynamodb_table: ["dynamodb:DescribeTable", "dynamodb:StartAwsBackupJob"],
  aws_s3_bucket: ["s3:GetBucketVersioning", "s3:ListBucketVersions", "s3:PutBucketNotification"],
};

export const STORE_BACKUP_CLAIMS: readonly Claim[] = [
  {
    id: "B13",
    title: "Tables and buckets into which tasks write are backed up every six hours, for at least a week, in one of the regions",
    requirementIds: ["S004-7.2", "S004-D8"],
    decide: (graph, stacks) => {
      const written = [...writtenTables(graph), ...dataBuckets(graph)];
      if (written.length === 0) return notApplicable("Tasks write into no table and no bucket.");
      const own = selectionsOf(graph, stacks);
      const faults = [
        ...written.filter((store) => !isCopy(store, stacks)).flatMap((store) => storeFaults(store, own)),
        ...own.flatMap(({ resource }) =>
          graph
            .list(resource.values["resources"])
            .flatMap((arn) => graph.text(arn) ?? [])
            .filter((arn) => !arn.includes("*") && !exists(arn, graph))
            .map((arn) => `${resource.address} selects ${arn}, which this stack does not create.`),
        ),
      ];
      return decided(
        faults,
        written.map(({ resource }) => resource.address),
        "A plan selects each of them, or the one that it is a copy of.",
      );
    },
  },
];

/** Tables in which roles of tasks put items. */
function writtenTables(graph: Graph): readonly Located[] {
  const roles = graph.all("aws_ecs_task_definition").flatMap(({ values }) => roleOf(graph, values["task_role_arn"]) ?? []);
  return everywhere([graph], "aws_dynamodb_table").filter(({ resource }) => {
    const arn = arnIn(graph, resource);
    return arn !== undefined && roles.some((role) => may(graph, role, { action: "dynamodb:PutItem", resource: arn }));
  });
}

/** Whether a bucket gets what tasks of another stack write, from a bucket there that is backed up. */
function isCopy({ graph, resource }: Located | DataBucket, stacks: readonly Graph[]): boolean {
  const name = graph.text(resource.values["bucket"]);
  if (name === undefined) return false;
  return stacks.some((other) =>
    dataBuckets(other)
      .filter((bucket) => bucket.name !== name && replicatesInto(bucket.name, name, stacks))
      .some((bucket) =>
        selectionsOf(other, stacks).some((selection) => notSelected(other, selection.resource, bucket.resource) === undefined),
      ),
  );
}

function replicatesInto(from: string, to: string, stacks: readonly Graph[]): boolean {
  return everywhere(stacks, "aws_s3_bucket_replication_configuration").some(
    ({ graph, resource }) =>
      graph.text(resource.values["bucket"]) === from && JSON.stringify(resource.values["rule"] ?? []).includes(`"arn:aws:s3:::${to}"`),
  );
}

function storeFaults({ graph, resource }: Located, selections: readonly Selection[]): string[] {
  const covering = selections.filter((selection) => notSelected(graph, selection.resource, resource) === undefined);
  if (covering.length === 0) return [`No backup plan selects ${resource.address}, into which tasks write.`];
  const rules = covering.flatMap((selection) => selection.rules);
  const gap = longestGapHours(rules);
  const [brief] = rules.filter(({ days }) => days < LEAST_DAYS);
  const arn = arnIn(graph, resource) ?? "";
  return [
    ...(gap <= MOST_HOURS ? [] : [`${resource.address} is not backed up for ${gap} hours at a time.`]),
    ...(brief ? [`${brief.name} deletes the backups of ${resource.address} after ${brief.days} days.`] : []),
    ...covering.flatMap((selection) => {
      const role = roleOf(graph, selection.resource.values["iam_role_arn"]);
      if (!role) return [`${selection.resource.address} names a role that is not in this JSON.`];
      return (CALLS[resource.type] ?? [])
        .filter((action) => !may(graph, role, { action, resource: arn }))
        .map((action) => `${role.address} may not ${action} on ${arn}.`);
    }),
  ];
}

/** Whether a stack creates what an ARN names, as far as it has resources of that service. */
function exists(arn: string, graph: Graph): boolean {
  return ["aws_rds_cluster", "aws_dynamodb_table", "aws_s3_bucket"].some((type) =>
    graph.all(type).some((one) => arnIn(graph, one) === arn),
  );
}

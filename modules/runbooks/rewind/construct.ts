import { Construct } from "constructs";
import type { Names } from "../../../config/naming";
import { via } from "../../encryption/key";
import type { Statement } from "../../iam/policy";
import { rewindByBacktrack } from "./backtrack-definition";
import type { RestoredCluster } from "./restore-cluster";
import { rewindByRestore, type RewindByRestoreProps } from "./restore-definition";
import { Runbook, type RunbookProps } from "../runbook";

export interface RewindProps extends Omit<RunbookProps, "purpose" | "definition" | "statements" | "runbook"> {
  /** The cluster as Terraform made it. */
  readonly cluster: RestoredCluster & { readonly clusterIdentifier: string };
  /** In place, where the cluster has a backtrack window; else beside the live cluster. */
  readonly by:
    | { readonly kind: "backtrack" }
    | ({ readonly kind: "restore" } & Pick<
        RewindByRestoreProps,
        "backupRetentionDays" | "tags" | "parameters" | "services" | "replicated" | "lifecycleSupport"
      >);
  readonly runbookBaseUrl: string;
}

const SECTION = "database.md#rewind";

/** The runbook that takes the database back to a given second. Its input is `{ "to": "2026-11-21T07:30:00Z" }`. */
export class Rewind extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RewindProps) {
    super(scope, id);
    const { names, by, cluster, alerts } = props;
    const runbookUrl = `${props.runbookBaseUrl}/${SECTION}`;
    const restoredPrefix = restoredClusterPrefix(names);
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "rewind",
      runbook: SECTION,
      definition:
        by.kind === "backtrack"
          ? rewindByBacktrack({ topicArn: alerts.topicArn, clusterIdentifier: cluster.clusterIdentifier, runbookUrl })
          : rewindByRestore({ ...by, topicArn: alerts.topicArn, restoredPrefix, restored: cluster, runbookUrl }),
      statements: by.kind === "backtrack" ? mayBacktrack(props) : mayRestore(props, by, restoredPrefix),
    }).arn;
  }
}

/** What the names of restored clusters begin with; eight letters and digits, and a place, follow. */
function restoredClusterPrefix(names: Names): string {
  return names.of("rds_cluster", "rewind");
}

function mayBacktrack({ region, accountId, cluster }: RewindProps): Statement[] {
  return [
    {
      Sid: "TakeTheClusterBack",
      Action: ["rds:DescribeDBClusters", "rds:BacktrackDBCluster", "rds:DescribeDBClusterBacktracks"],
      Resource: `arn:aws:rds:${region}:${accountId}:cluster:${cluster.clusterIdentifier}`,
    },
  ];
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
function mayRestore(
  { region, accountId, cluster }: RewindProps,
  { parameters, services }: Extract<RewindProps["by"], { kind: "restore" }>,
  restoredPrefix: string,
): Statement[] {
  const rds = `arn:aws:rds:${region}:${accountId}`;
  const restoredClusters = `${rds}:cluster:${restoredPrefix}-*`;
  const restoredInstances = `${rds}:db:${restoredPrefix}-*`;
  return [
    {
      Sid: "LeadTasks",
      Action: ["ssm:GetParameter", "ssm:PutParameter"],
      Resource: Object.values(parameters).map((parameter) => `arn:aws:ssm:${region}:${accountId}:parameter${parameter}`),
    },
    {
      Sid: "RestoreBesideTheLiveCluster",
      Action: ["rds:DescribeDBClusters", "rds:RestoreDBClusterToPointInTime"],
      Resource: [
        `${rds}:cluster:${cluster.clusterIdentifier}`,
        restoredClusters,
        `${rds}:cluster-pg:${cluster.clusterParameterGroup}`,
        `${rds}:subgrp:${cluster.subnetGroup}`,
        `${rds}:og:*`,
      ],
    },
    {
      Sid: "MakeInstances",
      Action: ["rds:CreateDBInstance", "rds:DescribeDBInstances"],
      Resource: [
        restoredClusters,
        restoredInstances,
        `${rds}:pg:${cluster.instanceParameterGroup}`,
        `${rds}:subgrp:${cluster.subnetGroup}`,
        `${rds}:og:*`,
      ],
    },
    { Sid: "TagWhatWasRestored", Action: "rds:AddTagsToResource", Resource: [restoredClusters, restoredInstances] },
    {
      Sid: "TakeBackWhatWasRestored",
      Action: ["rds:DeleteDBInstance", "rds:DeleteDBCluster"],
      Resource: [restoredClusters, restoredInstances, `${rds}:cluster-snapshot:${restoredPrefix}-*`],
    },
    ...(cluster.deletionProtection ? [{ Sid: "ProtectWhatWasRestored", Action: "rds:ModifyDBCluster", Resource: restoredClusters }] : []),
    {
      Sid: "MonitorInstances",
      Action: "iam:PassRole",
      Resource: cluster.monitoringRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
    },
    {
      Sid: "EncryptWhatWasRestored",
      Action: ["kms:CreateGrant", "kms:DescribeKey"],
      Resource: cluster.keyArn,
      Condition: via("rds", region),
    },
    {
      Sid: "RollTasks",
      Action: ["ecs:UpdateService", "ecs:DescribeServices"],
      Resource: services.map(({ cluster, name }) => `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${name}`),
    },
  ];
}

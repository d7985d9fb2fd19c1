import { Construct } from "constructs";
import type { Names } from "../../../config/naming";
import { viaService } from "../../encryption/key";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import { Runbook, type RunbookSettings } from "../runbook";
import { replaceTasksPermissions } from "../service-states";
import { backtrackDefinition } from "./backtrack-definition";
import type { ClusterTemplate, RestoreSettings } from "./restore-common";
import { restoreDefinition } from "./restore-definition";
import type { PasswordSettings } from "./set-password";
import type { ServiceUserSettings } from "./set-service-user";

export interface RewindProps extends RunbookSettings {
  /** The cluster as Terraform created it. */
  readonly cluster: ClusterTemplate & { readonly clusterIdentifier: string };
  /** `backtrack` in place, where the cluster has a backtrack window; otherwise `restore` to a second cluster. */
  readonly method: { readonly kind: "backtrack" } | ({ readonly kind: "restore" } & RestoreSettings);
  /** The secret with the password, and the permissions to read it. @default - RDS manages the password */
  readonly secret: { readonly arn: string; readonly readPermissions: readonly Statement[] } | undefined;
  /** The function that creates the user of the services. @default - there is no such user */
  readonly serviceUser: ServiceUserSettings | undefined;
}

const SECTION = "database.md#rewind";

/** The runbook that takes the database back to a given second. Its input is `{ "to": "2026-11-21T07:30:00Z" }`. */
export class Rewind extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RewindProps) {
    super(scope, id);
    const { names, method, cluster, serviceUser } = props;
    const { clusterIdentifier } = cluster;
    const restoredPrefix = restoredClusterPrefix(names);
    const password = this.password(props, method.kind === "backtrack" ? clusterIdentifier : `${restoredPrefix}-*`);
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "rewind",
      section: SECTION,
      define: (context) =>
        method.kind === "backtrack"
          ? backtrackDefinition({ ...context, clusterIdentifier, password, serviceUser })
          : restoreDefinition({ ...context, ...method, restoredPrefix, template: cluster, password, serviceUser }),
      statements: [
        ...(method.kind === "backtrack" ? backtrackPermissions(props) : restorePermissions(props, method, restoredPrefix)),
        ...(password ? [{ Sid: "SetPassword", Action: "lambda:InvokeFunction", Resource: password.functionArn }] : []),
        ...(serviceUser ? [{ Sid: "SetServiceUser", Action: "lambda:InvokeFunction", Resource: serviceUser.functionArn }] : []),
      ],
    }).arn;
  }

  /** @param clusters identifier of the clusters whose password the function may set, with a wildcard if there are several */
  private password(props: RewindProps, clusters: string): PasswordSettings | undefined {
    const { region, accountId, secret } = props;
    if (!secret) return undefined;
    const { arn: functionArn } = new NodeFunction(this, "password-function", {
      ...props,
      purpose: "set-database-password",
      folder: "modules/runbooks/set-database-password",
      timeoutSeconds: 30,
      environment: { SECRET_ARN: secret.arn },
      statements: [
        ...secret.readPermissions,
        { Sid: "SetPassword", Action: "rds:ModifyDBCluster", Resource: `arn:aws:rds:${region}:${accountId}:cluster:${clusters}` },
      ],
      runbook: SECTION,
    });
    return { functionArn, secretArn: secret.arn };
  }
}

/** First part of the names of restored clusters. Eight letters and digits follow, and a suffix for each instance. */
function restoredClusterPrefix(names: Names): string {
  return names.of("rds_cluster", "rewind");
}

function backtrackPermissions({ region, accountId, cluster }: RewindProps): Statement[] {
  return [
    {
      Sid: "BacktrackCluster",
      Action: ["rds:DescribeDBClusters", "rds:BacktrackDBCluster", "rds:DescribeDBClusterBacktracks"],
      Resource: `arn:aws:rds:${region}:${accountId}:cluster:${cluster.clusterIdentifier}`,
    },
  ];
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html */
function restorePermissions(
  { region, accountId, cluster }: RewindProps,
  { parameters, services }: RestoreSettings,
  restoredPrefix: string,
): Statement[] {
  const rds = `arn:aws:rds:${region}:${accountId}`;
  const restoredClusters = `${rds}:cluster:${restoredPrefix}-*`;
  const restoredInstances = `${rds}:db:${restoredPrefix}-*`;
  return [
    {
      Sid: "UpdateParameters",
      Action: ["ssm:GetParameter", "ssm:PutParameter"],
      Resource: Object.values(parameters).map((parameter) => `arn:aws:ssm:${region}:${accountId}:parameter${parameter}`),
    },
    {
      Sid: "RestoreCluster",
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
      Sid: "CreateInstances",
      Action: ["rds:CreateDBInstance", "rds:DescribeDBInstances"],
      Resource: [
        restoredClusters,
        restoredInstances,
        `${rds}:pg:${cluster.instanceParameterGroup}`,
        `${rds}:subgrp:${cluster.subnetGroup}`,
        `${rds}:og:*`,
      ],
    },
    { Sid: "TagRestoredResources", Action: "rds:AddTagsToResource", Resource: [restoredClusters, restoredInstances] },
    {
      Sid: "DeleteRestoredResources",
      Action: ["rds:DeleteDBInstance", "rds:DeleteDBCluster"],
      Resource: [restoredClusters, restoredInstances, `${rds}:cluster-snapshot:${restoredPrefix}-*`],
    },
    ...(cluster.deletionProtection ? [{ Sid: "ProtectRestoredCluster", Action: "rds:ModifyDBCluster", Resource: restoredClusters }] : []),
    {
      Sid: "PassMonitoringRole",
      Action: "iam:PassRole",
      Resource: cluster.monitoringRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
    },
    {
      Sid: "EncryptRestoredResources",
      Action: ["kms:CreateGrant", "kms:DescribeKey"],
      Resource: cluster.keyArn,
      Condition: viaService("rds", region),
    },
    ...replaceTasksPermissions(region, accountId, services),
  ];
}

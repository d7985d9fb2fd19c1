import { Construct } from "constructs";
import { viaService } from "../../encryption/key";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import { instanceParameters, type InstanceTemplate } from "../instance-parameters";
import { Runbook, type RunbookSettings } from "../runbook";
import { replaceTasksPermissions } from "../service-states";
import type { TakeoverProps } from "./common";
import { regionTakeoverDefinition } from "./definition";

export interface RegionTakeoverProps
  extends RunbookSettings, Pick<TakeoverProps, "globalCluster" | "cluster" | "lagAlarm" | "parameters" | "services"> {
  /** Every region of the platform, in the order in which DNS prefers them. */
  readonly regions: readonly {
    readonly name: string;
    /** Parameter in this region with the id of that region's health check. */
    readonly healthCheckParameter: string;
    /** Parameter in that region that allows or freezes its writes. */
    readonly writesParameter: string;
    readonly clusterArn: string;
  }[];
  /** The first instance to create, where the cluster has none. @default - the cluster has instances */
  readonly firstInstance?:
    | {
        readonly identifier: string;
        readonly zone: string;
        readonly template: InstanceTemplate;
        readonly tags: Readonly<Record<string, string>>;
      }
    | undefined;
}

const SECTION = "region.md#region-takeover";

/**
 * The runbook that makes this region the primary; in the first region, it switches everything back. Every region has one,
 * because a lost region cannot run its own.
 */
export class RegionTakeover extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RegionTakeoverProps) {
    super(scope, id);
    const { arn: functionArn } = this.crossRegionFunction(props);
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "region-takeover",
      section: SECTION,
      define: (context) => regionTakeoverDefinition({ ...props, ...context, functionArn, instance: firstInstanceParameters(props) }),
      statements: [
        { Sid: "MoveDatabase", Action: "lambda:InvokeFunction", Resource: functionArn },
        ...promotionPermissions(props),
        ...switchPermissions(props),
        ...firstInstancePermissions(props),
      ],
    }).arn;
  }

  /** The calls to other regions: Step Functions calls services of its own region only. */
  private crossRegionFunction(props: RegionTakeoverProps): NodeFunction {
    const { accountId, globalCluster, cluster, regions } = props;
    return new NodeFunction(this, "function", {
      ...props,
      purpose: "move-database",
      folder: "modules/runbooks/move-database",
      timeoutSeconds: 30,
      environment: {
        GLOBAL_CLUSTER: globalCluster,
        OWN_CLUSTER_ARN: cluster.arn,
        WRITES_PARAMETERS: JSON.stringify(Object.fromEntries(regions.map(({ name, writesParameter }) => [name, writesParameter]))),
      },
      statements: [
        {
          Sid: "SwitchOver",
          Action: ["rds:DescribeGlobalClusters", "rds:SwitchoverGlobalCluster"],
          Resource: [globalClusterArn(accountId, globalCluster), ...regions.map(({ clusterArn }) => clusterArn)],
        },
        { Sid: "DescribeOwnCluster", Action: "rds:DescribeDBClusters", Resource: cluster.arn },
        {
          Sid: "SetWrites",
          Action: "ssm:PutParameter",
          Resource: regions.map(({ name, writesParameter }) => `arn:aws:ssm:${name}:${accountId}:parameter${writesParameter}`),
        },
      ],
      runbook: SECTION,
    });
  }
}

function firstInstanceParameters({ firstInstance, cluster }: RegionTakeoverProps): TakeoverProps["instance"] {
  if (!firstInstance) return undefined;
  return {
    DbInstanceIdentifier: firstInstance.identifier,
    DbClusterIdentifier: cluster.identifier,
    AvailabilityZone: firstInstance.zone,
    PromotionTier: 0,
    ...instanceParameters(firstInstance.template, firstInstance.tags),
  };
}

function promotionPermissions({ region, accountId, globalCluster, cluster, regions, lagAlarm }: RegionTakeoverProps): Statement[] {
  return [
    {
      Sid: "DescribeLagAlarm",
      Action: "cloudwatch:DescribeAlarms",
      Resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${lagAlarm}`,
    },
    {
      Sid: "FailOver",
      Action: "rds:FailoverGlobalCluster",
      Resource: [globalClusterArn(accountId, globalCluster), ...regions.map(({ clusterArn }) => clusterArn)],
    },
    { Sid: "DescribeDatabase", Action: "rds:DescribeDBClusters", Resource: cluster.arn },
  ];
}

function switchPermissions({ region, accountId, regions, parameters, services }: RegionTakeoverProps): Statement[] {
  const parameter = (name: string): string => `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
  return [
    {
      Sid: "FindHealthChecks",
      Action: "ssm:GetParameter",
      Resource: regions.map(({ healthCheckParameter }) => parameter(healthCheckParameter)),
    },
    { Sid: "UpdateParameters", Action: "ssm:PutParameter", Resource: Object.values(parameters).map(parameter) },
    // The ids are known only after the regions are applied.
    { Sid: "RouteClients", Action: "route53:UpdateHealthCheck", Resource: "arn:aws:route53:::healthcheck/*" },
    {
      Sid: "ScaleServices",
      Action: "application-autoscaling:RegisterScalableTarget",
      Resource: `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/*`,
    },
    ...replaceTasksPermissions(region, accountId, services),
  ];
}

function firstInstancePermissions({ region, accountId, cluster, firstInstance }: RegionTakeoverProps): Statement[] {
  if (!firstInstance) return [];
  const { identifier, template } = firstInstance;
  const rds = `arn:aws:rds:${region}:${accountId}`;
  const instance = `${rds}:db:${identifier}`;
  return [
    {
      Sid: "CreateInstance",
      Action: ["rds:CreateDBInstance", "rds:DescribeDBInstances"],
      Resource: [cluster.arn, instance, `${rds}:pg:${template.instanceParameterGroup}`, `${rds}:subgrp:*`, `${rds}:og:*`],
    },
    { Sid: "TagInstance", Action: "rds:AddTagsToResource", Resource: instance },
    {
      Sid: "PassMonitoringRole",
      Action: "iam:PassRole",
      Resource: template.monitoringRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
    },
    {
      Sid: "EncryptInstance",
      Action: ["kms:CreateGrant", "kms:DescribeKey"],
      Resource: template.keyArn,
      Condition: viaService("rds", region),
    },
  ];
}

/** The ARN of a global cluster has no region. */
function globalClusterArn(accountId: string, name: string): string {
  return `arn:aws:rds::${accountId}:global-cluster:${name}`;
}

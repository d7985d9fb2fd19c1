import { Construct } from "constructs";
import { viaService } from "../../encryption/key";
import type { Statement } from "../../iam/policy";
import { instanceParameters, type InstanceTemplate } from "../instance-parameters";
import { Runbook, type RunbookSettings } from "../runbook";
import { serviceArns } from "../service-states";
import type { TakeoverProps } from "./common";
import { regionTakeoverDefinition } from "./definition";

export interface RegionTakeoverProps
  extends
    RunbookSettings,
    Pick<TakeoverProps, "regions" | "globalCluster" | "cluster" | "functionArn" | "writesParameter" | "services" | "scaledDown"> {
  /** ARNs of the clusters of all regions. */
  readonly clusterArns: readonly string[];
  /** The first instance to create, where the cluster has none. @default - the cluster has instances */
  readonly firstInstance?:
    | {
        readonly identifier: string;
        readonly zone: string;
        readonly maintenanceWindow: string;
        readonly template: InstanceTemplate;
        readonly tags: Readonly<Record<string, string>>;
      }
    | undefined;
}

/** Purpose of the runbook, as part of its name. */
export const TAKEOVER_PURPOSE = "region-takeover";

/**
 * The runbook that makes this region the primary; in the primary region of the configuration, it switches everything back. Every region has one,
 * because a lost region cannot run its own.
 */
export class RegionTakeover extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RegionTakeoverProps) {
    super(scope, id);
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: TAKEOVER_PURPOSE,
      section: "region.md#region-takeover",
      define: (context) => regionTakeoverDefinition({ ...props, ...context, instance: firstInstanceParameters(props) }),
      statements: [
        { Sid: "CallOtherRegions", Action: "lambda:InvokeFunction", Resource: props.functionArn },
        ...promotionPermissions(props),
        ...completionPermissions(props),
        ...firstInstancePermissions(props),
      ],
    }).arn;
  }
}

function firstInstanceParameters({ firstInstance, cluster }: RegionTakeoverProps): TakeoverProps["instance"] {
  if (!firstInstance) return undefined;
  return {
    DbInstanceIdentifier: firstInstance.identifier,
    DbClusterIdentifier: cluster.identifier,
    AvailabilityZone: firstInstance.zone,
    PromotionTier: 0,
    PreferredMaintenanceWindow: firstInstance.maintenanceWindow,
    ...instanceParameters(firstInstance.template, firstInstance.tags),
  };
}

function promotionPermissions({ region, accountId, globalCluster, clusterArns, scaledDown }: RegionTakeoverProps): Statement[] {
  return [
    // The ARN of a global cluster has no region.
    {
      Sid: "FailOver",
      Action: "rds:FailoverGlobalCluster",
      Resource: [`arn:aws:rds::${accountId}:global-cluster:${globalCluster}`, ...clusterArns],
    },
    ...(scaledDown
      ? [
          {
            Sid: "ScaleServices",
            Action: "application-autoscaling:RegisterScalableTarget",
            Resource: `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/*`,
          },
          {
            Sid: "DescribeScaling",
            Action: "application-autoscaling:DescribeScalableTargets",
            everyResourceBecause: "DescribeScalableTargets has no resource type",
          },
        ]
      : []),
  ];
}

function completionPermissions({ region, accountId, writesParameter, services }: RegionTakeoverProps): Statement[] {
  return [
    { Sid: "AllowWrites", Action: "ssm:PutParameter", Resource: `arn:aws:ssm:${region}:${accountId}:parameter${writesParameter}` },
    { Sid: "AwaitTasks", Action: "ecs:DescribeServices", Resource: serviceArns(region, accountId, services) },
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
      Action: ["rds:CreateDBInstance", "rds:DescribeDBInstances", "rds:DescribeDBClusters"],
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

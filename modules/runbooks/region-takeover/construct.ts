import { Construct } from "constructs";
import { via } from "../../encryption/key";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import { type InstanceBlueprint, newInstance } from "../instance-parameters";
import { Runbook, type RunbookProps } from "../runbook";
import { takeOver, type TakeOverProps } from "./definition";

export interface RegionTakeoverProps
  extends
    Omit<RunbookProps, "purpose" | "definition" | "statements" | "runbook">,
    Pick<TakeOverProps, "globalCluster" | "lagAlarm" | "parameters" | "services"> {
  /** Every region of the platform, in the order in which DNS prefers them, with its own parameters and cluster. */
  readonly regions: readonly {
    readonly name: string;
    /** Parameter of this region that holds the id of that region's health check. */
    readonly healthCheckParameter: string;
    /** Parameter of that region that says whether its program may write. */
    readonly writesParameter: string;
    readonly clusterArn: string;
  }[];
  readonly cluster: TakeOverProps["cluster"];
  /** How to make a first instance, where the cluster has none. */
  readonly firstInstance?:
    | {
        readonly identifier: string;
        readonly zone: string;
        readonly blueprint: InstanceBlueprint;
        readonly tags: Readonly<Record<string, string>>;
      }
    | undefined;
  readonly runbookBaseUrl: string;
}

const SECTION = "region.md#take-over";

/**
 * The runbook that makes this region the one that writes and serves, and in the first region leads everything back. It
 * stands in every region: the one that is lost could not run its own.
 */
export class RegionTakeover extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RegionTakeoverProps) {
    super(scope, id);
    const { region, alerts, firstInstance, cluster } = props;
    const move = this.moveDatabase(props);
    this.arn = new Runbook(this, "runbook", {
      ...props,
      purpose: "take-over",
      runbook: SECTION,
      definition: takeOver({
        ...props,
        topicArn: alerts.topicArn,
        functionArn: move.arn,
        instance: firstInstance && {
          DbInstanceIdentifier: firstInstance.identifier,
          DbClusterIdentifier: cluster.identifier,
          AvailabilityZone: firstInstance.zone,
          PromotionTier: 0,
          ...newInstance(firstInstance.blueprint, firstInstance.tags),
        },
        runbookUrl: `${props.runbookBaseUrl}/${SECTION}`,
      }),
      statements: [
        { Sid: "MoveDatabase", Action: "lambda:InvokeFunction", Resource: move.arn },
        ...mayPromote(props),
        ...mayLead(props),
        ...(firstInstance ? mayMakeInstance(region, props.accountId, cluster.arn, firstInstance) : []),
      ],
    }).arn;
  }

  /** What reaches beyond the region: Step Functions calls services of its own region only. */
  private moveDatabase(props: RegionTakeoverProps): NodeFunction {
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
        { Sid: "AskOwnCluster", Action: "rds:DescribeDBClusters", Resource: cluster.arn },
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

function mayPromote({ region, accountId, globalCluster, cluster, regions, lagAlarm }: RegionTakeoverProps): Statement[] {
  return [
    { Sid: "AskForLag", Action: "cloudwatch:DescribeAlarms", Resource: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${lagAlarm}` },
    {
      Sid: "FailOver",
      Action: "rds:FailoverGlobalCluster",
      Resource: [globalClusterArn(accountId, globalCluster), ...regions.map(({ clusterArn }) => clusterArn)],
    },
    { Sid: "AskDatabase", Action: "rds:DescribeDBClusters", Resource: cluster.arn },
  ];
}

function mayLead({ region, accountId, regions, parameters, services }: RegionTakeoverProps): Statement[] {
  const parameter = (name: string): string => `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
  return [
    {
      Sid: "FindHealthChecks",
      Action: "ssm:GetParameter",
      Resource: regions.map(({ healthCheckParameter }) => parameter(healthCheckParameter)),
    },
    { Sid: "LeadTasks", Action: "ssm:PutParameter", Resource: Object.values(parameters).map(parameter) },
    // Their ids are known only once the regions stand.
    { Sid: "LeadClients", Action: "route53:UpdateHealthCheck", Resource: "arn:aws:route53:::healthcheck/*" },
    {
      Sid: "ScaleServices",
      Action: "application-autoscaling:RegisterScalableTarget",
      Resource: `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/*`,
    },
    {
      Sid: "RollTasks",
      Action: ["ecs:UpdateService", "ecs:DescribeServices"],
      Resource: services.map(({ cluster, name }) => `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${name}`),
    },
  ];
}

function mayMakeInstance(
  region: string,
  accountId: string,
  clusterArn: string,
  { identifier, blueprint }: NonNullable<RegionTakeoverProps["firstInstance"]>,
): Statement[] {
  const rds = `arn:aws:rds:${region}:${accountId}`;
  const instance = `${rds}:db:${identifier}`;
  return [
    {
      Sid: "MakeInstance",
      Action: ["rds:CreateDBInstance", "rds:DescribeDBInstances"],
      Resource: [clusterArn, instance, `${rds}:pg:${blueprint.instanceParameterGroup}`, `${rds}:subgrp:*`, `${rds}:og:*`],
    },
    { Sid: "TagInstance", Action: "rds:AddTagsToResource", Resource: instance },
    {
      Sid: "MonitorInstance",
      Action: "iam:PassRole",
      Resource: blueprint.monitoringRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
    },
    {
      Sid: "EncryptInstance",
      Action: ["kms:CreateGrant", "kms:DescribeKey"],
      Resource: blueprint.keyArn,
      Condition: via("rds", region),
    },
  ];
}

/** A global cluster is in no region. */
function globalClusterArn(accountId: string, name: string): string {
  return `arn:aws:rds::${accountId}:global-cluster:${name}`;
}

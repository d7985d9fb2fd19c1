import { Construct } from "constructs";
import { NodeFunction } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import { type EcsService, serviceArns } from "../service-states";
import {
  globalClusterArn,
  holdPermissions,
  listTakeoversPermissions,
  parameterArn,
  readMetricsPermissions,
  REGION_FUNCTIONS,
  type RegionFunctionProps,
  regionVariables,
} from "./region-function";

export interface RegionControlProps extends RegionFunctionProps {
  /** Services that must run before a switchover to this region, with their minimum of tasks. */
  readonly services: readonly (EcsService & { readonly tasks: number; readonly targetGroupArn: string | undefined })[];
  /** vCPUs of all tasks in a primary region, at their minimum. */
  readonly primaryVcpus: number;
}

/** A switchover freezes writes for about as long as the lag, so it starts only below this one. */
const MAX_SWITCHOVER_LAG_MILLISECONDS = 5000;

/** The function with which a region takeover calls other regions: Step Functions calls services of its own region only. */
export class RegionControl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: RegionControlProps) {
    super(scope, id);
    this.arn = new NodeFunction(this, "function", {
      ...props,
      ...REGION_FUNCTIONS,
      purpose: "region-control",
      timeoutSeconds: 30,
      environment: {
        ...regionVariables(props, props.regions),
        MAX_SWITCHOVER_LAG_MILLISECONDS: String(MAX_SWITCHOVER_LAG_MILLISECONDS),
        SERVICES: JSON.stringify(props.services),
        PRIMARY_VCPUS: String(props.primaryVcpus),
      },
      statements: [...databasePermissions(props), ...regionPermissions(props), ...readinessPermissions(props)],
      runbook: "region.md#region-takeover",
    }).arn;
  }
}

function databasePermissions({ accountId, globalCluster, regions }: RegionControlProps): Statement[] {
  const clusters = regions.map(({ clusterArn }) => clusterArn);
  return [
    {
      Sid: "SwitchOver",
      Action: ["rds:DescribeGlobalClusters", "rds:SwitchoverGlobalCluster"],
      Resource: [globalClusterArn(accountId, globalCluster), ...clusters],
    },
    { Sid: "DescribeClusters", Action: "rds:DescribeDBClusters", Resource: clusters },
  ];
}

function regionPermissions({ accountId, regions }: RegionControlProps): Statement[] {
  return [
    {
      Sid: "SetWrites",
      Action: "ssm:PutParameter",
      Resource: regions.map(({ name, writesParameter }) => parameterArn(accountId, name, writesParameter)),
    },
    {
      Sid: "FindRestoredCluster",
      Action: "ssm:GetParameter",
      Resource: regions.map(({ name, identifierParameter }) => parameterArn(accountId, name, identifierParameter)),
    },
    ...holdPermissions(accountId, regions),
    ...listTakeoversPermissions(regions),
  ];
}

function readinessPermissions({ region, accountId, regions, services }: RegionControlProps): Statement[] {
  const alarms = regions.flatMap(({ name, canaryAlarm }) =>
    name === region || canaryAlarm === undefined ? [] : [`arn:aws:cloudwatch:${name}:${accountId}:alarm:*`],
  );
  return [
    ...readMetricsPermissions(),
    ...(alarms.length === 0
      ? []
      : [
          // DescribeAlarms is authorized against all alarms of a region.
          { Sid: "DescribeCanaryAlarms", Action: "cloudwatch:DescribeAlarms", Resource: alarms },
        ]),
    {
      Sid: "ReadQuota",
      Action: ["servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"],
      everyResourceBecause: "reading a quota is not restricted to single quotas",
    },
    ...(services.length === 0
      ? []
      : [
          {
            Sid: "DescribeTargets",
            Action: "elasticloadbalancing:DescribeTargetHealth",
            everyResourceBecause: "DescribeTargetHealth has no resource type",
          },
          { Sid: "DescribeServices", Action: "ecs:DescribeServices", Resource: serviceArns(region, accountId, services) },
        ]),
  ];
}

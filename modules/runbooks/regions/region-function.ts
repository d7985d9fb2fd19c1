import { HOLD_PATH, holdResponse } from "../../../config/dns-hold";
import type { RegionScope } from "../../../config/naming";
import type { NodeFunctionProps } from "../../functions/node-function";
import type { Statement } from "../../iam/policy";
import type { Alerts } from "../../monitoring/alerts";
import type { LogSettings } from "../../monitoring/log-group";

/** One region of the platform, as the functions of every region know it. */
export interface PlatformRegion {
  readonly name: string;
  /** Parameter that allows or freezes the writes of its services. */
  readonly writesParameter: string;
  /** Parameter with the identifier of the cluster that its tasks use. */
  readonly identifierParameter: string;
  readonly clusterIdentifier: string;
  readonly clusterArn: string;
  /** Load balancer whose listener rule holds DNS. Undefined in the primary region of the configuration, which DNS prefers anyway. */
  readonly holdLoadBalancer: string | undefined;
  /** State machine of its region takeover. Undefined without runbooks. */
  readonly takeoverArn: string | undefined;
  /** Alarm of the canary in that region that requests this region. Undefined without canaries. */
  readonly canaryAlarm: string | undefined;
}

export interface RegionFunctionProps extends RegionScope, LogSettings {
  /** Every region of the platform, in the order in which DNS prefers them. */
  readonly regions: readonly PlatformRegion[];
  /** Identifier of the global cluster. */
  readonly globalCluster: string;
  /** ARN of the KMS key of the environment variables. */
  readonly keyArn: string;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

/** Source of the functions that operate on several regions. */
export const REGION_FUNCTIONS: Pick<NodeFunctionProps, "folder"> = { folder: "modules/runbooks/region-control" };

export function ownRegion({ regions, region }: RegionFunctionProps): PlatformRegion {
  const own = regions.find(({ name }) => name === region);
  if (!own) throw new Error(`${region} is not a region of the platform`);
  return own;
}

/** The variables that both functions read. @param regions the regions that the function calls */
export function regionVariables(props: RegionFunctionProps, regions: readonly PlatformRegion[]): Record<string, string> {
  const own = ownRegion(props);
  return {
    GLOBAL_CLUSTER: props.globalCluster,
    OWN_CLUSTER: own.clusterIdentifier,
    OWN_CLUSTER_ARN: own.clusterArn,
    HOLD: JSON.stringify({ path: HOLD_PATH, held: holdResponse(true), released: holdResponse(false) }),
    REGIONS: JSON.stringify(Object.fromEntries(regions.map(regionEntry))),
  };
}

/** A region as the function reads it, by its name. */
function regionEntry(region: PlatformRegion): [string, object] {
  const { writesParameter, identifierParameter, clusterIdentifier, holdLoadBalancer, takeoverArn, canaryAlarm } = region;
  return [region.name, { writesParameter, identifierParameter, clusterIdentifier, holdLoadBalancer, takeoverArn, canaryAlarm }];
}

/** Permissions to switch the holds of regions. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */
export function holdPermissions(accountId: string, regions: readonly PlatformRegion[]): Statement[] {
  const holds = regions.filter(({ holdLoadBalancer }) => holdLoadBalancer !== undefined);
  if (holds.length === 0) return [];
  return [
    {
      Sid: "FindHold",
      Action: [
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
      ],
      everyResourceBecause: "these actions have no resource type",
    },
    {
      Sid: "SwitchHold",
      Action: "elasticloadbalancing:ModifyRule",
      Resource: holds.map(
        ({ name, holdLoadBalancer }) => `arn:aws:elasticloadbalancing:${name}:${accountId}:listener-rule/app/${holdLoadBalancer}/*`,
      ),
    },
  ];
}

/** Permissions to find running takeovers of regions. */
export function listTakeoversPermissions(regions: readonly PlatformRegion[]): Statement[] {
  const machines = regions.flatMap(({ takeoverArn }) => (takeoverArn === undefined ? [] : [takeoverArn]));
  return machines.length === 0 ? [] : [{ Sid: "ListTakeovers", Action: "states:ListExecutions", Resource: machines }];
}

export function readMetricsPermissions(): Statement[] {
  return [
    { Sid: "ReadMetrics", Action: "cloudwatch:GetMetricStatistics", everyResourceBecause: "GetMetricStatistics has no resource type" },
  ];
}

export function parameterArn(accountId: string, region: string, parameter: string): string {
  return `arn:aws:ssm:${region}:${accountId}:parameter${parameter}`;
}

/** The ARN of a global cluster has no region. */
export function globalClusterArn(accountId: string, name: string): string {
  return `arn:aws:rds::${accountId}:global-cluster:${name}`;
}

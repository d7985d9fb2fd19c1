import { Construct } from "constructs";
import type { Statement } from "../../iam/policy";
import { Runbook, type RunbookSettings } from "../runbook";
import { serviceArns } from "../service-states";
import type { HealthCheckTargets } from "./checks";
import { healthCheckDefinition } from "./definition";

export interface HealthCheckProps extends RunbookSettings, HealthCheckTargets {
  /** Schedule expression of executions. @default - none */
  readonly schedule?: string | undefined;
}

/** The runbook that checks the health of every part of a region. It takes no input and changes nothing. */
export class HealthCheck extends Construct {
  readonly runbook: Runbook;

  constructor(scope: Construct, id: string, props: HealthCheckProps) {
    super(scope, id);
    this.runbook = new Runbook(this, "runbook", {
      ...props,
      purpose: "health-check",
      section: "operations.md#health-check",
      define: (context) => healthCheckDefinition({ ...props, ...context }),
      statements: [...servicePermissions(props), ...databasePermissions(props), ...cachePermissions(props)],
    });
  }
}

/** A pilot light runs no service, so there is none to check. */
function servicePermissions({ region, accountId, services }: HealthCheckProps): Statement[] {
  if (services.length === 0) return [];
  return [
    { Sid: "DescribeServices", Action: "ecs:DescribeServices", Resource: serviceArns(region, accountId, services) },
    {
      Sid: "DescribeTargetHealth",
      Action: "elasticloadbalancing:DescribeTargetHealth",
      everyResourceBecause: "DescribeTargetHealth has no resource type",
    },
  ];
}

function databasePermissions({ region, accountId, database }: HealthCheckProps): Statement[] {
  return [
    { Sid: "FindDatabase", Action: "ssm:GetParameter", Resource: `arn:aws:ssm:${region}:${accountId}:parameter${database.parameter}` },
    // Every cluster of the region: a rewind may have switched to another one.
    { Sid: "DescribeDatabase", Action: "rds:DescribeDBClusters", Resource: `arn:aws:rds:${region}:${accountId}:cluster:*` },
  ];
}

function cachePermissions({ region, accountId, cache }: HealthCheckProps): Statement[] {
  if (!cache) return [];
  return [
    {
      Sid: "DescribeCache",
      Action: "elasticache:DescribeReplicationGroups",
      Resource: `arn:aws:elasticache:${region}:${accountId}:replicationgroup:${cache.replicationGroup}`,
    },
  ];
}

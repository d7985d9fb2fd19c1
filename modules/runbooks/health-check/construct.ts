import { Construct } from "constructs";
import { checkHealth, type CheckHealthProps } from "./definition";
import { Runbook, type RunbookProps } from "../runbook";

export interface HealthCheckProps
  extends
    Omit<RunbookProps, "purpose" | "definition" | "statements" | "runbook">,
    Pick<CheckHealthProps, "services" | "targetGroups" | "database" | "cache"> {
  readonly runbookBaseUrl: string;
}

const SECTION = "operations.md#health-check";

/** The runbook that asks every part of a region whether it is well. It takes no input and changes nothing. */
export class HealthCheck extends Construct {
  readonly runbook: Runbook;

  constructor(scope: Construct, id: string, props: HealthCheckProps) {
    super(scope, id);
    const { region, accountId, alerts, services, database, cache } = props;
    this.runbook = new Runbook(this, "runbook", {
      ...props,
      purpose: "check-health",
      runbook: SECTION,
      definition: checkHealth({ ...props, topicArn: alerts.topicArn, runbookUrl: `${props.runbookBaseUrl}/${SECTION}` }),
      statements: [
        // A pilot light runs no service that could be asked.
        ...(services.length > 0
          ? [
              {
                Sid: "AskServices",
                Action: "ecs:DescribeServices",
                Resource: services.map(({ cluster, name }) => `arn:aws:ecs:${region}:${accountId}:service/${cluster}/${name}`),
              },
              {
                Sid: "AskLoadBalancer",
                Action: "elasticloadbalancing:DescribeTargetHealth",
                everyResourceBecause: "the load balancer checks it against no resource",
              },
            ]
          : []),
        { Sid: "FindDatabase", Action: "ssm:GetParameter", Resource: `arn:aws:ssm:${region}:${accountId}:parameter${database.parameter}` },
        // Whichever cluster is live: a rewind may have made another one.
        { Sid: "AskDatabase", Action: "rds:DescribeDBClusters", Resource: `arn:aws:rds:${region}:${accountId}:cluster:*` },
        ...(cache
          ? [
              {
                Sid: "AskCache",
                Action: "elasticache:DescribeReplicationGroups",
                Resource: `arn:aws:elasticache:${region}:${accountId}:replicationgroup:${cache.replicationGroup}`,
              },
            ]
          : []),
      ],
    });
  }
}

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { NoSuchResourceException, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { jest } from "@jest/globals";

interface Client {
  readonly config: { readonly region: () => Promise<string> };
}
interface Command {
  readonly input: object;
}
type Send = (this: Client, command: Command) => Promise<object>;

export const REGIONS = ["us-east-1", "us-west-2", "eu-west-1"];
export const clusterIn = (region: string): string => `arn:aws:rds:${region}:123456789012:cluster:aurora-pr-42-${region}`;
export const machineIn = (region: string): string => `arn:aws:states:${region}:123456789012:stateMachine:runbook-region-takeover-pr-42`;
export const executionIn = (region: string, name: string): string =>
  `${machineIn(region).replace(":stateMachine:", ":execution:")}:${name}`;
export const writesIn = (region: string): string => `/standfast/pr-42/${region}/service/writes`;
export const identifierIn = (region: string): string => `/standfast/pr-42/${region}/database/cluster-identifier`;

/** The variables of the functions of us-west-2, with the first two regions or with all three. */
export function variables(regions: readonly string[] = REGIONS.slice(0, 2)): Record<string, string> {
  const settings = regions.map((region, index) => [
    region,
    {
      writesParameter: writesIn(region),
      identifierParameter: identifierIn(region),
      clusterIdentifier: `aurora-pr-42-${region}`,
      ...(index > 0 && { holdLoadBalancer: "alb-pr-42" }),
      takeoverArn: machineIn(region),
      ...(region !== "us-west-2" && { canaryAlarm: "alarm-canary-us-west-2-pr-42" }),
    },
  ]);
  return {
    AWS_REGION: "us-west-2",
    GLOBAL_CLUSTER: "global-database-pr-42",
    OWN_CLUSTER: "aurora-pr-42-us-west-2",
    OWN_CLUSTER_ARN: clusterIn("us-west-2"),
    REGIONS: JSON.stringify(Object.fromEntries(settings)),
    HOLD: JSON.stringify({ path: "/hold", held: { StatusCode: "200" }, released: { StatusCode: "404" } }),
    MAX_SWITCHOVER_LAG_MILLISECONDS: "5000",
    SERVICES: JSON.stringify([{ cluster: "ecs-pr-42", name: "service-pr-42", tasks: 6, targetGroupArn: "targets" }]),
    PRIMARY_VCPUS: "3",
    ENVIRONMENT_SUFFIX: "pr-42",
    SERVICE_DOMAIN: "pay.bank.test",
    REGION_DOMAIN: "us-west-2.pay.bank.test",
    OWN_INSTANCES: "3",
    METRIC_NAMESPACE: "Standfast",
    WRITER_TAG: "standfast:writer",
    WRITER_TAG_VALUE: "true",
  };
}

/** AWS as the functions of us-west-2 see it, in every region. */
export class FakeSdk {
  /** The calls, as [region, operation, input]. */
  readonly calls: [string, string, object][] = [];
  writer = "us-east-1";
  readonly lostRegions = new Set<string>();
  /** Regions that never answer. */
  readonly silentRegions = new Set<string>();
  readonly parameters = new Map<string, string>();
  /** Regions that hold DNS. */
  readonly holds = new Set<string>();
  readonly executions: { executionArn: string; startDate: Date }[] = [];
  readonly versions: Record<string, string> = {};
  /** Tags of the own cluster. */
  tags: { Key: string; Value: string }[] = [{ Key: "EnvironmentSuffix", Value: "pr-42" }];
  running = 6;
  healthyTargets = 6;
  /** Quota of vCPUs of the account. Undefined if it was never changed from AWS's default. */
  quota: number | undefined = 100;
  canaryState = "OK";
  /** Values of the latest minutes, by metric. */
  readonly metrics = new Map<string, number>([["AuroraGlobalDBReplicationLag", 120]]);
  /** Published values, by metric. */
  readonly published = new Map<string, number>();

  /** @param regions that have parameters */
  constructor(regions: readonly string[] = REGIONS) {
    for (const region of regions) {
      this.parameters.set(writesIn(region), region === this.writer ? "allowed" : "frozen");
      this.parameters.set(identifierIn(region), `aurora-pr-42-${region}`);
    }
  }

  install(): this {
    const answer = (region: string, command: Command): object => this.answer(region, command);
    const { calls, silentRegions } = this;
    for (const client of [RDSClient, SSMClient, ElasticLoadBalancingV2Client, SFNClient, CloudWatchClient, ECSClient, ServiceQuotasClient])
      jest.spyOn(client.prototype as unknown as { send: Send }, "send").mockImplementation(async function (this: Client, command) {
        const region = await this.config.region();
        calls.push([region, command.constructor.name, command.input]);
        if (silentRegions.has(region)) return new Promise<object>(() => undefined);
        return answer(region, command);
      });
    return this;
  }

  /** The operations that change something, with their region. */
  changes(): string[] {
    return this.calls
      .filter(([, operation]) => /^(Put|Modify|Switchover)/.test(operation) && operation !== "PutMetricDataCommand")
      .map(([region, operation]) => `${region} ${operation}`);
  }

  private answer(region: string, command: Command): object {
    if (this.lostRegions.has(region)) throw Object.assign(new Error(`${region} does not respond`), { name: "TimeoutError" });
    const input = command.input as Record<string, unknown>;
    switch (command.constructor.name) {
      case "DescribeGlobalClustersCommand":
        return { GlobalClusters: [this.globalCluster()] };
      case "DescribeDBClustersCommand":
        return { DBClusters: [{ EngineVersion: this.versions[region] ?? "16.8", Status: "available", TagList: this.tags }] };
      case "AddTagsToResourceCommand":
        this.tags.push(...(input["Tags"] as { Key: string; Value: string }[]));
        return {};
      case "RemoveTagsFromResourceCommand":
        this.tags = this.tags.filter(({ Key }) => !(input["TagKeys"] as string[]).includes(Key));
        return {};
      case "GetParameterCommand":
        return { Parameter: { Value: this.parameters.get(String(input["Name"])) } };
      case "PutParameterCommand":
        this.parameters.set(String(input["Name"]), String(input["Value"]));
        return {};
      case "DescribeLoadBalancersCommand":
        return { LoadBalancers: [{ LoadBalancerArn: `balancer-${region}` }] };
      case "DescribeListenersCommand":
        return {
          Listeners: [
            { Protocol: "HTTP", ListenerArn: "plain" },
            { Protocol: "HTTPS", ListenerArn: `https-${region}` },
          ],
        };
      case "DescribeRulesCommand":
        return { Rules: [{ RuleArn: "default" }, this.holdRule(region)] };
      case "ModifyRuleCommand":
        return this.modifyRule(region, input);
      case "ListExecutionsCommand":
        return { executions: this.executions.filter(({ executionArn }) => executionArn.split(":")[3] === region) };
      case "DescribeServicesCommand":
        return { services: [{ runningCount: this.running }] };
      case "DescribeTargetHealthCommand":
        return {
          TargetHealthDescriptions: Array.from({ length: 6 }, (_, index) => ({
            TargetHealth: { State: index < this.healthyTargets ? "healthy" : "unhealthy" },
          })),
        };
      case "GetServiceQuotaCommand":
        if (this.quota === undefined) throw new NoSuchResourceException({ message: "no applied quota", $metadata: {} });
        return { Quota: { Value: this.quota } };
      case "GetAWSDefaultServiceQuotaCommand":
        return { Quota: { Value: 6 } };
      case "DescribeAlarmsCommand":
        return { MetricAlarms: [{ StateValue: this.canaryState }] };
      case "GetMetricStatisticsCommand":
        return this.statistics(String(input["MetricName"]), (input["Statistics"] as string[])[0] ?? "");
      case "PutMetricDataCommand":
        for (const { MetricName, Value } of input["MetricData"] as { MetricName: string; Value: number }[])
          this.published.set(MetricName, Value);
        return {};
      default:
        return {};
    }
  }

  private globalCluster(): object {
    return {
      Status: "available",
      GlobalClusterMembers: REGIONS.map((region) => ({ DBClusterArn: clusterIn(region), IsWriter: region === this.writer })),
    };
  }

  private holdRule(region: string): object {
    const StatusCode = this.holds.has(region) ? "200" : "404";
    return {
      RuleArn: `hold-${region}`,
      Conditions: [{ Field: "path-pattern", Values: ["/hold"] }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode } }],
    };
  }

  private modifyRule(region: string, { RuleArn, Actions }: Record<string, unknown>): object {
    if (RuleArn !== `hold-${region}`) throw new Error(`${String(RuleArn)} is not the rule of the hold`);
    const [action] = Actions as { FixedResponseConfig: { StatusCode: string } }[];
    if (action?.FixedResponseConfig.StatusCode === "200") this.holds.add(region);
    else this.holds.delete(region);
    return {};
  }

  private statistics(metric: string, statistic: string): object {
    const value = this.metrics.get(metric);
    const at = (seconds: number) => new Date(Date.now() - seconds * 1000);
    return {
      Datapoints:
        value === undefined
          ? []
          : [
              { Timestamp: at(60), [statistic]: value },
              { Timestamp: at(180), [statistic]: value + 1e6 },
            ],
    };
  }
}

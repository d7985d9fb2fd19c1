import { CloudWatchClient, GetMetricStatisticsCommand, type Statistic } from "@aws-sdk/client-cloudwatch";
import { DescribeAddressesCommand, EC2Client, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client, paginateDescribeLoadBalancers } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ElastiCacheClient, paginateDescribeCacheClusters } from "@aws-sdk/client-elasticache";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { paginateDescribeDBClusters, paginateDescribeDBInstances, RDSClient } from "@aws-sdk/client-rds";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  type ServiceQuota,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { retryOptions } from "../verify/aws";
import type { Examination, Finding } from "./finding";
import type { QuotaNeed } from "./needs";

const DAY_MS = 86_400_000;

/** Whether the quotas of a region are enough for what the platform needs beside what is there. */
export class Quotas {
  private readonly client: { readonly region: string } & typeof retryOptions;
  private readonly quotas: ServiceQuotasClient;

  /** @param deployed whether the environment exists, so that what it needs is in use already */
  constructor(
    private readonly region: string,
    private readonly deployed: () => Promise<boolean>,
  ) {
    this.client = { region, ...retryOptions };
    this.quotas = new ServiceQuotasClient(this.client);
  }

  examination(need: QuotaNeed): Examination {
    return {
      scope: this.region,
      need: `The quota of ${need.what}, of which the platform needs ${need.needed}`,
      examine: async () => {
        const quota = await this.quota(need);
        const used = need.counts === "resource" ? 0 : await this.used(need, quota);
        return quotaFinding(need, quota.Value ?? 0, used, need.counts === "region" && (await this.deployed()), this.region);
      },
    };
  }

  /** The quota that is applied, or the default of AWS if none was ever changed. */
  private async quota({ service: ServiceCode, code: QuotaCode }: QuotaNeed): Promise<ServiceQuota> {
    try {
      return (await this.quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota ?? {};
    } catch (error) {
      if ((error as Error).name !== "NoSuchResourceException") throw error;
      return (await this.quotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota ?? {};
    }
  }

  private async used({ code }: QuotaNeed, quota: ServiceQuota): Promise<number> {
    const count = COUNTS[code];
    if (count) return count(this.client);
    const { MetricNamespace, MetricName, MetricDimensions = {}, MetricStatisticRecommendation = "Maximum" } = quota.UsageMetric ?? {};
    if (MetricNamespace === undefined || MetricName === undefined) return 0;
    const { Datapoints = [] } = await new CloudWatchClient(this.client).send(
      new GetMetricStatisticsCommand({
        Namespace: MetricNamespace,
        MetricName,
        Dimensions: Object.entries(MetricDimensions).map(([Name, Value]) => ({ Name, Value })),
        Statistics: [MetricStatisticRecommendation as Statistic],
        Period: 300,
        StartTime: new Date(Date.now() - DAY_MS),
        EndTime: new Date(),
      }),
    );
    return Math.max(0, ...Datapoints.map(({ Maximum, Sum, Average }) => Maximum ?? Sum ?? Average ?? 0));
  }
}

/** What there is, by the code of the quota. Quotas that are not here have a metric of their use. */
const COUNTS: Readonly<Record<string, (client: { readonly region: string }) => Promise<number>>> = {
  "L-0263D0A3": async (client) => (await new EC2Client(client).send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0,
  "L-F678F1CE": (client) => counted(paginateDescribeVpcs({ client: new EC2Client(client) }, {}), ({ Vpcs = [] }) => Vpcs.length),
  "L-53DA6B97": (client) =>
    counted(
      paginateDescribeLoadBalancers({ client: new ElasticLoadBalancingV2Client(client) }, {}),
      ({ LoadBalancers = [] }) => LoadBalancers.filter(({ Type }) => Type === "application").length,
    ),
  "L-952B80B8": (client) =>
    counted(paginateDescribeDBClusters({ client: new RDSClient(client) }, {}), ({ DBClusters = [] }) => DBClusters.length),
  "L-7B6409FD": (client) =>
    counted(paginateDescribeDBInstances({ client: new RDSClient(client) }, {}), ({ DBInstances = [] }) => DBInstances.length),
  "L-DFE45DF3": (client) =>
    counted(paginateDescribeCacheClusters({ client: new ElastiCacheClient(client) }, {}), ({ CacheClusters = [] }) =>
      CacheClusters.reduce((sum, { NumCacheNodes = 0 }) => sum + NumCacheNodes, 0),
    ),
  "L-244521F2": async (client) => {
    const events = new EventBridgeClient(client);
    let [count, NextToken]: [number, string | undefined] = [0, undefined];
    do {
      const page: { readonly Rules?: unknown[] | undefined; readonly NextToken?: string | undefined } = await events.send(
        new ListRulesCommand({ NextToken }),
      );
      count += page.Rules?.length ?? 0;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return count;
  },
};

async function counted<Page>(pages: AsyncIterable<Page>, count: (page: Page) => number): Promise<number> {
  let sum = 0;
  for await (const page of pages) sum += count(page);
  return sum;
}

/**
 * @param used in the region, by everything in the account
 * @param deployed whether a part of that is the platform itself
 */
export function quotaFinding(
  { service, code, needed, because }: QuotaNeed,
  quota: number,
  used: number,
  deployed: boolean,
  region: string,
): Omit<Finding, "scope" | "need"> {
  const total = deployed ? Math.max(used, needed) : used + needed;
  const found = [`${quota} allowed, ${used} in use`, ...(because === undefined ? [] : [because])].join("; ");
  if (total <= quota) return { result: "ready", found };
  return {
    result: "problem",
    found,
    cure: `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${Math.ceil(total)} --region ${region}`,
  };
}

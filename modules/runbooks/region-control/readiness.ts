import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  NoSuchResourceException,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { describeCluster, inspect } from "./global-database";
import { latestLag } from "./lag";
import { clientOptions, otherRegions, ownRegion, regionSettings, requiredVariable, settingsOf } from "./settings";

export interface Readiness {
  readonly status: "ready" | "not-ready";
  /** Reasons against a switchover, in sentences. Empty when there is none. */
  readonly problems: string;
  /** Lag of this region behind the primary, in milliseconds; -1 when CloudWatch has no value. */
  readonly lagMilliseconds: number;
}

/** Services that must run in this region before it takes over, with their minimum of tasks, and their target groups. */
interface RunningService {
  readonly cluster: string;
  readonly name: string;
  readonly tasks: number;
  readonly targetGroupArn?: string;
}

/** The quota of on-demand vCPUs of Fargate. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const VCPU_QUOTA = { ServiceCode: "fargate", QuotaCode: "L-3032A538" };

/**
 * Reasons against a switchover now. It freezes writes for about as long as the lag, so the lag must be seconds. Aurora
 * requires equal engine versions. The tasks must run here and be healthy, the canaries of the other regions must succeed, and
 * the quota must allow twice the tasks of a primary region, for a deployment.
 */
export async function checkReadiness(): Promise<Readiness> {
  const lag = await latestLag();
  const found = [
    lagProblem(lag),
    ...(await Promise.all([
      versionProblem(),
      taskProblem(),
      canaryProblem().catch((error: unknown) => unchecked("The canaries", error)),
      quotaProblem().catch((error: unknown) => unchecked("The quota of Fargate vCPUs", error)),
    ])),
  ];
  const problems = found.filter((problem) => problem !== "").join(" ");
  return { status: problems === "" ? "ready" : "not-ready", problems, lagMilliseconds: lag ?? -1 };
}

function unchecked(what: string, error: unknown): string {
  return `${what} could not be checked: ${String(error)}.`;
}

function lagProblem(lag: number | undefined): string {
  const limit = Number(requiredVariable("MAX_SWITCHOVER_LAG_MILLISECONDS"));
  if (lag === undefined)
    return "CloudWatch has no replication lag of the last minutes: the replication is interrupted, or has just started.";
  return lag > limit ? `The replication lag is ${Math.round(lag)} ms, above the limit of ${limit} ms.` : "";
}

async function versionProblem(): Promise<string> {
  const { primaryRegion } = await inspect();
  const primary = settingsOf(primaryRegion);
  const [own, other] = await Promise.all([
    describeCluster(ownRegion(), requiredVariable("OWN_CLUSTER_ARN")),
    describeCluster(primaryRegion, primary.clusterIdentifier),
  ]);
  if (own?.EngineVersion === other?.EngineVersion) return "";
  return `The engine versions differ: ${own?.EngineVersion} here, ${other?.EngineVersion} in ${primaryRegion}.`;
}

async function taskProblem(): Promise<string> {
  const services = JSON.parse(requiredVariable("SERVICES")) as RunningService[];
  const client = new ECSClient(clientOptions(ownRegion()));
  const found = await Promise.all(
    services.map(async ({ cluster, name, tasks, targetGroupArn }) => {
      const { services: [service] = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [name] }));
      const running = service?.runningCount ?? 0;
      if (running < tasks) return `${name} runs ${running} of ${tasks} tasks.`;
      const healthy = targetGroupArn === undefined ? tasks : await healthyTargets(targetGroupArn);
      return healthy < tasks ? `${name} has ${healthy} healthy targets for ${tasks} tasks.` : "";
    }),
  );
  return found.filter((problem) => problem !== "").join(" ");
}

async function healthyTargets(TargetGroupArn: string): Promise<number> {
  const { TargetHealthDescriptions = [] } = await new ElasticLoadBalancingV2Client(clientOptions(ownRegion())).send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
}

async function quotaProblem(): Promise<string> {
  const needed = 2 * Number(requiredVariable("PRIMARY_VCPUS"));
  const quota = await vcpuQuota();
  return quota < needed ? `The quota of Fargate vCPUs is ${quota}; twice the tasks of a primary region need ${needed}.` : "";
}

/** The quota of the account, or the default of AWS if it was never changed. */
async function vcpuQuota(): Promise<number> {
  const client = new ServiceQuotasClient(clientOptions(ownRegion()));
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand(VCPU_QUOTA));
    return Quota?.Value ?? 0;
  } catch (error) {
    if (!(error instanceof NoSuchResourceException)) throw error;
    const { Quota } = await client.send(new GetAWSDefaultServiceQuotaCommand(VCPU_QUOTA));
    return Quota?.Value ?? 0;
  }
}

/** The canaries that request this region run in the other regions. */
async function canaryProblem(): Promise<string> {
  const settings = regionSettings();
  const found = await Promise.all(
    otherRegions().map(async (region) => {
      const alarm = settings.get(region)?.canaryAlarm;
      if (alarm === undefined) return "";
      const { MetricAlarms: [state] = [] } = await new CloudWatchClient(clientOptions(region)).send(
        new DescribeAlarmsCommand({ AlarmNames: [alarm] }),
      );
      return state?.StateValue === "ALARM" ? `${alarm} in ${region} is in ALARM.` : "";
    }),
  );
  return found.filter((problem) => problem !== "").join(" ");
}

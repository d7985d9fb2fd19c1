import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
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

/** Services that must run in this region before it takes over, with their minimum of tasks. */
interface RunningService {
  readonly cluster: string;
  readonly name: string;
  readonly tasks: number;
}

/**
 * Reasons against a switchover now. It freezes writes for about as long as the lag, so the lag must be seconds. Aurora
 * requires equal engine versions. The tasks must run here, and the canaries of the other regions must succeed.
 */
export async function checkReadiness(): Promise<Readiness> {
  const lag = await latestLag();
  const found = [lagProblem(lag), ...(await Promise.all([versionProblem(), taskProblem(), canaryProblem()]))];
  const problems = found.filter((problem) => problem !== "").join(" ");
  return { status: problems === "" ? "ready" : "not-ready", problems, lagMilliseconds: lag ?? -1 };
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
    services.map(async ({ cluster, name, tasks }) => {
      const { services: [service] = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [name] }));
      const running = service?.runningCount ?? 0;
      return running < tasks ? `${name} runs ${running} of ${tasks} tasks.` : "";
    }),
  );
  return found.filter((problem) => problem !== "").join(" ");
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

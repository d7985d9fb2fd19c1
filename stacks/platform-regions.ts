import { type Config, primaryRegion } from "../config/config";
import type { Names } from "../config/naming";
import { LIVE_DATABASE } from "../modules/database/connection";
import { TAKEOVER_PURPOSE } from "../modules/runbooks/region-takeover/construct";
import type { PlatformRegion } from "../modules/runbooks/regions/region-function";

/** Parameter that states whether the services of a region may write: `allowed`, or `frozen` while another region is the primary. */
export const WRITES_PARAMETER = "service/writes";

/**
 * Every region of the platform, as the functions of one region know it. Regions refer to each other by names.
 * @param names of the region that contains the functions
 * @param region that contains the functions
 */
export function platformRegions(config: Config, names: Names, region: string): PlatformRegion[] {
  const { accountId, runbooks, canaries } = config;
  return config.regions.map(({ name }) => {
    const own = names.in(name);
    const clusterIdentifier = own.of("rds_cluster");
    return {
      name,
      writesParameter: own.path(WRITES_PARAMETER),
      identifierParameter: own.path(LIVE_DATABASE.identifier),
      clusterIdentifier,
      clusterArn: `arn:aws:rds:${name}:${accountId}:cluster:${clusterIdentifier}`,
      holdLoadBalancer: name === primaryRegion(config) ? undefined : own.of("lb"),
      takeoverArn: runbooks.enabled
        ? `arn:aws:states:${name}:${accountId}:stateMachine:${own.of("sfn_state_machine", TAKEOVER_PURPOSE)}`
        : undefined,
      canaryAlarm: canaries.enabled && name !== region ? own.of("cloudwatch_metric_alarm", `canary-${region}`) : undefined,
    };
  });
}

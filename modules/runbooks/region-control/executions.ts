import { type ExecutionListItem, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { clientOptions, otherRegions, ownRegion, regionOf, settingsOf } from "./settings";

/**
 * Running region takeovers that started before the given one, in every region that responds. Of two that started in the same
 * moment, the one with the lower ARN counts as the earlier one, so that exactly one of them continues. AWS lists executions
 * with eventual consistency: one of the last seconds can be missing.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
 */
export async function earlierTakeovers(execution: string): Promise<string[]> {
  const running = await Promise.all([
    runningTakeovers(ownRegion()),
    ...otherRegions().map((region) => runningTakeovers(region).catch(() => [])),
  ]);
  const all = running.flat();
  const started = all.find(({ executionArn }) => executionArn === execution)?.startDate?.getTime() ?? Date.now();
  return all
    .filter(({ executionArn = "", startDate }) => {
      const start = startDate?.getTime() ?? 0;
      return executionArn !== execution && (start < started || (start === started && executionArn < execution));
    })
    .map(({ executionArn = "" }) => executionArn);
}

/** The running takeovers of a region. Without runbooks, there are none. */
export async function runningTakeovers(region: string): Promise<ExecutionListItem[]> {
  const { takeoverArn } = settingsOf(region);
  if (takeoverArn === undefined) return [];
  const { executions = [] } = await new SFNClient(clientOptions(regionOf(takeoverArn))).send(
    new ListExecutionsCommand({ stateMachineArn: takeoverArn, statusFilter: "RUNNING" }),
  );
  return executions;
}

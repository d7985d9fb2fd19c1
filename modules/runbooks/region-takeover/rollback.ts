import { FAILURE, type State, text } from "../states";
import { invoke, notify } from "../tasks";
import { inspectGlobalDatabase, SUBJECT, type TakeoverProps } from "./common";
import { routeClients } from "./dns";

/**
 * Undoes the steps before the promotion, but only when another region is known to be the primary. A promotion that is
 * still in progress, or whose state is unknown, is left to on-call: two regions that write would be worse than none.
 * Begins at `InspectAfterFailure`, or at `AllowWritesInPrimary` before the promotion.
 */
export function rollback(props: TakeoverProps): Record<string, State> {
  const { topicArn, region, regions, functionArn, runbookUrl } = props;
  const others = regions.map(({ name }) => name).filter((name) => name !== region);
  return {
    InspectAfterFailure: inspectGlobalDatabase(functionArn, "CheckPhaseAfterFailure", "NotifyUnclear", "$.inspectionError"),
    CheckPhaseAfterFailure: {
      Type: "Choice",
      Choices: [
        { Variable: "$.globalDatabase.phase", StringEquals: "secondary", Next: "AllowWritesInPrimary" },
        { Variable: "$.globalDatabase.phase", StringEquals: "primary", Next: "NotifyHalfway" },
      ],
      Default: "NotifyUnclear",
    },
    AllowWritesInPrimary: invoke(
      functionArn,
      { action: "set-writes", "region.$": "$.globalDatabase.primaryRegion", writes: "allowed" },
      { next: "FindWriterRegion", catchers: [{ next: "FindWriterRegion", resultPath: "$.allowError" }] },
    ),
    FindWriterRegion: {
      Type: "Choice",
      Choices: others.map((name) => ({ Variable: "$.globalDatabase.primaryRegion", StringEquals: name, Next: routeBackState(name) })),
      Default: "NotifyFailure",
    },
    ...Object.fromEntries(
      others.map((name, index) => [
        routeBackState(name),
        routeClients({
          switchesPath: `$.plan.rollbackHealthChecks[${index}]`,
          suffix: `BackTo ${name}`,
          next: "NotifyFailure",
          catcher: { next: "NotifyFailure", resultPath: "$.routingError" },
        }),
      ]),
    ),
    NotifyUnclear: notify(
      topicArn,
      `UNCLEAR: ${SUBJECT}`,
      text(
        `CRITICAL: the region takeover by ${region} ended, and it is unclear whether its database is the primary: {} {} Nothing was rolled back: DNS may route clients to ${region}, and writes may be frozen in the other region. Check the global database. When it is available, execute this runbook again. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}

function routeBackState(region: string): string {
  return `RouteClientsBackTo ${region}`;
}

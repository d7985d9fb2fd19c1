import { FAILURE, type State, text } from "../states";
import { invoke, notify } from "../tasks";
import { inspectGlobalDatabase, SUBJECT, type TakeoverProps } from "./common";
import { routeClients } from "./dns";

/**
 * Undoes the steps before the promotion, but only when another region is known to be the primary. A promotion that is
 * still in progress, or whose state is unknown, is left to on-call: two regions that write would be worse than none.
 * Begins at `LookAgain`, or at `AllowWritesThere` before the promotion.
 */
export function rollback(props: TakeoverProps): Record<string, State> {
  const { topicArn, region, regions, functionArn, runbookUrl } = props;
  const others = regions.map(({ name }) => name).filter((name) => name !== region);
  return {
    LookAgain: inspectGlobalDatabase(functionArn, "DoesAnotherWrite", "TellUnclear", "$.unseen"),
    DoesAnotherWrite: {
      Type: "Choice",
      Choices: [
        { Variable: "$.seen.phase", StringEquals: "secondary", Next: "AllowWritesThere" },
        { Variable: "$.seen.phase", StringEquals: "primary", Next: "TellHalfway" },
      ],
      Default: "TellUnclear",
    },
    AllowWritesThere: invoke(
      functionArn,
      { do: "set-writes", "region.$": "$.seen.primaryRegion", to: "allowed" },
      { next: "WhoWrites", catchers: [{ next: "WhoWrites", resultPath: "$.notAllowed" }] },
    ),
    WhoWrites: {
      Type: "Choice",
      Choices: others.map((name) => ({ Variable: "$.seen.primaryRegion", StringEquals: name, Next: routeBackState(name) })),
      Default: "TellFailure",
    },
    ...Object.fromEntries(
      others.map((name, index) => [
        routeBackState(name),
        routeClients({
          switchesPath: `$.plan.back[${index}]`,
          suffix: `TellFailure${name}`,
          next: "TellFailure",
          catcher: { next: "TellFailure", resultPath: "$.notLedBack" },
        }),
      ]),
    ),
    TellUnclear: notify(
      topicArn,
      `UNCLEAR: ${SUBJECT}`,
      text(
        `CRITICAL: ${region} was to take over, and it is not clear whether its database writes: {} {} Nothing was taken back: clients may have been led here, and writes may be frozen in the other region. Look at the global database; execute this again once it is available. Runbook: ${runbookUrl}`,
        `${FAILURE}.Error`,
        `${FAILURE}.Cause`,
      ),
      "Failed",
    ),
  };
}

function routeBackState(region: string): string {
  return `LeadClientsBackTo ${region}`;
}

import { FAILURE, type State, text } from "../states";
import { invoke, notify, runAgain } from "../tasks";
import { hasItem, inspectGlobalDatabase, SUBJECT, SWITCHOVER, type TakeoverProps } from "./common";

/**
 * Undoes the steps before the promotion, but only when another region is known to be the primary. A promotion that is
 * still in progress, or whose state is unknown, is left to on-call: two regions that write would be worse than none.
 * Begins at `InspectAfterFailure`.
 */
export function rollback(props: TakeoverProps): Record<string, State> {
  const { functionArn } = props;
  const primary = "$.globalDatabase.primaryRegion";
  return {
    InspectAfterFailure: inspectGlobalDatabase(functionArn, "CheckPhaseAfterFailure", "NotifyUnclear", "$.inspectionError"),
    CheckPhaseAfterFailure: {
      Type: "Choice",
      Choices: [
        { Variable: "$.globalDatabase.phase", StringEquals: "secondary", Next: "AllowWritesInPrimary" },
        { Variable: "$.globalDatabase.phase", StringEquals: "primary", Next: "FenceOthersBeforeHalfway" },
      ],
      Default: "NotifyUnclear",
    },
    AllowWritesInPrimary: invoke(
      functionArn,
      { action: "set-writes", "region.$": primary, writes: "allowed" },
      { next: "RouteClientsBack", catchers: [{ next: "RouteClientsBack", resultPath: "$.allowError" }] },
    ),
    RouteClientsBack: invoke(
      functionArn,
      { action: "route-clients", "to.$": primary },
      {
        result: { ResultSelector: { "failed.$": "$.Payload.failed" }, ResultPath: "$.routedBack" },
        next: "IsRolledBack",
        catchers: [{ next: "IsFailover", resultPath: "$.routingError" }],
      },
    ),
    IsRolledBack: {
      Type: "Choice",
      Choices: [{ Or: [{ Variable: "$.allowError", IsPresent: true }, hasItem("$.routedBack.failed")], Next: "IsFailover" }],
      Default: "NotifyFailure",
    },
    // The primary region of a failover is lost and cannot execute its own runbook.
    IsFailover: {
      Type: "Choice",
      Choices: [{ Variable: "$.mode", StringEquals: "failover", Next: "NotifyFailoverNotRolledBack" }],
      Default: "NotifyNotRolledBack",
    },
    ...notifyFailures(props),
  };
}

function notifyFailures({ topicArn, region, runbookUrl }: TakeoverProps): Record<string, State> {
  const failed = (subject: string, message: string, paths: readonly string[]): State =>
    notify(
      topicArn,
      `${subject}: ${SUBJECT}`,
      text(`CRITICAL: ${message} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`, ...paths),
      "Failed",
    );
  return {
    NotifyNotRolledBack: failed(
      "NOT ROLLED BACK",
      `${region} could not take over: {} {} The primary region is still {}, but its writes may be frozen, and DNS may route clients to ${region}. Execute the runbook of the primary region: {}`,
      ["$.globalDatabase.primaryRegion", runAgain({ region: "$.globalDatabase.primaryRegion", input: SWITCHOVER })],
    ),
    NotifyFailoverNotRolledBack: failed(
      "NOT ROLLED BACK",
      `${region} could not take over: {} {} DNS may route clients to ${region}, where writes are not possible. Execute this runbook again: {}`,
      [runAgain()],
    ),
    NotifyUnclear: failed(
      "UNCLEAR",
      `the region takeover by ${region} ended, and it is unclear whether its database is the primary: {} {} Nothing was rolled back: DNS may route clients to ${region}, and writes may be frozen in the other region. Execute this runbook again, it continues where this execution has stopped: {}`,
      [runAgain()],
    ),
    NotifyFailure: failed("FAILED", `${region} could not take over: {} {} When the reason is removed, execute this runbook again: {}`, [
      runAgain(),
    ]),
  };
}

import { FAIL, FAILURE, refuse, type State, tell, text } from "../states";

export const FAILED = "TellFailure";

/**
 * The states that every rewind begins with. Its one input is `{ "to": "2026-11-21T07:30:00Z" }`, the moment whose data are
 * wanted, in UTC: an input that cannot be meant ends it before anything is asked or changed.
 */
export function checkInput(then: string): Record<string, State> {
  return {
    IsTimeGiven: {
      Type: "Choice",
      Choices: [
        {
          And: [
            { Variable: "$.to", IsPresent: true },
            { Variable: "$.to", IsTimestamp: true },
            { Variable: "$.to", StringMatches: "*Z" },
          ],
          Next: then,
        },
      ],
      Default: "RefuseInput",
    },
    RefuseInput: {
      Type: "Pass",
      Parameters: {
        to: "no time",
        failure: {
          Error: "Rewind.InputInvalid",
          Cause: 'The input must be { "to": "<time>" } with a time in UTC such as 2026-11-21T07:30:00Z. Nothing was changed.',
        },
      },
      Next: FAILED,
    },
  };
}

/** The states that every failure ends in. @param more what to say after the reason */
export function failure(topicArn: string, runbookUrl: string, more = ""): Record<string, State> {
  return {
    [FAILED]: tell(
      topicArn,
      "FAILED: rewind of the database",
      text(`CRITICAL: the rewind to {} failed: {} {} ${more}Runbook: ${runbookUrl}`, "$.to", `${FAILURE}.Error`, `${FAILURE}.Cause`),
      "Failed",
    ),
    Failed: FAIL,
  };
}

export function refuseTooOld(earliest: string): State {
  return refuse(
    "Rewind.TooOld",
    `States.Format('{} is too long ago: the data can be taken back to {} at the earliest. Nothing was changed.', $.to, ${earliest})`,
    FAILED,
  );
}

export function refuseTooNew(latest: string): State {
  return refuse(
    "Rewind.TooNew",
    `States.Format('{} is not there yet: the latest time is {}. Nothing was changed.', $.to, ${latest})`,
    FAILED,
  );
}

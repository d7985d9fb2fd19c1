import { type Definition, FAIL, FAILURE, invoke, tell, text } from "../states";

export interface VerifyBackupsProps {
  readonly topicArn: string;
  readonly region: string;
  /** Function that compares the vault with the promises. Time is beyond what states can count with. */
  readonly functionArn: string;
  readonly runbookUrl: string;
}

/** Checks that everything has a backup as young as promised, and one that can be restored. Changes nothing. */
export function verifyBackups({ topicArn, region, functionArn, runbookUrl }: VerifyBackupsProps): Definition {
  return {
    Comment: "Checks that everything has a backup as young as promised, and one that can be restored",
    StartAt: "TellStart",
    TimeoutSeconds: 900,
    States: {
      TellStart: tell(topicArn, "STARTED: backup verification", text(`INFO: the backups in ${region} are being checked.`), "CheckBackups"),
      CheckBackups: invoke(
        functionArn,
        {},
        {
          keep: { ResultSelector: { "well.$": "$.Payload.well", "problems.$": "$.Payload.problems" }, ResultPath: "$.checked" },
          then: "IsAllWell",
          caught: [{ on: "TellFailure" }],
        },
      ),
      IsAllWell: {
        Type: "Choice",
        Choices: [{ Variable: "$.checked.well", BooleanEquals: true, Next: "TellDone" }],
        Default: "CollectProblems",
      },
      CollectProblems: {
        Type: "Pass",
        Parameters: { Error: "Backups.NotAsPromised", "Cause.$": "States.JsonToString($.checked.problems)" },
        ResultPath: FAILURE,
        Next: "TellFailure",
      },
      TellDone: tell(topicArn, "DONE: backup verification", text(`INFO: the backups in ${region} are as promised.`), "Done"),
      Done: { Type: "Succeed" },
      TellFailure: tell(
        topicArn,
        "FAILED: backup verification",
        text(`CRITICAL: backups in ${region} are not as promised: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

import type { RunbookContext } from "../runbook";
import { type Definition, FAIL, FAILURE, text } from "../states";
import { invoke, notify } from "../tasks";

export interface BackupVerificationDefinitionProps extends RunbookContext {
  /** Function that compares the vault with the promises. States cannot calculate with time. */
  readonly functionArn: string;
}

/** Checks that every resource has a recent backup that can be restored. Changes nothing. */
export function backupVerificationDefinition({ topicArn, region, functionArn, runbookUrl }: BackupVerificationDefinitionProps): Definition {
  return {
    Comment: "Checks that everything has a backup as young as promised, and one that can be restored",
    StartAt: "TellStart",
    TimeoutSeconds: 900,
    States: {
      TellStart: notify(
        topicArn,
        "STARTED: backup verification",
        text(`INFO: the backups in ${region} are being checked.`),
        "CheckBackups",
      ),
      CheckBackups: invoke(
        functionArn,
        {},
        {
          result: { ResultSelector: { "well.$": "$.Payload.well", "problems.$": "$.Payload.problems" }, ResultPath: "$.checked" },
          next: "IsAllWell",
          catchers: [{ next: "TellFailure" }],
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
      TellDone: notify(topicArn, "DONE: backup verification", text(`INFO: the backups in ${region} are as promised.`), "Done"),
      Done: { Type: "Succeed" },
      TellFailure: notify(
        topicArn,
        "FAILED: backup verification",
        text(`CRITICAL: backups in ${region} are not as promised: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

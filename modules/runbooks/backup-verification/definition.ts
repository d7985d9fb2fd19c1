import type { RunbookContext } from "../runbook";
import { type Definition, FAIL, FAILURE, text } from "../states";
import { invoke, notify } from "../tasks";

/** Timeout of the function: it reads the recovery points of every resource. */
export const FUNCTION_SECONDS = 60;

export interface BackupVerificationDefinitionProps extends RunbookContext {
  /** Function that compares the vault with the objectives. States cannot calculate with time. */
  readonly functionArn: string;
}

/**
 * Checks that every resource has a recent backup that is encrypted and can be restored. Changes nothing, and notifies only of a
 * failure: it runs every day.
 */
export function backupVerificationDefinition({ topicArn, region, functionArn, runbookUrl }: BackupVerificationDefinitionProps): Definition {
  return {
    Comment: "Checks that every resource has a recent backup that is encrypted and can be restored",
    StartAt: "CheckBackups",
    TimeoutSeconds: 900,
    States: {
      CheckBackups: invoke(
        functionArn,
        {},
        {
          result: {
            ResultSelector: { "objectivesMet.$": "$.Payload.objectivesMet", "problems.$": "$.Payload.problems" },
            ResultPath: "$.checked",
          },
          timeoutSeconds: FUNCTION_SECONDS + 15,
          next: "AreObjectivesMet",
          catchers: [{ next: "NotifyFailure" }],
        },
      ),
      AreObjectivesMet: {
        Type: "Choice",
        Choices: [{ Variable: "$.checked.objectivesMet", BooleanEquals: true, Next: "Done" }],
        Default: "CollectProblems",
      },
      CollectProblems: {
        Type: "Pass",
        Parameters: { Error: "Backups.ObjectivesNotMet", "Cause.$": "States.JsonToString($.checked.problems)" },
        ResultPath: FAILURE,
        Next: "NotifyFailure",
      },
      Done: { Type: "Succeed" },
      NotifyFailure: notify(
        topicArn,
        "FAILED: backup verification",
        text(`CRITICAL: the backup verification in ${region} failed: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

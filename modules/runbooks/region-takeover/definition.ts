import { TASKS_HOURS } from "../service-states";
import { type Definition, FAIL, FAILURE, text } from "../states";
import { notify } from "../tasks";
import { SUBJECT, type TakeoverProps } from "./common";
import { createFirstInstance, INSTANCE_HOURS } from "./first-instance";
import { freezeWrites } from "./freeze";
import { checkInput } from "./input";
import { checkLag } from "./lag-check";
import { promoteAndScale, PROMOTION_HOURS } from "./promotion";
import { rollback } from "./rollback";
import { switchTasks } from "./switch-tasks";

/**
 * Makes this region the primary. While both regions are available, `{ "mode": "switchover" }` loses no data. When the
 * other region is lost, `{ "mode": "failover", "allowDataLoss": true }` loses what was not replicated yet. The runbook of
 * the former primary switches back. Every step can be repeated: after a failure, the runbook is executed again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export function regionTakeoverDefinition(props: TakeoverProps): Definition {
  const { topicArn, region, runbookUrl } = props;
  return {
    Comment: `Makes ${region} the primary region`,
    StartAt: "ValidateInput",
    TimeoutSeconds: (INSTANCE_HOURS + PROMOTION_HOURS + TASKS_HOURS + 1) * 3600,
    States: {
      ...checkInput(props),
      ...checkLag(props),
      ...createFirstInstance(props),
      ...freezeWrites(props),
      ...promoteAndScale(props),
      ...switchTasks(props),
      ...rollback(props),
      NotifyFailure: notify(
        topicArn,
        `FAILED: ${SUBJECT}`,
        text(`CRITICAL: ${region} could not take over: {} {} Runbook: ${runbookUrl}`, `${FAILURE}.Error`, `${FAILURE}.Cause`),
        "Failed",
      ),
      Failed: FAIL,
    },
  };
}

import { type Definition, FAIL } from "../states";
import type { TakeoverProps } from "./common";
import { complete, START_HOURS } from "./completion";
import { createFirstInstance, INSTANCE_HOURS } from "./first-instance";
import { checkInput } from "./input";
import { promoteAndScale, PROMOTION_HOURS } from "./promotion";
import { checkReadiness } from "./readiness";
import { rollback } from "./rollback";

/**
 * Makes this region the primary. While both regions are available, `{ "mode": "switchover" }` loses no data. When the
 * other region is lost, `{ "mode": "failover", "allowDataLoss": true }` loses what was not replicated yet. The runbook of
 * the former primary switches back. Every step can be repeated: after a failure, the runbook is executed again.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
 */
export function regionTakeoverDefinition(props: TakeoverProps): Definition {
  return {
    Comment: `Makes ${props.region} the primary region`,
    StartAt: "ValidateInput",
    TimeoutSeconds: (INSTANCE_HOURS + PROMOTION_HOURS + START_HOURS + 1) * 3600,
    States: {
      ...checkInput(props),
      ...createFirstInstance(props),
      ...checkReadiness(props),
      ...promoteAndScale(props),
      ...complete(props),
      ...rollback(props),
      Failed: FAIL,
    },
  };
}

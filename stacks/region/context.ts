import type { Construct } from "constructs";
import type { Capacity } from "../../config/capacity";
import type { Config, RegionConfig } from "../../config/config";
import type { RegionScope } from "../../config/naming";
import type { Retention } from "../../config/retention";
import type { Alerts } from "../../modules/monitoring/alerts";
import type { LogSettings } from "../../modules/monitoring/log-group";
import type { DeadLetters } from "../../modules/queues/dead-letters";
import type { Variables } from "../variables";
import type { Keys } from "./keys";

/** Settings that every part of a region needs, and the keys and the alerts, which all parts use. */
export interface RegionContext {
  /** Scope of the constructs: the stack of the region. */
  readonly stack: Construct;
  readonly config: Config;
  readonly region: RegionConfig;
  /** Whether it is the first of `regions`, which owns what exists once. */
  readonly isFirst: boolean;
  readonly isPrimary: boolean;
  readonly scope: RegionScope;
  readonly logs: LogSettings;
  /** Number of tasks, instances and replicas in the region. */
  readonly capacity: Capacity;
  readonly retention: Retention;
  readonly variables: Variables;
  readonly keys: Keys;
  readonly alerts: Alerts;
  /** Dead-letter queue of rules on the default event bus. */
  readonly ruleDeadLetters: DeadLetters;
}

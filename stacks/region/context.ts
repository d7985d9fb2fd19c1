import type { Construct } from "constructs";
import type { Capacity } from "../../config/capacity";
import type { Config, RegionConfig } from "../../config/config";
import type { RegionScope } from "../../config/naming";
import type { Retention } from "../../config/retention";
import type { Alerts } from "../../modules/monitoring/alerts";
import type { LogSettings } from "../../modules/monitoring/log-group";
import type { Variables } from "../variables";
import type { Keys } from "./keys";

/** What every part of a region must know: plain data, and the two things that all of them use. */
export interface RegionContext {
  /** Where the parts make their constructs: the region's stack. */
  readonly stack: Construct;
  readonly config: Config;
  readonly region: RegionConfig;
  readonly isPrimary: boolean;
  readonly scope: RegionScope;
  readonly logs: LogSettings;
  /** What the region keeps running. */
  readonly capacity: Capacity;
  readonly retention: Retention;
  readonly variables: Variables;
  readonly keys: Keys;
  readonly alerts: Alerts;
}

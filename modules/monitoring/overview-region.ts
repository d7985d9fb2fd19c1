import type { Names } from "../../config/naming";

/** What the overview knows of one region. It refers to the resources of the region by name. */
export interface OverviewRegion {
  readonly name: string;
  readonly names: Names;
  /** Components of its composite alarms. */
  readonly compositeAlarms: readonly string[];
  readonly services: readonly { readonly name: string; readonly qualifier: string }[];
  readonly healthCheckId: string | undefined;
  /** Targets of its canaries. */
  readonly canaries: readonly string[];
  /** Name of the table that DynamoDB replicates to the other regions. @default - none */
  readonly replicatedTable?: string | undefined;
}

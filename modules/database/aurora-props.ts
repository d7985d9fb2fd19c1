import type { RegionScope } from "../../config/naming";
import type { Alerts } from "../monitoring/alerts";
import type { LogSettings } from "../monitoring/log-group";
import type { Engine } from "./engine";
import type { ReaderScalingProps } from "./reader-scaling";

export interface AuroraProps extends RegionScope, LogSettings {
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them moves the cluster, with an interruption. */
  readonly subnetIds: string[];
  /** Zones in the order of promotion: the writer's, then the readers'. They repeat when there are more instances. */
  readonly availabilityZones: readonly string[];
  readonly engine: Engine;
  /** Whether the engine may run on, at a price, once its standard support has ended. Read when the cluster is made. */
  readonly extendedSupport: boolean;
  /** Changing it restarts the instances one by one. */
  readonly instanceClass: string;
  /** Bounds of the capacity of instances of class `db.serverless`, in Aurora capacity units. Changes apply at once. */
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number } | undefined;
  /** Number of instances: the writer and its readers. 0 keeps the data alone, without anything to serve it. */
  readonly instances: number;
  /** Tier of each instance, 0–15: the lowest is promoted first. @default - in the order of the zones */
  readonly promotionTiers?: readonly number[] | undefined;
  /** More readers while the load is high; never in a secondary, where AWS has none of it. @default - as many as `instances` says */
  readonly readerScaling?: Pick<ReaderScalingProps, "maxReaders" | "cpuPercent"> | undefined;
  /** RDS Proxy between clients and cluster: connections outlive a failover. */
  readonly proxy: boolean;
  /** Name of the first database. Changing it replaces the cluster. */
  readonly databaseName: string;
  /** Changing it replaces the cluster. */
  readonly masterUsername: string;
  /**
   * Who has the password: RDS, which makes and rotates it for one cluster, or the secret that `MasterSecret` made, which
   * a global database needs and a restored cluster shares. Changing it gives the database a new password.
   */
  readonly password: "managed-by-rds" | "own-secret";
  /** Whether a runbook may make another cluster the one that is written: Terraform then leaves the published endpoints alone. */
  readonly endpointsChangedByRunbook: boolean;
  /** Version of the password in the secret: a higher one is read and set anew. */
  readonly passwordVersion: number;
  /**
   * Whether the cluster stands alone, or is the primary or a secondary of a global database. Changing it by a failover
   * is AWS's business: Terraform does not undo it.
   */
  readonly membership:
    | { readonly kind: "alone" }
    | { readonly kind: "primary"; readonly globalCluster: string }
    | { readonly kind: "secondary"; readonly globalCluster: string; readonly primaryRegion: string };
  /** Encrypts storage, backups, insights and the master password. Changing it replaces the cluster. */
  readonly keyArn: string;
  /** Days back to any second of which the cluster can be restored, 1–35. */
  readonly backupRetentionDays: number;
  /** Daily window in UTC, `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly window in UTC, `sun:05:00-sun:06:00`. */
  readonly maintenanceWindow: string;
  /** Days: 7, which is free, a multiple of 31 up to 713, or 731. */
  readonly performanceInsightsRetentionDays: number;
  /** Time between two samples of the operating system: 1, 5, 10, 15, 30 or 60. */
  readonly monitoringIntervalSeconds: number;
  /** Statements that take longer are logged. */
  readonly slowQueryMilliseconds: number;
  /** Lag of a reader behind the writer at which an alarm rings. */
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary's region at which an alarm rings. */
  readonly maxGlobalLagMilliseconds: number;
  /** Whether the cluster can be deleted only after this is taken away. Changes apply at once. */
  readonly deletionProtection: boolean;
  /** Whether deleting the cluster leaves a snapshot behind. */
  readonly finalSnapshot: boolean;
  readonly alerts: Alerts;
}

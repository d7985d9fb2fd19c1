import type { RegionScope } from "../../config/naming";
import type { Authentication } from "../../config/service-user";
import type { Alerts } from "../monitoring/alerts";
import type { LogSettings } from "../monitoring/log-group";
import type { Engine, SessionLimits } from "./engine";
import type { ReaderScalingProps } from "./reader-scaling";

export interface AuroraProps extends RegionScope, LogSettings, SessionLimits {
  /** ID of the VPC. RDS does not move a cluster to another VPC. */
  readonly vpcId: string;
  /** Data subnets, one per zone. Changing them moves the cluster, with an interruption. */
  readonly subnetIds: string[];
  /** Zones in the order of promotion: the writer's, then the readers'. The order repeats when there are more instances than zones. */
  readonly availabilityZones: readonly string[];
  /** Engine with its version. Another engine replaces the cluster and deletes its data; another version restarts the instances. */
  readonly engine: Engine;
  /** Whether RDS Extended Support, which is charged, starts when standard support ends. Applies when the cluster is created. */
  readonly extendedSupport: boolean;
  /** Changing it restarts one instance after the other. `applyImmediately` decides when. */
  readonly instanceClass: string;
  /** Whether a change of the instances is applied at once. With false, each instance waits for its maintenance window. */
  readonly applyImmediately: boolean;
  /** Bounds of the capacity of instances of class `db.serverless`, in Aurora capacity units. Changes apply immediately. */
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number } | undefined;
  /** Number of instances: the writer and its readers. With 0, the cluster stores the data and accepts no connections. */
  readonly instances: number;
  /** Promotion tier of each instance, 0–15: the lowest is promoted first. @default - in the order of the zones */
  readonly promotionTiers?: readonly number[] | undefined;
  /** Adds readers while the load is high. Not in a secondary, where AWS does not support it. @default - a fixed number, `instances` */
  readonly readerScaling?: Pick<ReaderScalingProps, "maxReaders" | "cpuPercent"> | undefined;
  /** RDS Proxy between clients and cluster: client connections survive a failover. */
  readonly proxy: boolean;
  /** Name of the first database. Changing it replaces the cluster. */
  readonly databaseName: string;
  /** Changing it replaces the cluster. */
  readonly masterUsername: string;
  /**
   * Where the password is: in a secret that RDS creates and rotates for one cluster, or in the secret of `MasterSecret`,
   * which a global database needs and a restored cluster shares. Changing it gives the database a new password.
   */
  readonly password: "managed-by-rds" | "own-secret";
  /** Whether a runbook may switch the services to another cluster. Terraform then ignores changes of the published endpoints. */
  readonly endpointsChangedByRunbook: boolean;
  /** The user of the services. With `enabled`, they use it and not the master user. @default - there is no such user */
  readonly serviceUser?: { readonly enabled: boolean; readonly authentication: Authentication } | undefined;
  /** Version of the password in the secret. After an increase, Terraform reads the password and sets it again. */
  readonly passwordVersion: number;
  /**
   * Whether the cluster is in no global database, or is the primary or a secondary of one. Terraform does not undo a change
   * of the role by a failover.
   */
  readonly membership:
    | { readonly kind: "alone" }
    | { readonly kind: "primary"; readonly globalCluster: string }
    | { readonly kind: "secondary"; readonly globalCluster: string; readonly primaryRegion: string };
  /** Encrypts storage, backups, insights and the master password. Changing it replaces the cluster. */
  readonly keyArn: string;
  /** Days, 1–35. The cluster can be restored to any second of them. */
  readonly backupRetentionDays: number;
  /** Daily window in UTC, `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly window of the cluster in UTC, `sun:05:00-sun:06:00`. Those of the instances follow it. */
  readonly maintenanceWindow: string;
  /** Days: 7, which is free of charge, a multiple of 31 up to 713, or 731. */
  readonly performanceInsightsRetentionDays: number;
  /** Interval of enhanced monitoring: 1, 5, 10, 15, 30 or 60. */
  readonly monitoringIntervalSeconds: number;
  /** Lag of a reader behind the writer above which the alarm fires. */
  readonly maxReplicaLagMilliseconds: number;
  /** Lag of a secondary behind the primary region above which the alarm fires. */
  readonly maxGlobalLagMilliseconds: number;
  /** Whether the deletion of the cluster is rejected until this is set to false. Changes apply immediately. */
  readonly deletionProtection: boolean;
  /** Whether RDS creates a final snapshot when the cluster is deleted. Its name contains the time of the apply that sets this. */
  readonly finalSnapshot: boolean;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
}

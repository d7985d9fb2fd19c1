import type { InstanceTemplate } from "../instance-parameters";
import type { RunbookContext } from "../runbook";
import type { EcsService } from "../service-states";
import type { State } from "../states";
import { describeCluster } from "./rewind-common";
import type { PasswordSettings } from "./set-password";
import type { ServiceUserSettings } from "./set-service-user";

/** Settings of a cluster like the live one, in RDS's own terms. */
export interface ClusterTemplate extends InstanceTemplate {
  readonly port: number;
  readonly subnetGroup: string;
  readonly securityGroupId: string;
  readonly clusterParameterGroup: string;
  readonly serverless?: { readonly minAcu: number; readonly maxAcu: number } | undefined;
  readonly deletionProtection: boolean;
  readonly instances: readonly {
    readonly name: string;
    readonly zone: string;
    readonly tier: number;
    readonly maintenanceWindow: string;
  }[];
}

/** Settings of a rewind by restore. */
export interface RestoreSettings {
  /** Value of `engine_lifecycle_support` of the live cluster. */
  readonly lifecycleSupport: string;
  /** Tags of all created resources. */
  readonly tags: Readonly<Record<string, string>>;
  /** Parameters in Systems Manager with the identifier and the endpoints of the live cluster. */
  readonly parameters: { readonly identifier: string; readonly writer: string; readonly reader: string };
  /** All services that use the database. Their tasks read the parameters at their start. */
  readonly services: readonly EcsService[];
  /** Whether other regions replicate the live cluster: they retain the damaged data. */
  readonly replicated: boolean;
}

export interface RestoreProps extends RunbookContext, RestoreSettings {
  /** Settings of the restored cluster: those of the live cluster. */
  readonly template: ClusterTemplate;
  /** Undefined where RDS manages the password. */
  readonly password: PasswordSettings | undefined;
  /** Settings of the database user of the services. Undefined without one. */
  readonly serviceUser: ServiceUserSettings | undefined;
  /** First part of the names of restored clusters. Eight random letters and digits follow. */
  readonly restoredPrefix: string;
}

/** Restoring a large database takes hours. Creating an instance takes minutes. */
export const RESTORE_HOURS = 12;
export const INSTANCE_HOURS = 2;
/** Between two attempts to read a status. */
export const POLL_SECONDS = 60;
/** There may be 15 instances, and an execution may have 25,000 events. */
export const INSTANCE_POLL_SECONDS = 120;

/** Reads the restored cluster into `$.described`. */
export function describeRestored(next: string): State {
  return describeCluster({
    identifier: { "DbClusterIdentifier.$": "$.restored.identifier" },
    resultPath: "$.described",
    next,
    onError: "DeleteInstances",
  });
}

import type { State } from "../states";
import { invoke } from "../tasks";

/** The user of the services, which a function of the database module creates in a cluster. */
export interface ServiceUserSettings {
  readonly functionArn: string;
}

interface SetServiceUser extends ServiceUserSettings {
  /** Path of the cluster, as RDS describes it. */
  readonly clusterPath: string;
  readonly next: string;
  /** Where to continue when the user cannot be set. */
  readonly onFailure: string;
}

/** More than the timeout of the function, 75 s. */
const INVOKE_SECONDS = 85;
/** Longest time for the function, with its repetitions. */
export const SERVICE_USER_HOURS = 0.5;

/**
 * Creates the user of the services in the cluster, or gives it the present password. The data of an earlier time include the users and
 * the passwords of that time. After `SetPassword`, because the function connects as the master user. Begins at `SetServiceUser`.
 */
export function setServiceUser({ functionArn, clusterPath, next, onFailure }: SetServiceUser): Record<string, State> {
  return {
    SetServiceUser: invoke(
      functionArn,
      { "host.$": `${clusterPath}.Endpoint` },
      { next, catchers: [{ next: onFailure }], timeoutSeconds: INVOKE_SECONDS },
    ),
  };
}

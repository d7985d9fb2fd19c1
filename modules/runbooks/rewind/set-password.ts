import { poll, type Progress } from "../poll";
import { failWith, type State, text } from "../states";
import { invoke } from "../tasks";

/** The password of the live cluster, where Terraform sets it from a secret. */
export interface PasswordSettings {
  /** Function that sets the password of the secret (`set-database-password`). */
  readonly functionArn: string;
  readonly secretArn: string;
}

interface SetPassword {
  readonly functionArn: string;
  /** The cluster, as a field of the payload: `clusterIdentifier`, or `clusterIdentifier.$` with a path. */
  readonly payload: Readonly<Record<string, string>>;
  readonly intervalSeconds: number;
  readonly progress: Progress;
  /** The call that reads the cluster. @param next the state after it */
  readonly describe: (next: string) => State;
  /** Path of the cluster, as RDS describes it. */
  readonly clusterPath: string;
  readonly next: string;
  /** Where to continue when the password cannot be set. */
  readonly onFailure: string;
}

/** Longest time for the cluster to be available again after a change of its password. */
export const PASSWORD_HOURS = 0.5;
/** Minutes of attempts while RDS makes another change of the cluster, a backup for example. An execution is not silent for longer than 15 minutes. */
const PENDING_MINUTES = 4;

/**
 * Sets the password of the secret again. The data of an earlier time include the password of that time, and new tasks use
 * the present one. Begins at `SetPassword`.
 */
export function setPassword({ functionArn, payload, next, onFailure, ...waiting }: SetPassword): Record<string, State> {
  const { intervalSeconds, progress, describe, clusterPath } = waiting;
  const set = invoke(functionArn, payload, { next: "ResetPasswordAttempts", catchers: [{ next: onFailure }] });
  const pending = { ErrorEquals: ["InvalidDBClusterStateFault"], IntervalSeconds: 60, MaxAttempts: PENDING_MINUTES, BackoffRate: 1 };
  return {
    SetPassword: { ...set, Retry: [pending, ...(set["Retry"] as object[])] },
    ...poll({
      name: "Password",
      intervalSeconds,
      timeoutHours: PASSWORD_HOURS,
      progress,
      describe,
      // It is `resetting-master-credentials` in the meantime, but not from the first moment.
      statusPath: `${clusterPath}.Status`,
      successStatus: "available",
      successCondition: { Not: { Variable: `${clusterPath}.PendingModifiedValues.MasterUserPassword`, IsPresent: true } },
      failurePattern: "*fail*",
      onSuccess: next,
      onFailure: "FailPassword",
    }),
    FailPassword: failWith(
      "Rewind.PasswordFailed",
      text("The cluster is not available after the change of its password: its status is {}.", `${clusterPath}.Status`),
      onFailure,
    ),
  };
}

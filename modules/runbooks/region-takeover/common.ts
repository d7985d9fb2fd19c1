import type { RunbookContext } from "../runbook";
import type { EcsService } from "../service-states";
import { FAILURE, type State } from "../states";
import { invoke } from "../tasks";

export interface TakeoverProps extends RunbookContext {
  /** Every region of the platform, in the order in which DNS prefers them, and the parameter with the id of its health check. */
  readonly regions: readonly { readonly name: string; readonly healthCheckParameter: string }[];
  readonly globalCluster: string;
  /** The cluster of this region, which is promoted. */
  readonly cluster: { readonly identifier: string; readonly arn: string };
  /** Parameters of `createDBInstance` for a cluster without an instance, which cannot be promoted. @default - the cluster has instances */
  readonly instance?: Readonly<Record<string, unknown>> | undefined;
  /** Function that calls other regions (`move-database`). */
  readonly functionArn: string;
  /** Alarm on the replication lag of this region. */
  readonly lagAlarm: string;
  /** Parameters with which this region's tasks find the database, and the one that allows or freezes their writes. */
  readonly parameters: { readonly writer: string; readonly reader: string; readonly identifier: string; readonly writes: string };
  /** Services, with the bounds of their tasks in a primary region. */
  readonly services: readonly (EcsService & { readonly min: number; readonly max: number })[];
}

/** Between two attempts to read a status. */
export const POLL_SECONDS = 15;

/** Second part of the subject of every message. */
export const SUBJECT = "region takeover";

/** Reads the state of the global database into `$.globalDatabase`: `phase`, `primaryRegion` and `connected`. */
export function inspectGlobalDatabase(functionArn: string, next: string, onError: string, errorPath = FAILURE): State {
  return invoke(
    functionArn,
    { action: "inspect" },
    {
      result: {
        ResultSelector: {
          "phase.$": "$.Payload.phase",
          "primaryRegion.$": "$.Payload.primaryRegion",
          "connected.$": "$.Payload.connected",
        },
        ResultPath: "$.globalDatabase",
      },
      next,
      catchers: [{ next: onError, resultPath: errorPath }],
    },
  );
}

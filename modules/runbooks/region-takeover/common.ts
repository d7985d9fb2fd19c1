import type { Progress } from "../poll";
import type { RunbookContext } from "../runbook";
import type { EcsService } from "../service-states";
import { FAILURE, type State } from "../states";
import { invoke } from "../tasks";

export interface TakeoverProps extends RunbookContext {
  /** Every region of the platform, in the order in which DNS prefers them. */
  readonly regions: readonly string[];
  /** Identifier of the global cluster. */
  readonly globalCluster: string;
  /** The cluster of this region, which is promoted. */
  readonly cluster: { readonly identifier: string; readonly arn: string };
  /** Parameters of `createDBInstance` for a cluster without an instance, which cannot be promoted. @default - the cluster has instances */
  readonly instance?: Readonly<Record<string, unknown>> | undefined;
  /** Function that calls other regions (`region-control`). */
  readonly functionArn: string;
  /** Parameter that allows or freezes the writes of this region. */
  readonly writesParameter: string;
  /** Services, with the bounds of their tasks in a primary region. */
  readonly services: readonly (EcsService & { readonly min: number; readonly max: number })[];
  /** Whether this region runs fewer tasks than a primary region until it takes over. */
  readonly scaledDown: boolean;
}

/** Between two attempts to read a status. */
export const POLL_SECONDS = 15;

/** Second part of the subject of every message. */
export const SUBJECT = "region takeover";

/** Path of the input of a switchover, for commands in messages. */
export const SWITCHOVER = "$.plan.switchover";

/** Messages while the takeover waits. */
export function progress({ topicArn }: TakeoverProps, waitsFor: string): Progress {
  return { topicArn, subject: SUBJECT, everyMinutes: 2, waitsFor };
}

/** Reads the state of the global database into `$.globalDatabase`: `phase`, `primaryRegion`, `connected` and `restored`. */
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
          "restored.$": "$.Payload.restored",
        },
        ResultPath: "$.globalDatabase",
      },
      next,
      catchers: [{ next: onError, resultPath: errorPath }],
    },
  );
}

/** Whether a list in the data has an item. */
export function hasItem(listPath: string): object {
  return { Variable: `${listPath}[0]`, IsPresent: true };
}

import type { Dns } from "./dns";
import type { Program } from "./interpreter";

/** A parameter of Systems Manager that a runbook may change. */
export interface PlatformParameter {
  readonly name: string;
  readonly region: string;
  readonly value: string;
  /** Whether an apply leaves a changed value. */
  readonly isIgnored: boolean;
}

/** The names of a region's parameters. */
export interface ParameterNames {
  /** Allows or freezes the writes of its services. */
  readonly writes: string;
  /** The endpoint to which its tasks write. */
  readonly writer: string;
  /** The identifier of the cluster that its tasks use. */
  readonly identifier: string;
}

/** The range of the tasks of a service. */
export interface Scaling {
  readonly region: string;
  readonly resource: string;
  readonly range: readonly [number, number];
  readonly isIgnored: boolean;
  /** Ranges that scheduled actions set. */
  readonly scheduled: readonly (readonly [number, number])[];
}

/** What a fence does: a function that runs every minute in its region. */
export interface Fence {
  readonly freezes: boolean;
  readonly releases: boolean;
  readonly allows: boolean;
  readonly waitsForTakeovers: boolean;
}

export const FENCE: Fence = { freezes: true, releases: true, allows: false, waitsForTakeovers: true };

/** Everything of a platform that a takeover changes or depends on, read from its stacks. */
export interface Platform {
  /** In the order in which DNS prefers them. */
  readonly regions: readonly string[];
  readonly takeovers: ReadonlyMap<string, Program>;
  readonly takeoverArns: ReadonlyMap<string, string>;
  /** Identifier of the cluster that Terraform created in each region. */
  readonly clusters: ReadonlyMap<string, string>;
  readonly parameters: readonly PlatformParameter[];
  readonly names: ReadonlyMap<string, ParameterNames>;
  readonly scalings: readonly Scaling[];
  /** Number of tasks' database instances that Terraform creates in each region. */
  readonly instances: ReadonlyMap<string, number>;
  readonly dns: Dns;
  /** The region that responds at a host. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Paths at which a load balancer answers whether its region holds DNS. */
  readonly holdPaths: ReadonlySet<string>;
  /** Regions with a function that freezes writes while their cluster is not the writer. */
  readonly fences: ReadonlySet<string>;
  readonly fence: Fence;
  /** The message when an execution of a region does not succeed: it names no reason. */
  readonly endedMessages: ReadonlyMap<string, string>;
}

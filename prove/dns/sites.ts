import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";

/** A load balancer to which names resolve. */
export interface Site {
  /** Region of the load balancer, or the name of its stack if the region is unknown. */
  readonly region: string;
  readonly graph: Graph;
  readonly balancer: Resource;
}

/** What answers requests, before or after a loss. */
export interface World {
  /** Whether a load balancer accepts connections. */
  readonly isUp: (site: Site) => boolean;
  /** Whether targets answer: those of some target groups of a load balancer. @param groups default: all to which it forwards */
  readonly hasTargets: (site: Site, groups?: readonly Resource[]) => boolean;
  /** Region whose load balancer answers the path of its hold with success. @default - none does */
  readonly holder?: string | undefined;
  /** Whether an endpoint or a health check is healthy about which this JSON does not decide. */
  readonly isUnknownHealthy: boolean;
}

export type Destination = {
  /** PRIMARY or SECONDARY, of the first record on the way. */
  readonly role?: string | undefined;
} & (
  | { readonly kind: "site"; readonly site: Site }
  | { readonly kind: "outside"; readonly host: string }
  | { readonly kind: "nowhere"; readonly host: string; readonly because: string }
);

export const nowhere = (host: string, because: string): Destination => ({ kind: "nowhere", host, because });

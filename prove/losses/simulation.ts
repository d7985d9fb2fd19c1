/** What a loss does to a platform. */
export interface Simulation {
  /** `zone us-east-1/us-east-1a` */
  readonly id: string;
  readonly kind:
    | "zone"
    | "region"
    | "nat-gateway"
    | "route"
    | "database-instance"
    | "cache-node"
    | "key"
    | "secret"
    | "registry"
    | "control-plane"
    | "pair";
  /** What is lost, for a person. */
  readonly lost: string;
  readonly region: string | undefined;
  /** Addresses of what is gone with it: `stack/address`. */
  readonly dark: readonly string[];
  /** Who still serves, one sentence a region. */
  readonly serves: readonly string[];
  readonly requests: "served" | "interrupted" | "lost";
  readonly writes: "served" | "interrupted" | "by command" | "lost";
  /** To what the name resolves. */
  readonly dns: string;
  /** Tasks of each service. */
  readonly capacity: readonly { readonly service: string; readonly before: number; readonly atOnce: number; readonly recovered: number }[];
  /** Alarm, topic and region by which operators are notified. */
  readonly notified: readonly string[];
  /** What the loss takes outside of itself. */
  readonly crossings: readonly string[];
  readonly because: string;
}

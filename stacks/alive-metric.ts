import type { LoadBalancer } from "../modules/load-balancer/load-balancer";
import type { Metric } from "../modules/monitoring/metric";
import type { Network } from "../modules/network/network";

/** A metric that the region has from its creation on, by the minute, with or without requests. */
export function aliveMetric({ network, loadBalancer }: { readonly network: Network; readonly loadBalancer: LoadBalancer }): Metric {
  return network.flowLogEvents ?? loadBalancer.alive;
}

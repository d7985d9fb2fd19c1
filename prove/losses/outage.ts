import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { idOf, type Part, type Platform, type RunningService } from "./model";

/** What is gone, and what follows from it. */
export class Outage {
  /** Ids of the parts that are lost. */
  readonly lost: ReadonlySet<string>;

  constructor(
    readonly platform: Platform,
    seeds: readonly string[],
    /** Regions in which no task can start, because ECS takes no calls. */
    readonly noStarts: readonly string[] = [],
    /** Hosts of registries that answer nothing. */
    readonly registries: readonly string[] = [],
  ) {
    const lost = new Set(seeds);
    const parts = [...platform.parts.values()].filter(({ all, any }) => all.length + any.length > 0);
    for (let before = -1; before !== lost.size;) {
      before = lost.size;
      for (const { id, all, any } of parts)
        if (!lost.has(id) && (all.some((one) => lost.has(one)) || (any.length > 0 && any.every((one) => lost.has(one))))) lost.add(id);
    }
    this.lost = lost;
  }

  has(part: Part | undefined): boolean {
    return part !== undefined && this.lost.has(part.id);
  }

  /** Whether a resource is lost. A resource that is no part cannot be. */
  hasResource(graph: Graph, resource: Resource): boolean {
    return this.lost.has(idOf(graph, resource));
  }

  /** Zones of a service that are left, with the number of tasks in each. ECS spreads tasks evenly. */
  tasksByZone({ part, service, zones, tasks }: RunningService): ReadonlyMap<string, number> {
    if (this.has(part)) return new Map();
    if (zones.length === 0) return new Map(tasks === 0 ? [] : [["unknown zones", tasks]]);
    const left = (service.subnets ?? []).filter(({ address }) => !this.lost.has(`${part.graph.name}/${address}`)).map(({ zone }) => zone);
    return new Map(
      zones.flatMap((zone, index) => {
        const count = Math.floor((tasks + zones.length - 1 - index) / zones.length);
        return left.includes(zone) && count > 0 ? [[zone, count] as const] : [];
      }),
    );
  }

  /** Tasks of a service that run at once after the loss. */
  tasks(service: RunningService): number {
    return [...this.tasksByZone(service).values()].reduce((sum, count) => sum + count, 0);
  }
}

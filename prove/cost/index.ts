import type { Graph } from "../graph/graph";
import type { Resource } from "../graph/values";
import { fixedItems, type Item } from "./fixed";
import { PRICED } from "./prices";
import { safetyOf, type SafetyFeature } from "./safety";
import { FREE, type Tier, TIERS } from "./types";
import { USAGE, type Usage } from "./usage";
import type { UsageItem } from "./usage-item";

export interface Cost {
  readonly currency: "USD";
  /** When the prices were read. */
  readonly priced: string;
  /** Fixed capacity, without any use. */
  readonly monthly: number;
  readonly tiers: readonly { readonly tier: Tier; readonly monthly: number }[];
  readonly items: readonly Item[];
  readonly usage: readonly UsageItem[];
  /** What each feature costs: the difference without it. */
  readonly safety: readonly SafetyFeature[];
  /** Resources that cost and have no price in this table: a type, a class or a region. They are not in any sum. */
  readonly unpriced: readonly { readonly stack: string; readonly address: string; readonly type: string }[];
}

/** Quantities a month in the place of those of `usage.ts`, by type and by what is counted: `{ aws_lb: { "load balancer capacity units": 5 } }`. */
export type Assumptions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A monthly estimate at list prices, on demand. Nothing is estimated where no price is known. */
export function cost(stacks: readonly Graph[], assumptions: Assumptions = {}): Cost {
  const resources = stacks.flatMap((graph) =>
    graph
      .all()
      .filter(({ type }) => !type.startsWith("data."))
      .map((resource) => ({ graph, resource })),
  );
  const priced = resources.map(({ graph, resource }) => ({ graph, resource, items: itemsOf(graph, resource) }));
  const items = priced.flatMap((one) => one.items ?? []);
  const usage = resources.flatMap(({ graph, resource }) => usageOf(graph, resource, assumptions));
  const tiers = [...new Set(Object.values(TIERS))].map((tier) => ({
    tier,
    monthly: sumOf(items.filter(({ address }) => tierOf(address) === tier)),
  }));
  return {
    currency: "USD",
    priced: PRICED,
    monthly: sumOf(items),
    tiers,
    items,
    usage,
    safety: safetyOf(stacks, items, usage),
    unpriced: priced
      .filter((one) => one.items === undefined)
      .map(({ graph, resource: { address, type } }) => ({ stack: graph.name, address, type })),
  };
}

function itemsOf(graph: Graph, resource: Resource): readonly Item[] | undefined {
  if (FREE.includes(resource.type)) return [];
  return TIERS[resource.type] === undefined ? undefined : fixedItems(graph, resource);
}

function usageOf(graph: Graph, { type, address }: Resource, assumptions: Assumptions): UsageItem[] {
  return (USAGE[type] ?? []).map(({ what, unit, price, assumed, source, isVerified }: Usage) => {
    const quantity = assumptions[type]?.[what] ?? assumed;
    return { stack: graph.name, address, what, unit, price, assumed: quantity, monthly: quantity * price, source, verified: isVerified };
  });
}

export const sumOf = (items: readonly { readonly monthly: number }[]): number => items.reduce((sum, { monthly }) => sum + monthly, 0);

function tierOf(address: string): Tier | undefined {
  return TIERS[address.split(".")[0] ?? ""];
}

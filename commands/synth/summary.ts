import type { Loaded } from "../../config/load";
import { type Cost, cost, sumOf } from "../../prove/cost";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { quotaNeeds } from "../doctor/needs";
import { readStacks } from "../last-synth";
import { ExpectedResources } from "../verify/expected";

export interface Summary {
  readonly environment: string;
  readonly account: string;
  readonly preset: string;
  /** The output folder. */
  readonly folder: string;
  /** In the order of their deployment. */
  readonly stacks: readonly {
    readonly name: string;
    readonly resources: number;
    /** USD a month, without use, and without the resources in `unpriced`. */
    readonly monthly: number;
  }[];
  readonly monthly: {
    readonly currency: "USD";
    /** When the prices were read. */
    readonly priced: string;
    /** Capacity that is paid whether it is used or not. */
    readonly fixed: number;
    /** Paid by use, with the quantities that `prove/cost/usage.ts` assumes. */
    readonly byUse: number;
    /** Resources that have a cost and no known price, by type and stack. No sum includes them. */
    readonly unpriced: readonly { readonly stack: string; readonly type: string; readonly resources: number }[];
  };
  readonly recovery: readonly string[];
  /** What each region needs at its peak, during a deployment and after a takeover. */
  readonly quotas: readonly { readonly region: string; readonly what: string; readonly needed: number; readonly because?: string }[];
  readonly warnings: readonly string[];
  /** Commands that come next, in this order. */
  readonly next: readonly string[];
}

/** What a synth has written, and what it means. @param names of the stacks, in the order of their deployment */
export function summaryOf({ config, isExample, notices, objectives }: Loaded, names: readonly string[], folder: string): Summary {
  const written = readStacks(folder).filter(([name]) => names.includes(name));
  const { items, usage, monthly, priced, unpriced, currency } = cost(written.map(([name, json]) => new Graph(name, json as TerraformJson)));
  const expected = ExpectedResources.of(written);
  return {
    environment: config.environmentSuffix,
    account: config.accountId,
    preset: config.preset,
    folder,
    stacks: names.map((name) => ({
      name,
      resources: expected.in(name).length,
      monthly: rounded(sumOf(items.filter(({ stack }) => stack === name))),
    })),
    monthly: { currency, priced, fixed: rounded(monthly), byUse: rounded(sumOf(usage)), unpriced: counted(unpriced) },
    recovery: objectives,
    quotas: config.regions.flatMap((region) =>
      quotaNeeds(config, region, expected).map(({ what, needed, because }) => ({
        region: region.name,
        what,
        needed,
        ...(because !== undefined && { because }),
      })),
    ),
    warnings: notices,
    next: isExample ? ["npm run init", "npm run synth"] : ["npm run doctor", `npx cdktf deploy ${names.join(" ")}`],
  };
}

function counted(unpriced: Cost["unpriced"]): Summary["monthly"]["unpriced"] {
  const kinds = new Map(unpriced.map(({ stack, type }) => [`${stack} ${type}`, { stack, type }]));
  return [...kinds.values()].map((kind) => ({
    ...kind,
    resources: unpriced.filter(({ stack, type }) => stack === kind.stack && type === kind.type).length,
  }));
}

function rounded(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}

import type { Cost } from ".";
import { sumOf } from ".";
import { TIERS } from "./types";

/** Estimates of several platforms as Markdown: the total and the tiers of each, what safety costs, and which prices are not verified. */
export function costTables(costs: Readonly<Record<string, Cost>>): string {
  const names = Object.keys(costs);
  const all = Object.values(costs);
  const tiers = [...new Set(Object.values(TIERS))];
  const features = [...new Set(all.flatMap(({ safety }) => safety.map(({ feature }) => feature.replace(/ beside .*/, ""))))];
  const tierOf = (cost: Cost, tier: string): number => cost.tiers.find((one) => one.tier === tier)?.monthly ?? 0;
  const featureOf = (cost: Cost, name: string): number | undefined =>
    cost.safety.find(({ feature }) => feature.replace(/ beside .*/, "") === name)?.monthly;
  const unverified = [
    ...new Set(
      all.flatMap(({ items }) =>
        items.filter(({ verified }) => !verified).map(({ what, region, price }) => `${what} in ${region ?? "?"}: ${String(price)}`),
      ),
    ),
  ].sort();
  return [
    table(
      ["tier", ...names],
      [
        ...tiers.map((tier) => [tier, ...all.map((cost) => dollars(tierOf(cost, tier)))]),
        ["**fixed, a month**", ...all.map(({ monthly }) => `**${dollars(monthly)}**`)],
        ["by use, with the assumptions of usage.ts", ...all.map(({ usage }) => dollars(sumOf(usage)))],
      ],
    ),
    "",
    table(
      ["feature", ...names],
      features.map((feature) => [feature, ...all.map((cost) => dollars(featureOf(cost, feature)))]),
    ),
    "",
    "Prices that are not verified:",
    "",
    ...unverified.map((line) => `- ${line}`),
  ].join("\n");
}

function dollars(amount: number | undefined): string {
  return amount === undefined || amount === 0 ? "" : amount.toFixed(0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

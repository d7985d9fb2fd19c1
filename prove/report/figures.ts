import type { Availability } from "../availability";
import type { Cost } from "../cost";
import { escaped, source, table } from "./markup";

const percent = (share: number): string => `${(share * 100).toFixed(3)} %`;
const dollars = (amount: number): string => amount.toFixed(amount < 10 ? 2 : 0);

/** The composite figure, what it assumes, and what failures cost. */
export function availabilityTables({ read, oneRegion, pair, target, reached, assumptions, failures }: Availability): readonly string[] {
  if (!oneRegion) return [];
  return [
    "<h2>Availability</h2>",
    `<p>Composed of the <a href="https://aws.amazon.com/legal/service-level-agreements/">service level agreements</a> of AWS, read on ${escaped(read)}. An agreement promises credits, and measures nothing.</p>`,
    table(
      ["Platform", "Requests that read", "Requests that write"],
      [
        [`${escaped(oneRegion.region)} alone`, percent(oneRegion.availability), percent(oneRegion.availability)],
        ...(pair ? [[escaped(pair.regions.join(" and ")), percent(pair.reads), percent(pair.writes)]] : []),
      ],
    ),
    `<p>${percent(target)} is ${reached ? "" : "not "}reached for requests that write.</p>`,
    `<ul>${assumptions.map((sentence) => `<li>${escaped(sentence)}</li>`).join("")}</ul>`,
    table(
      ["Failure", "Seconds without an answer", `Share of the month's budget of ${percent(target)}`],
      failures.map(({ failure, seconds, share }) => [
        escaped(failure),
        seconds === undefined ? "not limited" : String(seconds),
        share === undefined ? "" : `${Math.round(share * 100)} %`,
      ]),
    ),
  ];
}

/** The monthly estimate by tier, and what each safety feature costs. */
export function costTables({ currency, priced, monthly, tiers, items, safety, usage, unpriced }: Cost): readonly string[] {
  const unverified = [...new Set(items.filter(({ verified }) => !verified).map(({ what }) => what))];
  return [
    "<h2>Cost</h2>",
    `<p>${unpriced.length > 0 ? "More than" : "About"} ${dollars(monthly)} ${currency} a month for fixed capacity, at list prices read on ${escaped(priced)}. Use and data transfer are in addition.</p>`,
    table(
      ["Tier", `${currency} a month`],
      tiers.filter((tier) => tier.monthly > 0).map((tier) => [escaped(tier.tier), dollars(tier.monthly)]),
    ),
    "<h3>What safety costs</h3>",
    table(
      ["Feature", `${currency} a month`, "Because"],
      safety.map((feature) => [escaped(feature.feature), dollars(feature.monthly), escaped(feature.because)]),
    ),
    ...(usage.length === 0
      ? []
      : [
          "<details><summary>What depends on use, with the quantities that are assumed</summary>",
          table(
            ["Resource", "Assumed", "Price", `${currency} a month`, "Source"],
            usage.map((item) => [
              escaped(`${item.stack}/${item.address}: ${item.what}`),
              escaped(`${item.assumed} ${item.unit}`),
              String(item.price),
              dollars(item.monthly),
              source(item.source),
            ]),
          ),
          "</details>",
        ]),
    ...(unverified.length === 0 ? [] : [`<p>Not verified on a page of AWS: the prices of ${escaped(unverified.join(", "))}.</p>`]),
    ...(unpriced.length === 0
      ? []
      : [`<p>Without a price, and in no sum: ${escaped(unpriced.map(({ address }) => address).join(", "))}.</p>`]),
  ];
}

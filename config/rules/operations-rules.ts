import { code as currencyOf } from "currency-codes";
import { CANARY_RUNTIMES, CANARY_RUNTIMES_SOURCE } from "../aws-limits";
import { canaryRunSeconds, longestCanaryLatency } from "../canary-timing";
import { problemIf, type Rule } from "./rule";

/** Tolerance for clocks of clients that are ahead, in addition to the window. The validation function has the same value. */
export const CLOCK_SKEW_SECONDS = 60;

/** Payment validation, events, canaries. */
export const OPERATIONS_RULES: readonly Rule[] = [
  {
    reads: ["validation.limits"],
    check: ({ validation: { limits } }) =>
      Object.entries(limits).flatMap(([currency, { min, max }]) => {
        const where = `validation.limits.${currency}`;
        const source = "https://www.six-group.com/en/products-services/financial-information/data-standards.html";
        const known = currencyOf(currency);
        if (!known) return [{ where, given: currency, why: "is not a currency of ISO 4217", instead: "a currency code, e.g. EUR", source }];
        return [
          ...[["min", min] as const, ["max", max] as const].flatMap(([key, given]) =>
            problemIf((given.split(".")[1] ?? "").length > known.digits, {
              where: `${where}.${key}`,
              given,
              why: `${currency} has ${known.digits} decimal digits`,
              instead: `an amount with ${known.digits} decimal digits`,
              source,
            }),
          ),
          ...problemIf(Number(min) > Number(max), {
            where: `${where}.min`,
            given: min,
            why: `is above the maximum of ${max}: every payment would be rejected`,
            instead: "an amount up to the maximum",
          }),
        ];
      }),
  },
  {
    reads: ["validation"],
    check: ({ validation: { enabled, limits, window_seconds, idempotency_hours } }) => [
      ...problemIf(enabled && Object.keys(limits).length === 0, {
        where: "validation.limits",
        given: limits,
        why: "contains no currency: every payment would be rejected",
        instead: '{ EUR = { min = "0.01", max = "10000.00" } }',
      }),
      ...problemIf(idempotency_hours * 3600 < window_seconds + CLOCK_SKEW_SECONDS, {
        where: "validation.idempotency_hours",
        given: idempotency_hours,
        why: `a request is accepted for ${window_seconds} s after its creation, and a clock may be ${CLOCK_SKEW_SECONDS} s ahead. Its key would expire before: the same request could be valid twice as a new one`,
        instead: `${Math.ceil((window_seconds + CLOCK_SKEW_SECONDS) / 3600)} or more`,
      }),
    ],
  },
  {
    reads: ["validation", "events"],
    check: ({ validation, events }) =>
      problemIf(validation.enabled && validation.on_events && !events.enabled, {
        where: "validation.on_events",
        given: true,
        why: "requires the event bus, which is not enabled",
        instead: "events = { enabled = true }",
      }),
  },
  {
    reads: ["canaries"],
    check: ({ canaries: { enabled, runtime: given } }) => {
      const { start, newest, deprecated } = CANARY_RUNTIMES.find((family) => given.startsWith(family.start)) ?? CANARY_RUNTIMES[1];
      return problemIf(enabled && Number(given.slice(start.length)) <= deprecated, {
        where: "canaries.runtime",
        given,
        why: "is deprecated: AWS creates no canary with it",
        instead: `"${start}${newest}"`,
        source: CANARY_RUNTIMES_SOURCE,
      });
    },
  },
  {
    reads: ["canaries"],
    check: ({ canaries: { enabled, every_minutes, max_latency_seconds: given } }) => {
      const needed = canaryRunSeconds(given);
      return problemIf(enabled && needed > every_minutes * 60, {
        where: "canaries.max_latency_seconds",
        given,
        why: `two attempts and the start take up to ${needed} s, and the next run starts after ${every_minutes * 60} s: the second attempt would be interrupted`,
        instead: `max_latency_seconds = ${longestCanaryLatency(every_minutes)}, or every_minutes = ${Math.ceil(needed / 60)}`,
        source: "https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_CanaryRunConfigInput.html",
      });
    },
  },
];

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { valueOf } from "../support/alarm-math";
import { evaluate } from "../support/alarm-rule";
import { failoverStack, regionStack } from "../support/synthesized";
import { FAILURES, type Failure } from "./failures";
import { type Message, messagesOf } from "./simulation";

const PAGE = resolve(__dirname, "..", "..", "docs", "failures.md");
/** Two regions with everything that can fail. */
const PLATFORM = {
  sessions: "redis",
  canaries: { enabled: true, write_path: "/health/payments" },
  events: { enabled: true },
  monitoring: { chat: true },
};
const STACKS = {
  "first region": regionStack(PLATFORM),
  standby: regionStack(PLATFORM, 1),
  failover: failoverStack(PLATFORM),
} as const;

const rows = FAILURES.map((failure) => ({ failure, messages: messagesOf(failure, STACKS) }));
const of = (name: string): Message[] => rows.find(({ failure }) => failure.name === name)?.messages ?? [];

describe("a failure", () => {
  it.each(rows.filter(({ failure }) => failure.name !== "none").map(({ failure, messages }) => [failure.name, messages] as const))(
    "sends at least one message to on-call, and at most three: %s",
    (_, messages) => {
      expect(messages.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThanOrEqual(3);
    },
  );

  it("that does not exist sends none", () => {
    expect(of("none")).toEqual([]);
  });

  it("of a zone is reported once by its zonal shift, once by what clients see, and once by the failover of the database", () => {
    const senders = of("a zone is dark, with the writer in it").map(({ from }) => from);
    expect(senders.sort()).toEqual(["composite-clients", "database-failover", "runbook-zonal-shift"]);
  });

  it("of a zone without a runbook is reported by its alarm", () => {
    const manual = { ...PLATFORM, zonal_shift: { automatic: false } };
    const stacks = { ...STACKS, "first region": regionStack(manual), standby: regionStack(manual, 1) };
    const dark = FAILURES.find(({ name }) => name === "a zone is dark, with the writer in it") as Failure;
    expect(
      messagesOf(dark, stacks)
        .map(({ from }) => from)
        .sort(),
    ).toEqual(["composite-clients", "composite-zone-us-east-1a-impaired", "database-failover"]);
  });
});

describe("docs/failures.md", () => {
  it("is the table of the failures with their messages (UPDATE_PAGES=1 writes it)", () => {
    const text = page();
    if (process.env["UPDATE_PAGES"] === "1") writeFileSync(PAGE, text);
    expect(existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "").toBe(text);
  });
});

function page(): string {
  const cells = rows.map(({ failure, messages }) => [
    failure.name,
    messages.map(({ from }) => `\`${from}\``).join(", "),
    first(messages),
    String(messages.length),
    failure.byItself,
  ]);
  return `# Failures and messages

What on-call receives for each failure, computed from the alarms, the composite alarms and the event rules of a platform with two regions: each failure changes metrics, the alarms on them go to ALARM, and a composite alarm that a wider one suppresses sends nothing. A test computes the table again. When an alarm returns to OK, its OK is one more message.

Alarms on unusual values are left out, because they need fifteen minutes. AWS Health sends a message of its own for an issue that AWS reports. If the whole path of alerts is broken, no message can say so: an outside service that expects the [heartbeat](runbooks/alerts.md#heartbeat) does.

| failure | who sends a message | first message after, at most | messages | what happens by itself |
|---|---|---|---|---|
${cells.map((row) => `| ${row.join(" | ")} |`).join("\n")}
`;
}

/** Seconds until the first message: the least of the maxima. An event arrives within seconds. */
function first(messages: readonly Message[]): string {
  if (messages.length === 0) return "";
  if (messages.some(({ seconds }) => seconds === undefined)) return "seconds, by an event";
  return `${Math.min(...messages.map(({ seconds = 0 }) => seconds))} s`;
}

describe("the evaluation of an alarm", () => {
  it.each<[string, Record<string, number | undefined>, number | undefined]>([
    ["IF(FILL(a, 0) >= 10, 100 * a / b, 0)", { a: 20, b: 40 }, 50],
    ["IF(FILL(a, 0) >= 10, 100 * a / b, 0)", { a: undefined, b: 40 }, 0],
    ["SUM([FILL(a, 0), FILL(b, 0)]) * 2", { a: 1, b: undefined }, 2],
    ["a >= 1 AND b * 2 >= 3 * (a - 1)", { a: 1, b: 0 }, 1],
    ["IF(a, 1, 2)", { a: undefined }, undefined],
    ["a + 1", { a: undefined }, undefined],
  ])("%s has the value of metric math", (expression, values, value) => {
    expect(valueOf(expression, values)).toBe(value);
  });

  it.each(["a +", "a b", "MAX(a)", "c", "a ? b"])("rejects %s, which it does not know", (expression) => {
    expect(() => valueOf(expression, { a: 1, b: 2 })).toThrow();
  });

  it.each<[string, string[], boolean]>([
    ['ALARM("a") OR ALARM("b") AND ALARM("c")', ["a"], true],
    ['(ALARM("a") OR ALARM("b")) AND ALARM("c")', ["a"], false],
    ['(ALARM("a")) AND NOT (ALARM("b") OR ALARM("c"))', ["a"], true],
    ['(ALARM("a")) AND NOT (ALARM("b") OR ALARM("c"))', ["a", "c"], false],
  ])("%s follows the precedence of NOT, AND and OR", (rule, firing, expected) => {
    expect(evaluate(rule, new Set(firing))).toBe(expected);
  });

  it.each(['ALARM("a") ALARM("b")', '(ALARM("a")', 'OK("a")', "AND"])("rejects the rule %s", (rule) => {
    expect(() => evaluate(rule, new Set())).toThrow();
  });
});

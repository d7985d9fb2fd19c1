/** A rule of a composite alarm, or a part of it. */
type Rule =
  | { readonly kind: "state"; readonly state: string; readonly alarm: string }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly of: Rule }
  | { readonly kind: "all" | "any"; readonly of: readonly Rule[] };

export type { Rule };

const TOKEN = /\s*(?:((?:AND|OR|NOT|TRUE|FALSE)(?![\w-])|[()])|(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?([^")]+?)"?\s*\))/iy;

/**
 * Reads the rule of a composite alarm. AND comes before OR. Undefined if it is no rule.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readRule(text: string): Rule | undefined {
  const tokens: (string | Rule)[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    const [, word, state = "", alarm = ""] = found;
    tokens.push(word?.toUpperCase() ?? { kind: "state", state: state.toUpperCase(), alarm: alarm.split(":").at(-1) ?? alarm });
  }
  let position = 0;
  const several = (kind: "all" | "any", word: string, part: () => Rule | undefined): Rule | undefined => {
    const first = part();
    if (!first) return undefined;
    const parts = [first];
    while (tokens[position] === word) {
      position++;
      const next = part();
      if (!next) return undefined;
      parts.push(next);
    }
    return parts.length === 1 ? first : { kind, of: parts };
  };
  const any = (): Rule | undefined => several("any", "OR", all);
  const all = (): Rule | undefined => several("all", "AND", single);
  const single = (): Rule | undefined => {
    const token = tokens[position++];
    if (typeof token === "object") return token;
    if (token === "TRUE" || token === "FALSE") return { kind: "constant", value: token === "TRUE" };
    if (token === "NOT") {
      const of = single();
      return of && { kind: "not", of };
    }
    if (token !== "(") return undefined;
    const inner = any();
    return tokens[position++] === ")" ? inner : undefined;
  };
  const rule = any();
  return position === tokens.length ? rule : undefined;
}

/** Whether a rule is met. @param inAlarm whether an alarm is in ALARM. What is not is OK. */
export function isMet(rule: Rule, inAlarm: (alarm: string) => boolean): boolean {
  switch (rule.kind) {
    case "state":
      return rule.state !== "INSUFFICIENT_DATA" && inAlarm(rule.alarm) === (rule.state === "ALARM");
    case "constant":
      return rule.value;
    case "not":
      return !isMet(rule.of, inAlarm);
    case "all":
      return rule.of.every((part) => isMet(part, inAlarm));
    case "any":
      return rule.of.some((part) => isMet(part, inAlarm));
  }
}

/** The alarms that a rule names. */
export function alarmsIn(rule: Rule): readonly string[] {
  if (rule.kind === "state") return [rule.alarm];
  if (rule.kind === "constant") return [];
  return (rule.kind === "not" ? [rule.of] : rule.of).flatMap(alarmsIn);
}

/**
 * Whether a composite alarm is in ALARM while some alarms are, and all others are OK. Undefined for a rule that cannot be read.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function ruleHolds(rule: string, inAlarm: (name: string) => boolean): boolean | undefined {
  const tokens = [...rule.matchAll(/\(|\)|[A-Z_]+(?=\s*\(\s*["\w])|[A-Z_]+|"[^"]*"|[\w./:-]+/g)].map(([token]) => token);
  let position = 0;
  const next = (): string => tokens[position++] ?? "";
  const peek = (): string => tokens[position] ?? "";
  function or(): boolean {
    let value = and();
    while (peek() === "OR") {
      next();
      value = and() || value;
    }
    return value;
  }
  function and(): boolean {
    let value = not();
    while (peek() === "AND") {
      next();
      value = not() && value;
    }
    return value;
  }
  function not(): boolean {
    const token = next();
    if (token === "NOT") return !not();
    if (token === "TRUE" || token === "FALSE") return token === "TRUE";
    if (token === "(") return closed(or());
    if (!["ALARM", "OK", "INSUFFICIENT_DATA"].includes(token) || next() !== "(") throw new UnreadableRule();
    const name = (next().replaceAll('"', "").split(":alarm:").at(-1) ?? "").trim();
    const alarm = inAlarm(name);
    return closed(token === "ALARM" ? alarm : token === "OK" && !alarm);
  }
  function closed(value: boolean): boolean {
    if (next() !== ")") throw new UnreadableRule();
    return value;
  }
  try {
    const value = or();
    return position === tokens.length ? value : undefined;
  } catch (error) {
    if (error instanceof UnreadableRule) return undefined;
    throw error;
  }
}

class UnreadableRule extends Error {}

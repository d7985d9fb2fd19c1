/** The grammar of an alarm rule that the platform uses: ALARM("name"), AND, OR, NOT and parentheses. */
const TOKENS = /\s*(ALARM\("([^"]+)"\)|AND|OR|NOT|\(|\))/y;

/**
 * Whether a composite alarm is in ALARM while these alarms are. NOT binds before AND, and AND before OR.
 * @throws when the rule is not one
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function evaluate(rule: string, inAlarm: ReadonlySet<string>): boolean {
  const tokens = tokensOf(rule);
  let position = 0;
  const next = (): string | undefined => tokens[position];
  const take = (token: string): boolean => {
    if (next() !== token) return false;
    position++;
    return true;
  };
  const primary = (): boolean => {
    if (take("NOT")) return !primary();
    if (take("(")) {
      const value = either();
      if (!take(")")) throw new Error(`a parenthesis is not closed: ${rule}`);
      return value;
    }
    const token = next();
    if (!token?.startsWith("ALARM:")) throw new Error(`an alarm is expected instead of ${token ?? "the end"}: ${rule}`);
    position++;
    return inAlarm.has(token.slice("ALARM:".length));
  };
  const both = (): boolean => {
    let value = primary();
    while (take("AND")) value = primary() && value;
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (take("OR")) value = both() || value;
    return value;
  };
  const value = either();
  if (next() !== undefined) throw new Error(`the rule continues after its end with ${next() ?? ""}: ${rule}`);
  return value;
}

function tokensOf(rule: string): string[] {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < rule.trimEnd().length) {
    const [, token = "", name] = TOKENS.exec(rule) ?? [];
    if (token === "") throw new Error(`the rule contains something else: ${rule}`);
    tokens.push(name === undefined ? token : `ALARM:${name}`);
  }
  return tokens;
}

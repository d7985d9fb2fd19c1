type AlarmState = "ALARM" | "OK" | "INSUFFICIENT_DATA";

/** The rule of a composite alarm. */
export type Rule =
  | { readonly kind: "state"; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: "not"; readonly of: Rule }
  | { readonly kind: "and" | "or"; readonly of: readonly Rule[] }
  | { readonly kind: "constant"; readonly value: boolean };

const LEXEME = /\s*(AND\b|OR\b|NOT\b|TRUE\b|FALSE\b|(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?:\\.|[^"\\])*"|[^()\s"]+)\s*\)|\(|\))/iy;
const STATE = /^(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*"?(.*?)"?\s*\)$/is;

/** The name of an alarm, of which rules and suppressors may give the ARN. */
export const alarmName = (nameOrArn: string): string =>
  /^arn:aws[^:]*:cloudwatch:[^:]*:[^:]*:alarm:(.*)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

/**
 * Reads a rule. NOT binds before AND, and AND before OR.
 * @returns undefined if it is no rule: PutCompositeAlarm rejects it
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readRule(text: string): Rule | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  let position = 0;
  const isNext = (token: string): boolean => tokens[position]?.toUpperCase() === token;
  const take = (token: string): boolean => isNext(token) && ++position > 0;
  const primary = (): Rule | undefined => {
    if (take("NOT")) {
      const of = primary();
      return of && { kind: "not", of };
    }
    if (take("(")) {
      const inner = either();
      return take(")") ? inner : undefined;
    }
    if (isNext("TRUE") || isNext("FALSE")) return { kind: "constant", value: tokens[position++]?.toUpperCase() === "TRUE" };
    const [, state, alarm = ""] = STATE.exec(tokens[position++] ?? "") ?? [];
    if (state === undefined) return undefined;
    return { kind: "state", state: state.toUpperCase() as AlarmState, alarm: alarmName(alarm.replaceAll("\\", "")) };
  };
  const chain = (operator: "AND" | "OR", kind: "and" | "or", operand: () => Rule | undefined) => (): Rule | undefined => {
    const of = [operand()];
    while (take(operator)) of.push(operand());
    const known = of.filter((rule) => rule !== undefined);
    if (known.length < of.length) return undefined;
    return known.length === 1 ? known[0] : { kind, of: known };
  };
  const both = chain("AND", "and", primary);
  const either: () => Rule | undefined = chain("OR", "or", both);
  const rule = either();
  return position === tokens.length ? rule : undefined;
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  LEXEME.lastIndex = 0;
  const end = text.trimEnd().length;
  while (LEXEME.lastIndex < end) {
    const token = LEXEME.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

/** Names of the alarms in a rule, each once. */
export function alarmsIn(rule: Rule): readonly string[] {
  if (rule.kind === "state") return [rule.alarm];
  if (rule.kind === "not") return alarmsIn(rule.of);
  return rule.kind === "constant" ? [] : [...new Set(rule.of.flatMap(alarmsIn))];
}

/** Whether a rule holds. An alarm that is not in ALARM is in OK. */
export function holdsRule(rule: Rule, isInAlarm: (name: string) => boolean): boolean {
  switch (rule.kind) {
    case "state":
      return rule.state === "ALARM" ? isInAlarm(rule.alarm) : rule.state === "OK" && !isInAlarm(rule.alarm);
    case "not":
      return !holdsRule(rule.of, isInAlarm);
    case "and":
      return rule.of.every((part) => holdsRule(part, isInAlarm));
    case "or":
      return rule.of.some((part) => holdsRule(part, isInAlarm));
    case "constant":
      return rule.value;
  }
}

const MOST_CASES = 400;

/** The smallest sets of alarms in ALARM for which a rule holds, as long as everything else is in OK. */
export function casesOf(rule: Rule, ofAlarm: (name: string) => readonly (readonly string[])[]): readonly (readonly string[])[] {
  switch (rule.kind) {
    case "state":
      return rule.state === "ALARM" ? ofAlarm(rule.alarm) : rule.state === "OK" ? [[]] : [];
    case "not":
      return [[]];
    case "constant":
      return rule.value ? [[]] : [];
    case "or":
      return rule.of.flatMap((part) => casesOf(part, ofAlarm)).slice(0, MOST_CASES);
    case "and":
      return rule.of.reduce<readonly (readonly string[])[]>(
        (all, part) => {
          const cases = casesOf(part, ofAlarm);
          return all.flatMap((one) => cases.map((other) => [...new Set([...one, ...other])])).slice(0, MOST_CASES);
        },
        [[]],
      );
  }
}

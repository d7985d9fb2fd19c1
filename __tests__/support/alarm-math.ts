/** The value of a metric in one period; undefined without data. */
export type Sample = number | undefined;

const LEXEME = /\s*(\d+(?:\.\d+)?|[A-Z]+(?=\()|AND|OR|[a-z]\w*|>=|<=|[-+*/()[\],<>])/y;

/**
 * The value of an alarm's expression in one period: the part of metric math that the alarms use. An operation without data has none.
 * @param values of the metrics, by their ids
 * @throws when the expression uses anything else
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function valueOf(expression: string, values: Readonly<Record<string, Sample>>): Sample {
  const rest = lexemes(expression);
  const take = (lexeme: string): boolean => rest[0] === lexeme && rest.shift() !== undefined;
  const expect = (lexeme: string): void => {
    if (!take(lexeme)) throw new Error(`${lexeme} is expected instead of ${rest[0] ?? "the end"} in ${expression}`);
  };
  const binary = (operand: () => Sample, operators: Readonly<Record<string, (one: number, other: number) => number>>) => (): Sample => {
    let value = operand();
    for (let operator = operators[rest[0] ?? ""]; operator; operator = operators[rest[0] ?? ""]) {
      rest.shift();
      const other = operand();
      value = value === undefined || other === undefined ? undefined : operator(value, other);
    }
    return value;
  };
  const list = (end: string): Sample[] => {
    const items = [any()];
    while (take(",")) items.push(any());
    expect(end);
    return items;
  };
  const call = (name: string): Sample => {
    expect("(");
    if (name === "SUM") {
      expect("[");
      const items = list("]");
      expect(")");
      const known = items.filter((item) => item !== undefined);
      return known.length === 0 ? undefined : known.reduce((sum, item) => sum + item, 0);
    }
    const [first, second, third] = list(")");
    if (name === "FILL") return first ?? second;
    if (name === "IF") return first === undefined ? undefined : first === 0 ? third : second;
    throw new Error(`the function ${name} is not known: ${expression}`);
  };
  const primary = (): Sample => {
    const next = rest.shift() ?? "";
    if (/^\d/.test(next)) return Number(next);
    if (/^[A-Z]/.test(next)) return call(next);
    if (next === "(") {
      const value = any();
      expect(")");
      return value;
    }
    if (!(next in values)) throw new Error(`${next} is unknown in ${expression}`);
    return values[next];
  };
  const product = binary(primary, { "*": (one, other) => one * other, "/": (one, other) => one / other });
  const sum = binary(product, { "+": (one, other) => one + other, "-": (one, other) => one - other });
  const comparison = binary(sum, {
    ">=": (one, other) => Number(one >= other),
    "<=": (one, other) => Number(one <= other),
    ">": (one, other) => Number(one > other),
    "<": (one, other) => Number(one < other),
  });
  const both = binary(comparison, { AND: (one, other) => Number(one !== 0 && other !== 0) });
  const any: () => Sample = binary(both, { OR: (one, other) => Number(one !== 0 || other !== 0) });
  const value = any();
  if (rest.length > 0) throw new Error(`the expression continues after its end with ${rest[0] ?? ""}: ${expression}`);
  return value;
}

function lexemes(expression: string): string[] {
  const found: string[] = [];
  LEXEME.lastIndex = 0;
  while (LEXEME.lastIndex < expression.trimEnd().length) {
    const [, lexeme] = LEXEME.exec(expression) ?? [];
    if (lexeme === undefined) throw new Error(`the expression contains something else: ${expression}`);
    found.push(lexeme);
  }
  return found;
}

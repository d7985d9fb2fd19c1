/** The value of a metric in one period. Undefined without data. */
export type Sample = number | undefined;

const LEXEME = /\s*(\d+(?:\.\d+)?|[A-Z_]+(?=\()|AND|OR|&&|\|\||[A-Za-z_]\w*|>=|<=|==|!=|[-+*/()[\],<>])/y;

/** Ends the computation of what needs more than one period, or a function that is not known here. */
class NotComputable extends Error {}

/**
 * The value of a metric math expression in one period. An operation without data has none.
 * @param values of metrics and other expressions, by their ids
 * @returns `"unknown"` if one period does not decide it, as with `REPEAT`, `MINUTE` or an anomaly band
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function mathValue(expression: string, values: (id: string) => Sample | "unknown"): Sample | "unknown" {
  try {
    return new Evaluation(expression, values).whole();
  } catch (error) {
    if (error instanceof NotComputable) return "unknown";
    throw error;
  }
}

type Operators = Readonly<Record<string, (one: number, other: number) => number>>;

const PRODUCT: Operators = { "*": (one, other) => one * other, "/": (one, other) => one / other };
const SUM: Operators = { "+": (one, other) => one + other, "-": (one, other) => one - other };
const COMPARISON: Operators = {
  ">=": (one, other) => Number(one >= other),
  "<=": (one, other) => Number(one <= other),
  "==": (one, other) => Number(one === other),
  "!=": (one, other) => Number(one !== other),
  ">": (one, other) => Number(one > other),
  "<": (one, other) => Number(one < other),
};
const BOTH: Operators = { AND: (one, other) => Number(one !== 0 && other !== 0), "&&": (one, other) => Number(one !== 0 && other !== 0) };
const EITHER: Operators = { OR: (one, other) => Number(one !== 0 || other !== 0), "||": (one, other) => Number(one !== 0 || other !== 0) };

const OF_A_LIST: Readonly<Record<string, (known: readonly number[]) => number>> = {
  SUM: (known) => known.reduce((sum, item) => sum + item, 0),
  AVG: (known) => known.reduce((sum, item) => sum + item, 0) / known.length,
  MIN: (known) => Math.min(...known),
  MAX: (known) => Math.max(...known),
};

class Evaluation {
  private readonly rest: string[];

  constructor(
    expression: string,
    private readonly values: (id: string) => Sample | "unknown",
  ) {
    this.rest = lexemes(expression);
  }

  whole(): Sample {
    const value = this.any();
    if (this.rest.length > 0) throw new NotComputable();
    return value;
  }

  private readonly product = this.binary(() => this.primary(), PRODUCT);
  private readonly sum = this.binary(this.product, SUM);
  private readonly comparison = this.binary(this.sum, COMPARISON);
  private readonly both = this.binary(this.comparison, BOTH);
  private readonly any = this.binary(this.both, EITHER);

  private binary(operand: () => Sample, operators: Operators): () => Sample {
    return () => {
      let value = operand();
      for (let operate = operators[this.rest[0] ?? ""]; operate; operate = operators[this.rest[0] ?? ""]) {
        this.rest.shift();
        const other = operand();
        value = value === undefined || other === undefined ? undefined : operate(value, other);
      }
      return value;
    };
  }

  private primary(): Sample {
    const next = this.rest.shift() ?? "";
    if (/^\d/.test(next)) return Number(next);
    if (next === "-") {
      const value = this.primary();
      return value === undefined ? undefined : -value;
    }
    if (next === "(") {
      const value = this.any();
      this.expect(")");
      return value;
    }
    if (this.rest[0] === "(") return this.call(next);
    if (!/^[a-z]/.test(next)) throw new NotComputable();
    const value = this.values(next);
    if (value === "unknown") throw new NotComputable();
    return value;
  }

  private call(name: string): Sample {
    this.expect("(");
    const ofList = OF_A_LIST[name];
    if (ofList) {
      const isList = this.take("[");
      const known = this.list(isList ? "]" : ")").filter((item) => item !== undefined);
      if (isList) this.expect(")");
      return known.length === 0 ? undefined : ofList(known);
    }
    const [first, second, third] = this.list(")");
    if (name === "FILL") return first ?? second;
    if (name === "IF") return first === undefined ? undefined : first === 0 ? third : second;
    if (first === undefined) return undefined;
    if (name === "ABS") return Math.abs(first);
    if (name === "CEIL") return Math.ceil(first);
    if (name === "FLOOR") return Math.floor(first);
    throw new NotComputable();
  }

  private list(end: string): Sample[] {
    const items = [this.any()];
    while (this.take(",")) items.push(this.any());
    this.expect(end);
    return items;
  }

  private take(lexeme: string): boolean {
    return this.rest[0] === lexeme && this.rest.shift() !== undefined;
  }

  private expect(lexeme: string): void {
    if (!this.take(lexeme)) throw new NotComputable();
  }
}

function lexemes(expression: string): string[] {
  const found: string[] = [];
  LEXEME.lastIndex = 0;
  const end = expression.trimEnd().length;
  while (LEXEME.lastIndex < end) {
    const lexeme = LEXEME.exec(expression)?.[1];
    if (lexeme === undefined) throw new NotComputable();
    found.push(lexeme);
  }
  return found;
}

/** An expression of the Terraform language, as a tree. @see https://developer.hashicorp.com/terraform/language/expressions */
export type Expression =
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  | { readonly kind: "template"; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "attribute"; readonly of: Expression; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  | { readonly kind: "splat"; readonly of: Expression; readonly steps: readonly (string | Expression)[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly items: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: "operation"; readonly operator: string; readonly operands: readonly Expression[] }
  | { readonly kind: "conditional"; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
  | ForExpression;

export interface ForExpression {
  readonly kind: "for";
  /** Of the key and the value, or of the value alone. */
  readonly names: readonly string[];
  readonly of: Expression;
  /** Of an object. Undefined for a list. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly grouped: boolean;
  readonly condition: Expression | undefined;
}

/** From the weakest to the strongest. */
const OPERATORS: readonly (readonly string[])[] = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["*", "/", "%"]];
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const NAME = /[A-Za-z_][\w-]*/y;

/**
 * Reads a text with `${…}` in it. A text that is one expression and nothing else is this expression.
 * @throws for what is written in another way: directives, heredocs
 */
export function parseTemplate(text: string): Expression {
  return new Parser(text).template();
}

class Parser {
  private position = 0;

  constructor(private readonly text: string) {}

  /** Up to a quote, or up to the end of the text. */
  template(quote = ""): Expression {
    const parts: (string | Expression)[] = [];
    let literal = "";
    while (quote === "" ? this.position < this.text.length : this.here() !== quote) {
      if (this.position >= this.text.length || this.text.startsWith("%{", this.position)) this.fail();
      // `$${` stays as it is: it is no expression.
      const kept = this.take(/\$\$\{|%%\{/y);
      if (kept !== undefined) literal += kept;
      else if (this.take(/\$\{~?/y) !== undefined) {
        if (literal !== "") parts.push(literal);
        literal = "";
        parts.push(this.expression());
        this.accept("~");
        this.expect("}");
      } else if (quote !== "" && this.here() === "\\") {
        const escaped = this.text[this.position + 1] ?? "";
        if (escaped === "u" || escaped === "U") this.fail();
        literal += ESCAPES[escaped] ?? escaped;
        this.position += 2;
      } else literal += this.take(quote === "" ? /[^$%]+|[$%]/y : /[^$%"\\]+|[$%]/y) ?? this.fail();
    }
    this.position += quote.length;
    const [first] = parts;
    if (first === undefined) return { kind: "value", value: literal };
    if (literal === "" && parts.length === 1 && typeof first !== "string") return first;
    return { kind: "template", parts: literal === "" ? parts : [...parts, literal] };
  }

  private expression(): Expression {
    const condition = this.operation(0);
    if (!this.accept("?")) return condition;
    const yes = this.expression();
    this.expect(":");
    return { kind: "conditional", condition, yes, no: this.expression() };
  }

  private operation(level: number): Expression {
    const operators = OPERATORS[level];
    if (!operators) return this.unary();
    let left = this.operation(level + 1);
    for (;;) {
      const operator = operators.find((one) => this.accept(one));
      if (operator === undefined) return left;
      left = { kind: "operation", operator, operands: [left, this.operation(level + 1)] };
    }
  }

  private unary(): Expression {
    for (const operator of ["!", "-"]) if (this.accept(operator)) return { kind: "operation", operator, operands: [this.unary()] };
    return this.postfix(this.primary());
  }

  private primary(): Expression {
    this.space();
    const number = this.take(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return { kind: "value", value: Number(number) };
    if (this.accept('"')) return this.template('"');
    if (this.accept("[")) return this.word("for") ? this.comprehension("]") : { kind: "list", items: this.items("]") };
    if (this.accept("{")) return this.word("for") ? this.comprehension("}") : this.object();
    if (this.accept("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    const name = this.name();
    if (name === "true" || name === "false") return { kind: "value", value: name === "true" };
    if (name === "null") return { kind: "value", value: null };
    if (!this.accept("(")) return { kind: "name", name };
    const args = this.items(")");
    return { kind: "call", name, args, spread: this.text.slice(0, this.position).endsWith("...)") };
  }

  /** Expressions up to a bracket. */
  private items(close: string): readonly Expression[] {
    const items: Expression[] = [];
    while (!this.accept(close)) {
      items.push(this.expression());
      if (!this.accept("...") && !this.accept(",") && this.next() !== close) this.fail();
    }
    return items;
  }

  private object(): Expression {
    const items: (readonly [Expression, Expression])[] = [];
    while (!this.accept("}")) {
      const key = this.expression();
      if (!this.accept("=") && !this.accept(":")) this.fail();
      // A bare word is the key itself, and not the name of something.
      items.push([key.kind === "name" ? { kind: "value", value: key.name } : key, this.expression()]);
      this.accept(",");
    }
    return { kind: "object", items };
  }

  private comprehension(close: string): Expression {
    const names = [this.name()];
    if (this.accept(",")) names.push(this.name());
    if (!this.word("in")) this.fail();
    const of = this.expression();
    this.expect(":");
    const first = this.expression();
    const value = this.accept("=>") ? this.expression() : undefined;
    const grouped = this.accept("...");
    const condition = this.word("if") ? this.expression() : undefined;
    this.expect(close);
    return { kind: "for", names, of, key: value && first, value: value ?? first, grouped, condition };
  }

  private postfix(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (this.take(/\s*\.\*/y) !== undefined) {
        const steps: string[] = [];
        for (let name = this.attribute(); name !== undefined; name = this.attribute()) steps.push(name);
        of = { kind: "splat", of, steps };
      } else if (this.take(/\[\s*\*\s*\]/y) !== undefined) {
        const steps: (string | Expression)[] = [];
        for (let step = this.step(); step !== undefined; step = this.step()) steps.push(step);
        of = { kind: "splat", of, steps };
      } else {
        const step = this.step();
        if (step === undefined) return of;
        of = typeof step === "string" ? { kind: "attribute", of, name: step } : { kind: "index", of, key: step };
      }
    }
  }

  /** `.name`, `.0` or `[…]` */
  private step(): string | Expression | undefined {
    const name = this.attribute();
    if (name !== undefined) return /^\d/.test(name) ? { kind: "value", value: Number(name) } : name;
    if (this.here() !== "[") return undefined;
    this.position++;
    const key = this.expression();
    this.expect("]");
    return key;
  }

  private attribute(): string | undefined {
    return this.take(/\s*\.(?:[A-Za-z_][\w-]*|\d+)/y)
      ?.trim()
      .slice(1);
  }

  private name(): string {
    this.space();
    return this.take(NAME) ?? this.fail();
  }

  private word(word: string): boolean {
    return this.take(new RegExp(`\\s*${word}(?![\\w-])`, "y")) !== undefined;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  private accept(text: string): boolean {
    this.space();
    // `=` is not the beginning of `==` or `=>`, nor `!` that of `!=`.
    if (!this.text.startsWith(text, this.position)) return false;
    if (["=", "!"].includes(text) && /[=>]/.test(this.text[this.position + 1] ?? "")) return false;
    this.position += text.length;
    return true;
  }

  /** The next character that is not a space. */
  private next(): string {
    this.space();
    return this.here();
  }

  private here(): string {
    return this.text[this.position] ?? "";
  }

  private space(): void {
    this.take(/(?:\s+|#[^\n]*|\/\/[^\n]*|\/\*.*?\*\/)+/sy);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  private fail(): never {
    throw new SyntaxError(`Not an expression at ${this.position}: ${this.text}`);
  }
}

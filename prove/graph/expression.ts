/**
 * Reads an expression of the Terraform language as the value that JSON would have: strings, numbers, lists, objects, and what is in
 * `jsonencode(…)`. What has to be evaluated stays an expression, as the text `${…}`.
 * @param text without `${` and `}`
 * @see https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
export function readExpression(text: string): unknown {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof NotPlain) return `\${${text.trim()}}`;
    throw error;
  }
}

/** Functions that change how a value is written, and not the value. */
const TRANSPARENT = ["jsonencode", "jsondecode", "tolist", "toset", "tostring", "sensitive", "nonsensitive"];
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.element();
    this.space();
    return this.position === this.text.length ? value : `\${${this.text.trim()}}`;
  }

  /** A value up to the next separator. An expression that must be evaluated is kept as text. */
  private element(): unknown {
    this.space();
    const start = this.position;
    try {
      const value = this.primary();
      this.space();
      if (this.position === this.text.length || /[,\]})\n]/.test(this.here())) return value;
    } catch (error) {
      if (!(error instanceof NotPlain)) throw error;
    }
    this.position = start;
    this.skip();
    return `\${${this.text.slice(start, this.position).trim()}}`;
  }

  private primary(): unknown {
    const character = this.here();
    if (character === '"') return this.string();
    if (character === "[") return this.list();
    if (character === "{") return this.object();
    const number = this.take(/-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return Number(number);
    const path = this.take(/[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_*][\w-]*|\d+|\*)|\[(?:\d+|\*|"[^"]*"|[\w.-]+)\])*/y);
    if (path === undefined) throw new NotPlain();
    if (path === "true" || path === "false") return path === "true";
    if (path === "null") return null;
    if (this.here() === "(") return this.call(path);
    return `\${${path}}`;
  }

  private call(name: string): unknown {
    if (!TRANSPARENT.includes(name)) throw new NotPlain();
    this.position++;
    const value = this.element();
    this.expect(")");
    return value;
  }

  private list(): unknown[] {
    this.position++;
    if (this.take(/\s*for\s/y) !== undefined) throw new NotPlain();
    const values: unknown[] = [];
    while (this.next() !== "]") {
      values.push(this.element());
      this.take(/\s*,/y);
      if (this.position >= this.text.length) throw new NotPlain();
    }
    this.position++;
    return values;
  }

  private object(): Record<string, unknown> {
    this.position++;
    if (this.take(/\s*for\s/y) !== undefined) throw new NotPlain();
    const values: Record<string, unknown> = {};
    while (this.next() !== "}") {
      const key = this.here() === '"' ? this.string() : this.take(/[A-Za-z_][\w-]*/y);
      if (key === undefined || this.take(/\s*[=:]/y) === undefined) throw new NotPlain();
      values[key] = this.element();
      this.take(/\s*,/y);
    }
    this.position++;
    return values;
  }

  /** A quoted string. Its `${…}` stay. */
  private string(): string {
    let value = "";
    for (this.position++; this.here() !== '"';) {
      if (this.position >= this.text.length) throw new NotPlain();
      const template = this.text.startsWith("${", this.position) ? this.template() : undefined;
      if (template !== undefined) value += template;
      else if (this.here() === "\\") {
        const escaped = this.text[this.position + 1] ?? "";
        value += ESCAPES[escaped] ?? escaped;
        this.position += 2;
      } else value += this.text[this.position++] ?? "";
    }
    this.position++;
    return value;
  }

  private template(): string {
    const start = this.position++;
    this.balanced();
    return this.text.slice(start, this.position);
  }

  /** Moves behind the bracket that closes the one here. */
  private balanced(): void {
    const close = CLOSING[this.here()];
    for (this.position++; this.position < this.text.length;) {
      const character = this.here();
      if (character === close) {
        this.position++;
        return;
      }
      if (character === '"') this.string();
      else if (character in CLOSING) this.balanced();
      else this.position++;
    }
    throw new NotPlain();
  }

  /** Moves to the separator behind an expression. */
  private skip(): void {
    while (this.position < this.text.length && !/[,\]})]/.test(this.here())) {
      if (this.here() === '"') this.string();
      else if (this.here() in CLOSING) this.balanced();
      else this.position++;
    }
  }

  private expect(character: string): void {
    this.space();
    if (this.here() !== character) throw new NotPlain();
    this.position++;
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
    this.take(/\s+/y);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }
}

/** Ends the reading of a value that only Terraform can evaluate. */
class NotPlain extends Error {}

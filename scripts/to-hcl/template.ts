// Strings of Terraform JSON are templates of the native syntax: text with `${…}` and `%{…}`.

/** A template as a quoted string of the native syntax. A template of one expression becomes the expression, which has its type. */
export function templateText(template: string): string {
  const parts = split(template);
  const [only, ...others] = parts;
  if (only?.kind === "expression" && others.length === 0) return only.text.slice(2, -1).trim();
  return `"${parts.map(({ kind, text }) => (kind === "text" ? escaped(text) : text)).join("")}"`;
}

interface Part {
  readonly kind: "expression" | "directive" | "text";
  readonly text: string;
}

function split(template: string): Part[] {
  const parts: Part[] = [];
  let text = "";
  for (let at = 0; at < template.length;) {
    const rest = template.slice(at, at + 3);
    if (rest === "$${" || rest === "%%{") {
      text += rest;
      at += rest.length;
    } else if (rest.startsWith("${") || rest.startsWith("%{")) {
      const end = endOfExpression(template, at + 2);
      if (text !== "") parts.push({ kind: "text", text });
      text = "";
      parts.push({ kind: rest.startsWith("$") ? "expression" : "directive", text: template.slice(at, end) });
      at = end;
    } else {
      text += template.charAt(at);
      at += 1;
    }
  }
  return text === "" ? parts : [...parts, { kind: "text", text }];
}

/** The position behind the brace that ends an expression. Strings in it can contain braces, and templates of their own. */
function endOfExpression(template: string, start: number): number {
  let depth = 1;
  for (let at = start; at < template.length; at += 1) {
    const character = template.charAt(at);
    if (character === '"') at = endOfString(template, at + 1);
    else if (character === "{") depth += 1;
    else if (character === "}") depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw new Error(`an expression has no end: ${template}`);
}

/** The position of the quote that ends a string. */
function endOfString(template: string, start: number): number {
  for (let at = start; at < template.length; at += 1) {
    const two = template.slice(at, at + 2);
    if (two.startsWith('"')) return at;
    if (two.startsWith("\\") || ["$$", "%%"].includes(two)) at += 1;
    else if (two === "${" || two === "%{") at = endOfExpression(template, at + 2) - 1;
  }
  throw new Error(`a string has no end: ${template}`);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}

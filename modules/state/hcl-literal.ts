/** Escapes that JSON has and HCL does not. */
const ONLY_IN_JSON: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };

/** A value as an HCL literal inside an expression: JSON in which no character starts a template. */
export function hclLiteral(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll(/\\./g, (escape) => ONLY_IN_JSON[escape] ?? escape)
    .replaceAll("${", "\\u0024{")
    .replaceAll("%{", "\\u0025{");
}

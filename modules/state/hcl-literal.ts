import { encodeTemplates } from "../../config/templates";

/** A value as an HCL literal inside an expression: JSON, with template sequences escaped, and without escapes that HCL lacks. */
export function hclLiteral(value: unknown): string {
  return JSON.stringify(encodeTemplates(value)).replaceAll(
    /\\[bf\\]/g,
    (escape) => ({ "\\b": "\\u0008", "\\f": "\\u000c" })[escape] ?? escape,
  );
}

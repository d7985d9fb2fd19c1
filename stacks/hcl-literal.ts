/** A value as an HCL literal inside an expression: JSON, with template sequences escaped. */
export function hclLiteral(value: unknown): string {
  return JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

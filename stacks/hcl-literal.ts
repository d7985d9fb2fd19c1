/** A value as HCL writes it inside an expression: JSON, with what HCL would take for a template escaped. */
export function hclLiteral(value: unknown): string {
  return JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

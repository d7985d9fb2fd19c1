import type { Problem } from "./errors";

/** Paths of the values that a program receives word for word, and that may contain `${`. `*` stands for the name of a service or sidecar. */
const FREE_TEXT = [
  "container_command",
  "task_environment",
  "service.health_check_command",
  "service.sidecars.*.command",
  "service.sidecars.*.task_environment",
  "services.*.container_command",
  "services.*.health_check_command",
  "services.*.sidecars.*.command",
  "services.*.sidecars.*.task_environment",
  "services.*.task_environment",
].map((path) => new RegExp(`^${path.replaceAll(".", "[.]").replaceAll("*", "[^.]+")}([.]|$)`));

const SOURCE = "https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences-1";
const ESCAPE = /([$%])\1\{/g;
const SEQUENCE = /[$%]\{/;

/**
 * Decodes the escape sequences `$${` and `%%{`, which the HCL parser leaves in the text of a string.
 * @param problems receives a problem for each template, because a variable definitions file accepts only values
 */
export function decodeTemplates(value: unknown, problems: Problem[], path = ""): unknown {
  if (typeof value === "string") return decode(value, problems, path);
  if (Array.isArray(value)) return value.map((item, index) => decodeTemplates(item, problems, `${path}.${index}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const name = decode(key, problems, path);
      return [name, decodeTemplates(item, problems, path === "" ? name : `${path}.${name}`)];
    }),
  );
}

function decode(text: string, problems: Problem[], where: string): string {
  // A character in place of each escape: without it, the characters around the escape could form a template.
  const literal = text.replaceAll(ESCAPE, "_");
  const decoded = text.replaceAll(ESCAPE, "$1{");
  if (SEQUENCE.test(literal))
    problems.push({
      where,
      given: text,
      why: "is an expression or contains a template; a variable definitions file accepts only values",
      instead: 'the value itself; in a string, write "$${" for the characters ${ and "%%{" for %{',
      source: SOURCE,
    });
  else if (SEQUENCE.test(decoded) && !FREE_TEXT.some((pattern) => pattern.test(where)))
    problems.push({
      where,
      given: text,
      why: "contains ${ or %{, which Terraform would evaluate",
      instead: "a value without these characters; only commands and environment variables of containers may contain them",
      source: SOURCE,
    });
  return decoded;
}

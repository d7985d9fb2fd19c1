import { posix } from "node:path";

/** A cell of a table: on one line, with `|` escaped. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `|${cells.map((text) => (cell(text) === "" ? " " : ` ${cell(text)} `)).join("|")}|`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

export function link(text: string, target: string): string {
  return `[${text}](${target})`;
}

/** A link to a page of the Internet, named by its host. */
export function source(url: string): string {
  return link(new URL(url).host, url);
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** `a`, `b` and `c` */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** A page: its parts, with an empty line between each two. */
export function page(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter((part) => part !== undefined && part !== "").join("\n\n")}\n`;
}

/** Text of TSDoc or of Terraform as Markdown: what is not code must not be read as HTML. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replaceAll("<", "&lt;")))
    .join("");
}

/** The path of a file of the project, from the folder of a page. */
export function fromPage(page: string, file: string): string {
  return posix.relative(posix.dirname(page), file);
}

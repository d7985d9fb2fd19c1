import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../../config/package-folder";

const FOLDER = join("docs", "runbooks");
const EXTENSION = ".md";

/** Values of the variables that the commands of the pages use: `SUFFIX`, `AWS_REGION`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The names of the pages in `docs/runbooks`: `database`. */
export function pageNames(): string[] {
  return readdirSync(join(packageFolder(), FOLDER))
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort();
}

const pages = new Map<string, string>();

/** The text of a page, in Markdown. */
function pageText(name: string): string {
  const text = pages.get(name) ?? readFileSync(join(packageFolder(), FOLDER, `${name}${EXTENSION}`), "utf8");
  pages.set(name, text);
  return text;
}

export interface Section {
  readonly page: string;
  readonly title: string;
  readonly text: string;
}

/**
 * A section of a page.
 * @param reference page and anchor: `database.md#replica-lag`
 * @throws when the section does not exist, so that no alarm can refer to it
 */
export function section(reference: string): Section {
  const [file = "", anchor = ""] = reference.split("#");
  const page = file.slice(0, -EXTENSION.length);
  for (const text of pageText(page).split(/^## /m).slice(1)) {
    const [title = ""] = text.split("\n", 1);
    if (anchorOf(title) === anchor) return { page, title, text };
  }
  throw new Error(`${FOLDER}/${file} has no section #${anchor}`);
}

/** The anchor of a title: `replica-lag`. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

/** Commands that change nothing. No message asks on-call to execute another one without reading the section. */
const READING = /^aws (logs tail|s3 ls|[a-z0-9-]+ (describe|list|get)-[a-z0-9-]+) /;
const UNKNOWN_VALUE = /[$<>\\`]/;

/**
 * The first command of a section that only reads and whose variables all have a value, or undefined. Quotation marks around a
 * value that needs none are removed.
 */
export function firstReadingCommand(text: string, variables: Variables): string | undefined {
  return [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)]
    .flatMap(([, block = ""]) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
    .map((line) => withValues(line.trim(), variables))
    .find((line) => READING.test(line) && !UNKNOWN_VALUE.test(line));
}

function withValues(command: string, variables: Variables): string {
  return command.replaceAll(/\$([A-Z_]+)/g, (given, name: string) => variables[name] ?? given).replaceAll(/"([\w./:=,-]+)"/g, "$1");
}

/** A page whose commands have the values of a region, and whose links are replaced. */
export function pageFor(name: string, variables: Variables, link: (text: string, target: string) => string): string {
  return pageText(name)
    .replaceAll(/^( *export )(.*)$/gm, (_, start: string, assignments: string) => {
      const assigned = assignments.replaceAll(/([A-Z_]+)=\S+/g, (given, key: string) => {
        const value = variables[key];
        return value === undefined ? given : `${key}=${value}`;
      });
      return `${start}${assigned}`;
    })
    .replaceAll(/\[([^\]]*)\]\(([^)\s]+)\)/g, (_, text: string, target: string) => link(text, target));
}

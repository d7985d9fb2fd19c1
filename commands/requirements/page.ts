/** Where the page is, from the project's root. */
export const PAGE = "docs/requirements.md";

/** The last column of every table whose rows checks may name. */
const COLUMN = "live checks";

/** A check of `npm run verify`, as the page cites it. */
export interface Citation {
  readonly requirement: string;
  readonly requirementIds: readonly string[];
  /** File that has it, from the project's root. */
  readonly file: string;
}

/**
 * The page with its last column written from the checks: in each row, every check that names the row.
 * @throws when a check names a row that the page does not have
 */
export function withLiveChecks(page: string, citations: readonly Citation[]): string {
  const unknown = new Set(citations.flatMap(({ requirementIds }) => requirementIds));
  let citable = false;
  const lines = page.split("\n").map((line) => {
    if (line.startsWith("| id |")) citable = line.endsWith(`| ${COLUMN} |`);
    const id = citable ? /^\| (S\d{3}-\S+) \|/.exec(line)?.[1] : undefined;
    if (id === undefined) return line;
    unknown.delete(id);
    const links = citations
      .filter(({ requirementIds }) => requirementIds.includes(id))
      .map(({ requirement, file }) => `[${requirement}](../${file})`);
    return withLastCell(line, links.join(", "));
  });
  if (unknown.size > 0) throw new Error(`${PAGE} has no row ${[...unknown].join(", ")}, which checks of npm run verify name.`);
  return lines.join("\n");
}

/** A row of a table with another last cell. */
function withLastCell(row: string, cell: string): string {
  const cells = row.split(/(?<!\\)\|/);
  return [...cells.slice(0, -2), cell === "" ? " " : ` ${cell} `, ""].join("|");
}

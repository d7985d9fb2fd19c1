/** Where the page is, from the project's root. */
export const PAGE = "docs/requirements.md";

/** What proves rows of the page, as the page cites it: a check of `npm run verify`, or a claim of `npm run prove`. */
export interface Citation {
  /** The sentence of the link. */
  readonly requirement: string;
  readonly requirementIds: readonly string[];
  /** File that has it, from the project's root. */
  readonly file: string;
}

/** A column of every table whose rows may be named, with what it cites. */
export interface Column {
  /** Its heading: `live checks`. */
  readonly name: string;
  readonly citations: readonly Citation[];
}

/**
 * The page with its generated columns: in each row, everything that names the row.
 * @throws when a row is named that the page does not have
 */
export function withCitations(page: string, columns: readonly Column[]): string {
  return columns.reduce(withColumn, page);
}

function withColumn(page: string, { name, citations }: Column): string {
  const unknown = new Set(citations.flatMap(({ requirementIds }) => requirementIds));
  let position = -1;
  const lines = page.split("\n").map((line) => {
    if (line.startsWith("| id |")) position = cellsOf(line).findIndex((cell) => cell.trim() === name);
    const id = position === -1 ? undefined : /^\| (S\d{3}-\S+) \|/.exec(line)?.[1];
    if (id === undefined) return line;
    unknown.delete(id);
    const links = citations
      .filter(({ requirementIds }) => requirementIds.includes(id))
      .map(({ requirement, file }) => `[${requirement}](../${file})`);
    return withCell(line, position, links.join(", "));
  });
  if (unknown.size > 0) throw new Error(`${PAGE} has no row ${[...unknown].join(", ")}, which the column "${name}" names.`);
  return lines.join("\n");
}

function cellsOf(row: string): string[] {
  return row.split(/(?<!\\)\|/);
}

/** A row of a table with another cell. */
function withCell(row: string, position: number, cell: string): string {
  return cellsOf(row)
    .with(position, cell === "" ? " " : ` ${cell} `)
    .join("|");
}

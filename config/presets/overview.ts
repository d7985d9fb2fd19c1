import { DEFAULT_PRESET, PRESETS } from ".";

const BEGIN = "<!-- presets: written by npm run example -->";
const END = "<!-- end of presets -->";

/** docs/deploy.md with the current table of presets. @throws if the markers of the table are missing */
export function withPresetTable(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`docs/deploy.md lacks ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${table()}\n\n${END}${after}`;
}

function table(): string {
  const rows = Object.values(PRESETS).map(({ name, overview }) => [
    `\`${name}\`${name === DEFAULT_PRESET ? " (default)" : ""}`,
    overview.regions,
    overview.database,
    overview.sessions,
    overview.tasks,
    overview.addition,
  ]);
  const row = (cells: readonly string[]): string => `|${cells.map((cell) => ` ${cell}${cell === "" ? "" : " "}`).join("|")}|`;
  return [row(["preset", "regions", "database", "sessions", "tasks", "in addition"]), `|${"---|".repeat(6)}`, ...rows.map(row)].join("\n");
}

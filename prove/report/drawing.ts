import { escaped } from "./markup";
import type { Cell, Part, Region, Tier } from "./topology";

const COLUMN = 180;
const GAP = 12;
const LINE = 24;
const HEAD = 64;
/** Characters of a label that fit into a column, at the size of the style sheet. */
const LONGEST = 25;

/** A region as a picture: zones side by side, tiers from top to bottom. Every part carries its id in `data-id`. */
export function drawn(region: Region): string {
  const width = GAP + region.zones.length * (COLUMN + GAP);
  const balancers = region.regional.filter(({ kind }) => kind === "load-balancer");
  const others = region.regional.filter(({ kind }) => kind !== "load-balancer");
  const top = HEAD + balancers.length * (LINE + GAP);
  const rows = tierRows(region, top);
  const bottom = rows.at(-1)?.end ?? top;
  const height = bottom + GAP + chipRows(others, width) * (LINE + 6) + (others.length > 0 ? GAP : 0);
  const left = (zone: string): number => GAP + region.zones.indexOf(zone) * (COLUMN + GAP);
  return [
    `<svg class="region" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`Region ${region.name}`)}" data-region="${escaped(region.name)}">`,
    box("frame", `${region.stack}/`, 1, 1, width - 2, height - 2),
    label("title", GAP, 24, region.name, `data-loss="region ${escaped(region.name)}"`),
    ...region.zones.flatMap((zone) => [
      box("zone", "", left(zone), 34, COLUMN, bottom - 34),
      label("heading", left(zone) + 8, 51, zone, `data-loss="zone ${escaped(zone)}"`),
    ]),
    ...balancers.map((part, index) => shape(part, GAP + 6, HEAD + index * (LINE + GAP), width - 2 * GAP - 12)),
    ...rows.flatMap(({ tier, start, size }) => [
      ...tier.cells.map((cell) => cellBox(tier.name, cell, left(cell.zone), start, size)),
      ...tier.cells.flatMap((cell) =>
        cell.parts.map((part, index) => shape(part, left(cell.zone) + 12, start + 24 + index * (LINE + 6), COLUMN - 24)),
      ),
    ]),
    ...chips(others, bottom + GAP, width),
    "</svg>",
  ].join("\n");
}

interface Row {
  readonly tier: Tier;
  readonly start: number;
  readonly size: number;
  readonly end: number;
}

function tierRows({ tiers }: Region, top: number): readonly Row[] {
  const rows: Row[] = [];
  for (const tier of tiers.filter(({ cells }) => cells.length > 0)) {
    const most = Math.max(...tier.cells.map(({ parts }) => parts.length), 1);
    const start = (rows.at(-1)?.end ?? top) + GAP;
    const size = 26 + most * (LINE + 6);
    rows.push({ tier, start, size, end: start + size });
  }
  return rows;
}

function cellBox(tier: Tier["name"], { id, cidr }: Cell, x: number, y: number, height: number): string {
  return box("subnet", id, x + 6, y, COLUMN - 12, height) + label("note", x + 12, y + 15, `${tier} ${cidr}`);
}

function chipRows(parts: readonly Part[], width: number): number {
  return Math.ceil(parts.length / perRow(width));
}

const perRow = (width: number): number => Math.max(1, Math.floor((width - GAP) / (COLUMN + GAP)));

function chips(parts: readonly Part[], top: number, width: number): readonly string[] {
  const each = perRow(width);
  return parts.map((part, index) =>
    shape(part, GAP + (index % each) * (COLUMN + GAP), top + Math.floor(index / each) * (LINE + 6), COLUMN),
  );
}

/** A part: a box with its label. The whole label is in its title. */
function shape({ id, kind, label: name }: Part, x: number, y: number, width: number): string {
  const short = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
  return `<g class="part ${kind}" data-id="${escaped(id)}"><title>${escaped(`${name} (${id})`)}</title><rect x="${x}" y="${y}" width="${width}" height="${LINE}" rx="4"/><text x="${x + width / 2}" y="${y + 16}" text-anchor="middle">${escaped(short)}</text></g>`;
}

function box(kind: string, id: string, x: number, y: number, width: number, height: number): string {
  return `<rect class="${kind}"${id === "" ? "" : ` data-id="${escaped(id)}"`} x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`;
}

function label(kind: string, x: number, y: number, text: string, attributes = ""): string {
  return `<text class="${kind}" x="${x}" y="${y}" ${attributes}>${escaped(text)}</text>`;
}

import { escaped } from "../report/markup";
import { FONT, theme } from "../report/theme";

/** Height of letters where the picture is narrow, as on a phone: boxes have room for them. */
const LETTERS = { strong: 20, normal: 17, note: 16 } as const;
/** Mean width of a letter of a wide font, as a part of its height. */
const LETTER_WIDTH = 0.58;
/** Beside the text of a box, both sides together. */
const PADDING = 4;
/** Space between two lines of a text. */
const LINE_HEIGHT = 21;

export type Size = keyof typeof LETTERS;
/** Kinds of boxes, by what is drawn in them. */
export type Kind = "frame" | "zone" | "subnet" | "entry" | "compute" | "data" | "network" | "operations" | "plain" | "lost";

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly title: string;
  /** What the picture shows, for readers who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

const STYLE = `${theme("svg")}
text { font-family: ${FONT.replaceAll('"', "'")}; fill: var(--text); font-size: 15px; } .strong { font-size: 17px; font-weight: 600; } .note { font-size: 14px; fill: var(--quiet); }
@media (max-width: 640px) { text { font-size: ${LETTERS.normal}px; } .strong { font-size: ${LETTERS.strong}px; } .note { font-size: ${LETTERS.note}px; } }
.box { fill: var(--paper); stroke: var(--line); stroke-width: 1.5; } .frame { fill: var(--soft); } .zone { fill: none; stroke: var(--quiet); stroke-dasharray: 5 4; stroke-width: 1; } .subnet { fill: none; stroke-width: 1; }
.entry, .compute { stroke: var(--accent); } .data { stroke: var(--good); } .network, .operations { stroke: var(--open); } .lost { stroke: var(--bad); }
.arrow { fill: none; stroke: var(--quiet); stroke-width: 2; } .standby { stroke-dasharray: 7 5; } .replication { stroke: var(--good); } .alert { stroke: var(--open); }
.head { fill: var(--quiet); } .head.replication { fill: var(--good); } .head.alert { fill: var(--open); }`;

/** One self-contained SVG. It has its own background: the theme of a page around it may be another one than that of the system. */
export function picture({ title, description, width, height, parts }: Picture): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect x="0" y="0" width="${width}" height="${height}" rx="10" fill="var(--paper)"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** A line of text. @param width to which it is shortened */
export function line(
  x: number,
  y: number,
  text: string,
  { size = "normal", anchor = "start", width = Infinity }: { size?: Size; anchor?: "start" | "middle" | "end"; width?: number } = {},
): string {
  const most = Math.floor(width / (LETTERS[size] * LETTER_WIDTH));
  const short = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const style = size === "normal" ? "" : ` class="${size}"`;
  return `<text${style} x="${round(x)}" y="${round(y)}"${anchor === "start" ? "" : ` text-anchor="${anchor}"`}>${escaped(short)}</text>`;
}

/** A box with centred lines of text; the first is strong. Lines that are too wide are broken. @param id of the resource */
export function box(
  kind: Kind,
  area: Area,
  texts: readonly string[],
  { id = "", size = "normal" }: { id?: string; size?: Size } = {},
): string {
  const { x, y, width, height } = area;
  const lines = texts.flatMap((text, index) =>
    broken(text, width - PADDING, index === 0 ? size : "note").map((part) => [part, index === 0 ? size : "note"] as const),
  );
  const first = y + height / 2 - ((lines.length - 1) * LINE_HEIGHT) / 2 + 6;
  const name = id === "" ? "" : `<title>${escaped(id)}</title>`;
  return [
    `<g>${name}${frame(kind, area)}`,
    ...lines.map(([text, of], index) =>
      line(x + width / 2, first + index * LINE_HEIGHT, text, { size: of, anchor: "middle", width: width - PADDING }),
    ),
    "</g>",
  ].join("");
}

export function frame(kind: Kind, { x, y, width, height }: Area): string {
  return `<rect class="box ${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="7"/>`;
}

/** The height of a box with these lines. */
export function heightOf(texts: readonly string[], width: number, size: Size = "normal"): number {
  const lines = texts.flatMap((text, index) => broken(text, width - PADDING, index === 0 ? size : "note"));
  return lines.length * LINE_HEIGHT + 14;
}

/** A text in lines that are not wider than a width. */
function broken(text: string, width: number, size: Size): readonly string[] {
  const most = Math.floor(width / (LETTERS[size] * LETTER_WIDTH));
  const lines: string[] = [];
  // A number stays with its unit.
  for (const word of text.replaceAll(/(?<=\d) (?=s\b)/g, "\u00a0").split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

type Point = readonly [x: number, y: number];

/** An arrow along points, with its head at the last one. */
export function arrow(points: readonly Point[], style = ""): string {
  const [from, to] = points.slice(-2) as [Point, Point];
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const at = (along: number, across: number): string =>
    `${round(to[0] - along * dx - across * dy)},${round(to[1] - along * dy + across * dx)}`;
  const path = [...points.slice(0, -1).map(([x, y]) => `${round(x)},${round(y)}`), at(8, 0)].join(" ");
  return `<polyline class="arrow ${style}" points="${path}"/><polygon class="head ${style}" points="${at(0, 0)} ${at(10, 5)} ${at(10, -5)}"/>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

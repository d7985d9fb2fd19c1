/** Colours of the page and of the pictures, in both themes. Each has a contrast of at least 4.5 to `paper` and `soft`, except for lines. */
const LIGHT = {
  text: "#16202a",
  paper: "#ffffff",
  soft: "#f2f5f8",
  line: "#c4ced8",
  good: "#1a7f4b",
  bad: "#b3261e",
  open: "#8a5a00",
  accent: "#1f5fa8",
  quiet: "#55616d",
  lost: "#d9dde2",
  "lost-text": "#8a939c",
};

const DARK: typeof LIGHT = {
  text: "#e6ebf0",
  paper: "#12181f",
  soft: "#1b242d",
  line: "#3a4754",
  good: "#57c98b",
  bad: "#ff8a80",
  open: "#f0b95b",
  accent: "#7db4f0",
  quiet: "#a3afba",
  lost: "#222a31",
  "lost-text": "#5d6872",
};

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(" ");

/** The colours as variables of a selector. The theme is that of the reader's system. */
export function theme(selector: string): string {
  return `${selector} { color-scheme: light dark; ${variables(LIGHT)} }
@media (prefers-color-scheme: dark) { ${selector} { ${variables(DARK)} } }`;
}

export const FONT = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A text as it is written in HTML, SVG and XML. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** A table with a row of headings. Cells are markup. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: "td" | "th", row: readonly string[]): string => row.map((cell) => `<${tag}>${cell}</${tag}>`).join("");
  return [
    '<div class="wide"><table>',
    `<thead><tr>${cells("th", headings)}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${cells("td", row)}</tr>`),
    "</tbody></table></div>",
  ].join("\n");
}

/** A link to the page that a figure comes from. */
export function source(url: string): string {
  return `<a href="${escaped(url)}">${escaped(new URL(url).hostname.replace(/^www\./, ""))}</a>`;
}

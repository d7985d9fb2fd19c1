import { marked } from "marked";
import { Anchors } from "./anchors";

/** A heading of a page. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Markdown of GitHub as HTML, with the anchors that GitHub makes. @throws for a drawing that needs a script */
export function render(path: string, markdown: string): Rendered {
  if (/^ *```mermaid/m.test(markdown))
    throw new Error(
      `${path} has a Mermaid drawing, which needs a script from elsewhere. Write a picture (npm run pictures), a table or a list.`,
    );
  const headings: Heading[] = [];
  const anchors = new Anchors();
  const html = marked
    .parse(markdown, { async: false, gfm: true })
    .replaceAll(/<h([1-6])>(.*?)<\/h\1>/gs, (_, level: string, content: string) => {
      const text = plain(content);
      const id = anchors.next(text);
      headings.push({ level: Number(level), text, id });
      return `<h${level} id="${id}">${content} <a class="anchor" href="#${id}" aria-label="Link to this heading">#</a></h${level}>`;
    })
    .replaceAll("<table>", '<div class="wide"><table>')
    .replaceAll("</table>", "</table></div>");
  return { html, headings };
}

const ENTITIES: Readonly<Record<string, string>> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };

/** The text of a piece of HTML. */
function plain(html: string): string {
  return html.replaceAll(/<[^>]+>/g, "").replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

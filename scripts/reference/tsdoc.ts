import ts from "typescript";

/** What TSDoc says of a declaration. */
export interface Documented {
  /** Without tags. Empty if there is no comment. */
  readonly text: string;
  /** `@default` */
  readonly standard: string | undefined;
  /** Addresses of `@see`, and of links in the text. */
  readonly sources: readonly string[];
}

export function documented(node: ts.Node): Documented {
  const comments = ts.getJSDocCommentsAndTags(node).filter((found) => ts.isJSDoc(found));
  const tags = comments.flatMap((comment) => comment.tags ?? []);
  const ofTag = (name: string): string[] =>
    tags
      .filter(({ tagName }) => tagName.text === name)
      .map((tag) =>
        tag
          .getText()
          .replace(/^@\w+\s*/, "")
          .replaceAll(/\s*\n\s*\*?\s*/g, " ")
          .trim(),
      );
  return {
    text: comments
      .map(({ comment }) => plain(ts.getTextOfJSDocComment(comment) ?? ""))
      .join(" ")
      .trim(),
    standard: ofTag("default")[0],
    sources: ofTag("see").flatMap((see) => see.match(/https:\/\/\S+/g) ?? []),
  };
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

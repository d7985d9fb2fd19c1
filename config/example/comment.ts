import { WIDTH } from "./format-hcl";

/** Wraps a text to comment lines. An indented line leaves one column for the "#" that disables a default. */
export function comment(text: string, indent = ""): string[] {
  const width = indent === "" ? WIDTH : WIDTH - 1;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}# ${word}`);
  }
  return lines;
}

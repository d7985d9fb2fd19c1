import { WIDTH } from "./format-hcl";

/** Words as comment lines that fit the file, behind the "#" that switches a default off where they are indented. */
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

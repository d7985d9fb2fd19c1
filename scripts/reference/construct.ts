import { code, fromPage, link, prose, source } from "./markdown";
import { inputsOf, type Input } from "./inputs";
import type { ConstructClass, Member, Sources } from "./sources";

/** A construct: its text, its inputs, and what other code may use of it. @param from the page */
export function constructBlock(
  { name, file, text, props, members, sources: pages }: ConstructClass,
  { interfaces }: Sources,
  from: string,
): string {
  const inputs = props === undefined ? [] : inputsOf(props, interfaces);
  return [
    `### ${code(name)}`,
    `${link(file, fromPage(from, file))}. ${prose(text)}${seeAlso(pages)}`,
    ...(inputs.length === 0 ? [] : [`Inputs (${code(props ?? "")}):`, inputs.map(inputLine).join("\n")]),
    ...(members.length === 0 ? [] : ["Outputs:", members.map(memberLine).join("\n")]),
  ].join("\n\n");
}

function inputLine(input: Input): string {
  const { isOptional, standard } = input;
  const fallback = standard === undefined ? "" : ` Default: ${prose(standard.replace(/^- /, ""))}.`;
  return `${memberLine(input)}${isOptional && standard === undefined ? " Optional." : ""}${fallback.replace(/\.\.$/, ".")}`;
}

function memberLine({ name, type, text, sources: pages }: Member): string {
  const words = text === "" ? "" : ` ${prose(text)}`;
  return `- **${name}**: ${code(oneLine(type))}.${words}${seeAlso(pages)}`;
}

/** A type on one line, without the comments in it. */
function oneLine(type: string): string {
  return type
    .replaceAll(/\/\*\*.*?\*\//gs, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function seeAlso(pages: readonly string[]): string {
  return pages.length === 0 ? "" : ` Source: ${pages.map(source).join(", ")}.`;
}

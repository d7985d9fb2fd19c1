import type { Start } from "./regions-state";

export type Command = Start;

const COMMAND = /aws stepfunctions start-execution\b(.*?)--input '([^']*)'/s;

/** The command to run that a message contains. Undefined when it has none, or one that cannot be parsed. */
export function commandIn(message: string): Command | undefined {
  const [, options = "", input = ""] = COMMAND.exec(message) ?? [];
  const [, region] = /--region ([a-z0-9-]+)/.exec(options) ?? [];
  if (region === undefined) return undefined;
  return { region, input: JSON.parse(input) as Start["input"] };
}

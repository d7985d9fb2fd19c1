import type { Start } from "./regions-state";

/** A command in a message: a region's state machine with an input, or with the input of an earlier execution. */
type Command = { readonly region: string; readonly machine: string } & (
  { readonly input: Start["input"] } | { readonly execution: string }
);

const START = "aws stepfunctions start-execution --region (\\S+) --state-machine-arn (\\S+) --input";
const COMMAND = new RegExp(`${START} '([^']*)' #`);
const AGAIN = new RegExp(
  `aws stepfunctions describe-execution --region (\\S+) --execution-arn (\\S+) --query input --output text \\| xargs -0 ${START} #`,
);
const known = new Map<string, Command | undefined>();

/** The command to run that a message contains. Undefined when it has none, or one that cannot be parsed. */
export function commandIn(message: string): Command | undefined {
  if (!known.has(message)) known.set(message, parse(message));
  return known.get(message);
}

function parse(message: string): Command | undefined {
  const [again, region, execution, sameRegion, machine] = AGAIN.exec(message) ?? [];
  if (again !== undefined)
    return region === sameRegion && region !== undefined && execution !== undefined && machine !== undefined
      ? { region, machine, execution }
      : undefined;
  const [, to, named, input] = COMMAND.exec(message) ?? [];
  if (to === undefined || named === undefined || input === undefined) return undefined;
  return { region: to, machine: named, input: JSON.parse(input) as Start["input"] };
}

export function isCritical(message: string): boolean {
  return /^[^:]*:[^:]*: CRITICAL|^CRITICAL/.test(message);
}

/** The critical messages so far and the last message, each reduced to what an invariant reads: its subject, regions and command. */
export function recorded(messages: readonly string[], message: string, regions: readonly string[]): string[] {
  const [text] = AGAIN.exec(message) ?? COMMAND.exec(message) ?? [];
  const named = regions.filter((region) => message.replace(/ Execution: https\S+/, "").includes(region));
  const [subject = ""] = /^[^:]*:[^:]*: /.exec(message) ?? [];
  const reduced = isCritical(message)
    ? `${message.startsWith("CRITICAL") ? "" : subject}CRITICAL ${named.join()}${text === undefined ? "" : ` ${text}`}`
    : subject;
  return [...messages.filter((each) => isCritical(each) && each !== reduced), reduced];
}

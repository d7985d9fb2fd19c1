import type { Variables } from "../runbook-pages/page";
import type { RunbookPages } from "../runbook-pages/runbook-pages";
import type { Severity } from "./alert-props";

export interface MessageProps {
  /** `critical` or `warning`: the first word of the message. */
  readonly severity: Severity;
  /** What happened, in full sentences. */
  readonly means: string;
  /** What clients notice: `some requests fail`. @default - the message does not notify */
  readonly clients?: string | undefined;
  /** Further sentences. */
  readonly details?: string;
  /** The runbook pages, to which the messages link. */
  readonly pages: RunbookPages;
  /** File and section in `docs/runbooks`. */
  readonly runbook: string;
  /** Values of further variables in the first command of the section. */
  readonly variables?: Variables | undefined;
}

const FIRST_COMMAND = " First command:";

/** A message to on-call: severity, what happened, what clients notice, the first command, and the link to the runbook. */
export function messageText({ severity, means, clients, details, pages, runbook, variables }: MessageProps): string {
  const sentences = [means, ...(clients === undefined ? [] : [`Clients: ${clients}.`]), ...(details === undefined ? [] : [details])];
  return `${severity.toUpperCase()}: ${sentences.join(" ")}${FIRST_COMMAND} \`${pages.firstCommand(runbook, variables)}\` Runbook: ${pages.link(runbook)}`;
}

/** The message with a further sentence. */
export function withSentence(message: string, sentence: string): string {
  return message.replace(FIRST_COMMAND, ` ${sentence}${FIRST_COMMAND}`);
}

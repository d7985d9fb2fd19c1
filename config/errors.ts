/** One thing wrong with the input, said so that the reader can mend it without asking anyone. */
export interface Problem {
  /** Path of the key as written in the file, e.g. `service.tasks`; empty for the file as a whole. */
  readonly where: string;
  /** The offending value; `undefined` when there is none. */
  readonly given?: unknown;
  /** Why it cannot work. */
  readonly why: string;
  /** What to write instead. */
  readonly instead: string;
  /** URL of the rule's origin. */
  readonly source?: string;
}

/** Every problem of one configuration, in one report. Raised before anything is written. */
export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly Problem[],
  ) {
    super(report(file, problems));
    this.name = "ConfigError";
  }
}

function report(file: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${file}: ${count}. Nothing was written.`, ...problems.map(paragraph)].join("\n\n");
}

function paragraph(problem: Problem, index: number): string {
  const lines = [
    `${index + 1}. ${problem.where || "the file"}`,
    problem.given === undefined ? undefined : `   given:    ${JSON.stringify(problem.given)}`,
    `   problem:  ${problem.why}`,
    `   instead:  ${problem.instead}`,
    problem.source ? `   source:   ${problem.source}` : undefined,
  ];
  return lines.filter((line) => line !== undefined).join("\n");
}

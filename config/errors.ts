/** One problem of the input, with everything that the reader needs to correct it. */
export interface Problem {
  /** Path of the key in the file, e.g. `service.tasks`. Empty for the file as a whole. */
  readonly where: string;
  /** The invalid value. `undefined` for a missing value. */
  readonly given?: unknown;
  /** The reason. */
  readonly why: string;
  /** The correction. */
  readonly instead: string;
  /** URL of the documentation that defines the rule. */
  readonly source?: string;
}

/** All problems of one configuration in one report. Thrown before anything is written. */
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

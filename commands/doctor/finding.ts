/** What the doctor found about one thing that a deployment needs. */
export interface Finding {
  /** The region, `account` or `machine`. */
  readonly scope: string;
  /** What is needed, as one sentence. */
  readonly need: string;
  /** `problem`: a deployment fails, or does not do what it should. `notice`: worth knowing. `unknown`: it could not be read. */
  readonly result: "ready" | "problem" | "notice" | "unknown";
  /** What is there. */
  readonly found: string;
  /** The command that cures it, or what to do. */
  readonly cure?: string | undefined;
}

/** Something that a deployment needs, and how to find out. */
export interface Examination {
  readonly scope: string;
  readonly need: string;
  /** @throws an error of AWS, which makes the finding unknown */
  readonly examine: () => Promise<Omit<Finding, "scope" | "need">>;
}

/** Examines everything at once. */
export function examineAll(examinations: readonly Examination[]): Promise<Finding[]> {
  return Promise.all(
    examinations.map(async ({ scope, need, examine }) => {
      try {
        return { scope, need, ...(await examine()) };
      } catch (error) {
        return {
          scope,
          need,
          result: "unknown" as const,
          found: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        };
      }
    }),
  );
}

/** Ready if a condition holds, else a problem with its cure. */
export function readyIf(holds: boolean, found: string, cure: string): Omit<Finding, "scope" | "need"> {
  return holds ? { result: "ready", found } : { result: "problem", found, cure };
}

const MARK: Readonly<Record<Finding["result"], string>> = { ready: "✓", problem: "✗", notice: "!", unknown: "?" };

/** The findings by scope, each with its cure below, and the numbers at the end. */
export function table(findings: readonly Finding[]): string {
  const scopes = [...new Set(findings.map(({ scope }) => scope))];
  const groups = scopes.map((name) =>
    [
      name,
      ...findings
        .filter(({ scope }) => scope === name)
        .flatMap(({ need, result, found, cure }) => [
          `  ${MARK[result]} ${need}: ${found}`,
          ...(cure === undefined ? [] : [`      ${cure}`]),
        ]),
    ].join("\n"),
  );
  const number = (which: Finding["result"]): number => findings.filter(({ result }) => result === which).length;
  return [
    ...groups,
    `${number("ready")} of ${findings.length} ready; problems: ${number("problem")}, notices: ${number("notice")}, unknown: ${number("unknown")}.`,
  ].join("\n\n");
}

/** 0: nothing is in the way; 3: a problem; 1: something could not be read, which has precedence. */
export function exitCode(findings: readonly Finding[]): number {
  if (findings.some(({ result }) => result === "unknown")) return 1;
  return findings.some(({ result }) => result === "problem") ? 3 : 0;
}

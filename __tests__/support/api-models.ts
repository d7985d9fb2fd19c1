/** A request that AWS's API model of the service does not allow. */
interface Violation {
  readonly service: string;
  readonly operation: string;
  /** Path of the member in the parameters; `[]` stands for every element of a list. */
  readonly member: string;
  readonly rule: string;
  readonly value: string;
  readonly count: number;
}

/** What the emulator found when it compared the requests so far with AWS's API models. */
export interface ApiChecks {
  readonly requests: number;
  readonly operations: number;
  readonly violations: readonly Violation[];
  /** Violations that AWS accepts, from `known_violations.py`. */
  readonly known: readonly Violation[];
  /** Patterns of the models that Python cannot compile. */
  readonly unchecked_patterns: readonly string[];
}

/** Prints how much was checked, and fails if a request violates a model or if nothing was checked. */
export function requireValidRequests({ requests, operations, violations, known, unchecked_patterns: unchecked }: ApiChecks): void {
  process.stderr.write(
    `  ${requests} requests of ${operations} operations compared with AWS's API models: ${violations.length} violations, ` +
      `${known.length} known ones, ${unchecked.length} patterns not checked\n`,
  );
  if (requests === 0 || operations === 0) throw new Error("No request was compared with AWS's API models.");
  if (violations.length === 0) return;
  const lines = violations.map(
    ({ service, operation, member, rule, value, count }) => `${service} ${operation} ${member}: ${rule}, not "${value}" (${count} times)`,
  );
  throw new Error(`Requests violate AWS's API models:\n${lines.join("\n")}`);
}

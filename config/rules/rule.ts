import type { Problem } from "../errors";
import type { RawConfig } from "../schema";
import type { RawService } from "../services";

/** Input of the rules: the configuration with all keys. */
export type RuleInput = RawConfig & {
  /** All services with all of their keys, the primary service first. */
  readonly everyService: readonly RawService[];
  /** Keys and values of the file itself, without those of the preset. */
  readonly given: Readonly<Record<string, unknown>>;
};

/**
 * A rule about more than one key, or about a value that AWS rejects only at apply. Each rule prevents an apply that fails
 * after a successful plan, or a platform that does not meet its availability requirements.
 */
export interface Rule {
  /** Keys that the rule reads. It is skipped while one of them is malformed. */
  readonly reads: readonly string[];
  check(config: RuleInput, today: Date): Problem[];
}

/** The problem as a list, empty if the rule is met. */
export function problemIf(broken: boolean, problem: Problem): Problem[] {
  return broken ? [problem] : [];
}

/** The values that a list has already contained before. */
export function repeated(values: readonly string[]): readonly string[] {
  return values.filter((value, index) => values.indexOf(value) < index);
}

import type { Problem } from "../errors";
import type { RawConfig } from "../schema";
import type { RawService } from "../services";

/** What rules judge: the configuration, with every service complete, the primary one first. */
type RuleInput = RawConfig & { readonly everyService: readonly RawService[] };

/**
 * What more than one key decides, and what AWS refuses only at apply: each rule stands for an apply that would have
 * failed after a clean plan, or for a platform that would not survive what it is built to survive.
 */
export interface Rule {
  /** Keys that the rule looks at; it is skipped while one of them has a problem of its own. */
  readonly reads: readonly string[];
  check(config: RuleInput, today: Date): Problem[];
}

/** The problem, when it is there. */
export function problemIf(broken: boolean, problem: Problem): Problem[] {
  return broken ? [problem] : [];
}

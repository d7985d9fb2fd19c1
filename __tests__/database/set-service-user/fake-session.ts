import type { Row, Session } from "../../../modules/database/set-service-user/session";

/** A session that records its statements, and answers those that match a pattern. */
export class FakeSession implements Session {
  readonly statements: string[] = [];
  ended = false;

  constructor(private readonly answers: readonly (readonly [RegExp, readonly Row[] | Error])[]) {}

  query(statement: string, values: readonly string[] = []): Promise<readonly Row[]> {
    const whole = values.reduce((text, value) => text.replace(/\?/, `'${value}'`), statement);
    const filled = values.reduce((text, value, index) => text.replaceAll(`$${index + 1}`, `'${value}'`), whole);
    this.statements.push(filled.trim().replaceAll(/\s+/g, " "));
    const [, answer = []] = this.answers.find(([pattern]) => pattern.test(filled)) ?? [];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  end(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }

  /** The statements that change something. */
  changes(): string[] {
    return this.statements.filter((statement) => !/^(SELECT|SHOW)/.test(statement));
  }
}

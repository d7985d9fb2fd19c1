import { AwsError, type Call } from "./state-machine";

/**
 * AWS as the tests of runbooks see it: each method answers one action, `rds_describeDBClusters` for
 * `rds:describeDBClusters`, and each action can be made to fail. This class has the actions that every runbook calls.
 */
export abstract class FakeAws {
  readonly messages: string[] = [];
  abstract readonly parameters: Map<string, string>;
  private readonly failures: { action: string; from: number; to: number; error: AwsError }[] = [];
  private readonly callCounts = new Map<string, number>();

  /** Makes the calls of an action fail: all of them, or the calls from one number to another. */
  fail(action: string, error: string, from = 1, to = Infinity): this {
    this.failures.push({ action, from, to, error: new AwsError(error, `${action} was refused`) });
    return this;
  }

  async perform({ action, parameters }: Call): Promise<unknown> {
    await Promise.resolve();
    const count = this.callCount(action) + 1;
    this.callCounts.set(action, count);
    const failure = this.failures.find((candidate) => candidate.action === action && count >= candidate.from && count <= candidate.to);
    if (failure) throw failure.error;
    const operation = (this as unknown as Record<string, ((parameters: Call["parameters"]) => unknown) | undefined>)[
      action.replace(":", "_")
    ];
    if (!operation) throw new Error(`${action} is not implemented by ${this.constructor.name}`);
    return operation.call(this, parameters);
  }

  sns_publish({ Subject, Message }: Call["parameters"]): object {
    this.messages.push(`${String(Subject)}: ${String(Message)}`);
    return {};
  }

  ssm_getParameter({ Name }: Call["parameters"]): object {
    const Value = this.parameters.get(String(Name));
    if (Value === undefined) throw new AwsError("Ssm.ParameterNotFoundException", `no parameter ${String(Name)}`);
    return { Parameter: { Value } };
  }

  ssm_putParameter({ Name, Value }: Call["parameters"]): object {
    this.parameters.set(String(Name), String(Value));
    return {};
  }

  /** The number of calls of an action so far. */
  protected callCount(action: string): number {
    return this.callCounts.get(action) ?? 0;
  }
}

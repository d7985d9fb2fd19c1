import { AwsError, type Call } from "./state-machine";

/**
 * A stand-in for AWS in the tests of runbooks: each method plays one action, `rds_describeDBClusters` for
 * `rds:describeDBClusters`, and any of them can be told to fail. What every runbook meets is here.
 */
export abstract class PlayedAws {
  readonly messages: string[] = [];
  abstract readonly parameters: Map<string, string>;
  private readonly failures: { action: string; from: number; to: number; error: AwsError }[] = [];
  private readonly asked = new Map<string, number>();

  /** Makes calls of an action fail: all of them, or those from one to another. */
  fail(action: string, error: string, from = 1, to = Infinity): this {
    this.failures.push({ action, from, to, error: new AwsError(error, `${action} was refused`) });
    return this;
  }

  async perform({ action, parameters }: Call): Promise<unknown> {
    await Promise.resolve();
    const times = this.times(action) + 1;
    this.asked.set(action, times);
    const failure = this.failures.find((candidate) => candidate.action === action && times >= candidate.from && times <= candidate.to);
    if (failure) throw failure.error;
    const operation = (this as unknown as Record<string, ((given: Call["parameters"]) => unknown) | undefined>)[action.replace(":", "_")];
    if (!operation) throw new Error(`${action} is not played`);
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

  /** How often an action was called so far. */
  protected times(action: string): number {
    return this.asked.get(action) ?? 0;
  }
}

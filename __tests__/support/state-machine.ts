import { StateMachine, type ExecutionError } from "aws-local-stepfunctions";
import type { Definition, State } from "../../modules/runbooks/states";
import type { Synthesized } from "./synthesized";

/** A call of an execution, by the action in Step Functions' own terms: `rds:describeDBClusters`. */
export interface Call {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Executed {
  readonly calls: readonly Call[];
  /** Undefined when it succeeded. */
  readonly failure: { readonly error: string; readonly cause: string } | undefined;
}

/** An error of an AWS service, with the name that Step Functions gives it. */
export class AwsError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

// The interpreter requires Promise.withResolvers of Node.js 22.
Object.assign(Promise, { withResolvers: resolvers });

function resolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void; reject: (reason: Error) => void } {
  let resolve!: (value: Value) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** The definition of a runbook. @param id construct id of the runbook in the stack: `rewind` */
export function definitionOf(stack: Synthesized, id: string): Definition {
  return JSON.parse(String(stack.resource(`aws_sfn_state_machine.${id}_runbook_machine`)["definition"])) as Definition;
}

/** Every state of a definition by its name, including those inside maps and branches. */
export function statesOf(definition: Pick<Definition, "States">): [string, State][] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...("ItemProcessor" in state ? statesOf(state["ItemProcessor"] as Definition) : []),
    ...("Branches" in state ? (state["Branches"] as Definition[]).flatMap(statesOf) : []),
  ]);
}

/** The action of a task: `rds:describeDBClusters`. */
export function actionOf(state: State): string {
  const [, , , , , integration, service, action] = String(state["Resource"]).split(":");
  return integration === "aws-sdk" ? `${service}:${action}` : `${integration}:${service}`;
}

/**
 * Executes a definition without its waiting times, and records its calls.
 * @param perform answers a call in place of AWS
 */
export async function execute(
  definition: Definition,
  input: object,
  perform: (call: Call) => Promise<unknown>,
  machineArn = "arn:aws:states:us-east-1:123456789012:stateMachine:runbook",
): Promise<Executed> {
  const calls: Call[] = [];
  const states = statesOf(definition);
  const statesOfType = (type: string) => states.filter(([, state]) => state.Type === type);
  const handlers = statesOfType("Task").map(([name, state]) => [
    name,
    async (parameters: Call["parameters"]) => {
      const call = { action: actionOf(state), parameters };
      calls.push(call);
      return (await perform(call)) ?? {};
    },
  ]);
  // Not structuredClone: its objects belong to another realm than Jest's, and the interpreter does not recognize them.
  const machine = new StateMachine(JSON.parse(JSON.stringify(definition)) as never, { validationOptions: { noValidate: true } });
  const { result } = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(handlers) as never,
      waitTimeOverrides: Object.fromEntries(statesOfType("Wait").map(([name]) => [name, 0])),
      retryIntervalOverrides: Object.fromEntries(statesOfType("Task").map(([name]) => [name, 0])),
    },
    context: {
      Execution: { Id: `${machineArn.replace(":stateMachine:", ":execution:")}:run-1`, Input: input as never },
      StateMachine: { Id: machineArn, Name: machineArn.split(":")[6] },
      State: { EnteredTime: new Date().toISOString() },
    },
  });
  try {
    await result;
    return { calls, failure: undefined };
  } catch (error) {
    const { name, message } = (error as ExecutionError).cause as Error;
    return { calls, failure: { error: name, cause: message } };
  }
}

import type { Graph } from "../graph/graph";
import { blocks, oneOrMany, type Resource, text, type Values } from "../graph/values";

/** A state of a machine, or of a Map or a branch inside of it. */
export interface Node {
  /** `AwaitTasks/DescribeTasks`: unique in its machine. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly state: Values;
  readonly scope: Scope;
}

/** The states of a machine, of the iterations of a Map, or of one branch of a Parallel. */
export interface Scope {
  readonly startAt: string;
  readonly nodes: ReadonlyMap<string, Node>;
  /** The Map or Parallel. @default - the scope is the machine */
  readonly parent: Node | undefined;
}

/** A state machine with every state inside of it. */
export interface Machine {
  readonly resource: Resource;
  readonly definition: Values;
  readonly top: Scope;
  /** Every node at every depth. */
  readonly nodes: readonly Node[];
  /** The scopes inside of a Map or a Parallel. */
  readonly inner: ReadonlyMap<Node, readonly Scope[]>;
}

const machines = new WeakMap<Graph, readonly (Machine | Resource)[]>();

/**
 * The state machines of a stack. One whose definition cannot be read is its resource.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
 */
export function stateMachines(graph: Graph): readonly (Machine | Resource)[] {
  const known = machines.get(graph);
  if (known) return known;
  const found = graph.all("aws_sfn_state_machine").map((resource) => {
    const definition = graph.document(resource.values["definition"]);
    return isProgram(definition) && definition["QueryLanguage"] !== "JSONata" ? read(resource, definition) : resource;
  });
  machines.set(graph, found);
  return found;
}

export function isMachine(found: Machine | Resource): found is Machine {
  return "definition" in found;
}

function isProgram(value: unknown): value is Values {
  return typeof value === "object" && value !== null && typeof (value as Values)["States"] === "object";
}

function read(resource: Resource, definition: Values): Machine {
  const nodes: Node[] = [];
  const inner = new Map<Node, readonly Scope[]>();
  const scope = (program: Values, parent: Node | undefined, prefix: string): Scope => {
    const own = new Map<string, Node>();
    const result: Scope = { startAt: text(program["StartAt"]) ?? "", nodes: own, parent };
    for (const [name, written] of Object.entries((program["States"] ?? {}) as Readonly<Record<string, unknown>>)) {
      const values = (typeof written === "object" && written !== null ? written : {}) as Values;
      const node = { path: `${prefix}${name}`, name, type: text(values["Type"]) ?? "", state: values, scope: result };
      own.set(name, node);
      nodes.push(node);
      const programs = [...blocks(values["Branches"]), ...blocks(values["ItemProcessor"] ?? values["Iterator"])];
      if (programs.length > 0)
        inner.set(
          node,
          programs.filter(isProgram).map((each) => scope(each, node, `${node.path}/`)),
        );
    }
    return result;
  };
  const top = scope(definition, undefined, "");
  return { resource, definition, top, nodes, inner };
}

/** The call of a Task: `rds:failoverGlobalCluster`, `lambda:invoke`, `sns:publish`. Undefined for any other state. */
export function callOf({ type, state }: Node): string | undefined {
  const resource = text(state["Resource"]);
  if (type !== "Task" || resource === undefined) return undefined;
  const [, , service, , , integration = "", second = "", third = ""] = resource.split(":");
  if (service === "lambda" || resource.includes("aws_lambda_function.")) return "lambda:invoke";
  const isSdk = integration === "aws-sdk";
  const action = isSdk ? third : second;
  return `${isSdk ? second : integration}:${action.split(".")[0] ?? ""}`;
}

export function isMessage(node: Node): boolean {
  return callOf(node) === "sns:publish";
}

/** A call that only reads, by the verb of its name. */
export function isReading(call: string): boolean {
  return /^(describe|get|list|batchGet)/.test(call.split(":")[1] ?? "");
}

export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly resultPath: unknown;
}

export function catchersOf({ state }: Node): readonly Catcher[] {
  return blocks(state["Catch"]).map((catcher) => ({
    errors: oneOrMany(catcher["ErrorEquals"]).map(String),
    next: text(catcher["Next"]) ?? "",
    resultPath: catcher["ResultPath"],
  }));
}

/**
 * Whether no error of a call passes the catchers. `States.TaskFailed` is every error except for a timeout.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export function catchesAll(node: Node): boolean {
  const errors = catchersOf(node).flatMap((catcher) => catcher.errors);
  return errors.includes("States.ALL") || (errors.includes("States.TaskFailed") && errors.includes("States.Timeout"));
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Definition, State } from "../../modules/runbooks/states";
import { javaName } from "../support/aws-calls";
import { EVERYTHING, MYSQL, SERVICE_USER } from "../support/config";
import { list, statements } from "../support/policies";
import { actionOf, statesOf } from "../support/state-machine";
import { oneRegion, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no types
const validate = require("asl-validator") as (definition: object, options: object) => { isValid: boolean; errors: unknown[] };

const standby = (kind: string): Readonly<Record<string, unknown>> => ({
  regions: ["us-east-1", "us-west-2"].map((name, index) => ({
    name,
    availability_zones: ["a", "b", "c"].map((zone) => `${name}${zone}`),
    vpc_cidr: `10.${index}.0.0/16`,
    ...(index > 0 && { standby: kind }),
  })),
});

const STACKS: readonly (readonly [string, Synthesized])[] = [
  ["one region with everything", regionStack(EVERYTHING)],
  ["Aurora MySQL", regionStack(MYSQL)],
  ["the first region of two", regionStack(standby("hot"), 0)],
  ["a hot standby", regionStack(standby("hot"), 1)],
  ["a pilot light", regionStack(standby("pilot-light"), 1)],
  ["one region with a user of the services", oneRegion(SERVICE_USER)],
  ["Aurora MySQL with a user of the services", regionStack({ ...MYSQL, database: { ...MYSQL.database, ...SERVICE_USER.database } })],
];
const RUNBOOKS = STACKS.flatMap(([label, stack]) =>
  stack.all("aws_sfn_state_machine").map((machine) => ({
    title: `${String(machine["name"])} of ${label}`,
    stack,
    machine,
    definition: JSON.parse(String(machine["definition"])) as Definition,
  })),
);

/** Names of services and actions in IAM, where they differ from Step Functions' names. */
const IAM_NAMES: Readonly<Record<string, string>> = {
  applicationautoscaling: "application-autoscaling",
  elasticloadbalancingv2: "elasticloadbalancing",
  "lambda:Invoke": "lambda:InvokeFunction",
  arczonalshift: "arc-zonal-shift",
  sfn: "states",
};
/** Permissions that a call needs beside its own. */
const IMPLIED_PERMISSIONS = /^(kms|logs|xray):|^iam:PassRole$|^rds:AddTagsToResource$/;
/** The SDK package of a service, with the field names of its requests. */
const CLIENTS: Readonly<Record<string, string>> = {
  applicationautoscaling: "application-auto-scaling",
  elasticloadbalancingv2: "elastic-load-balancing-v2",
  route53: "route-53",
};
/** Members of the inputs of a service whose SDK is not installed. @see https://docs.aws.amazon.com/arc-zonal-shift/latest/api/API_Operations.html */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  "arczonalshift:getManagedResource": ["resourceIdentifier"],
  "arczonalshift:startZonalShift": ["resourceIdentifier", "awayFrom", "expiresIn", "comment"],
  "arczonalshift:updateZonalShift": ["zonalShiftId", "comment", "expiresIn"],
  "arczonalshift:cancelZonalShift": ["zonalShiftId"],
};
/** Quota of events in an execution, and the events of one attempt of a poll. */
const MAX_EVENTS = 25_000;
const EVENTS_PER_ATTEMPT = 12;

it("the stacks contain every runbook", () => {
  const purposes = new Set(RUNBOOKS.map(({ machine }) => String(machine["name"])));
  expect([...purposes].sort()).toEqual([
    "runbook-backup-verification-test-1",
    "runbook-health-check-test-1",
    "runbook-region-takeover-test-1",
    "runbook-rewind-test-1",
    "runbook-zonal-shift-test-1",
  ]);
});

describe.each(RUNBOOKS)("$title", ({ stack, machine, definition }) => {
  const states = statesOf(definition);
  const tasks = states.filter(([, { Type }]) => Type === "Task");

  it("is valid in the Amazon States Language", () => {
    // The validator changes its argument.
    expect(validate(structuredClone(definition), { checkPaths: true, checkArn: true })).toMatchObject({ isValid: true, errors: [] });
  });

  it("has a role that allows exactly the calls of its states", () => {
    const called = tasks.map(([, state]) => iamActionOf(state));
    const allowed = statements(stack)
      .filter(({ address }) => address === rolePolicyOf(machine))
      .flatMap(({ Action }) => list(Action))
      .filter((action) => !IMPLIED_PERMISSIONS.test(action));
    expect([...new Set(allowed)].sort()).toEqual([...new Set(called)].sort());
  });

  it("uses only parameters of the API, under the names of Step Functions", () => {
    for (const [name, state] of tasks.filter(([, { Resource }]) => String(Resource).includes(":aws-sdk:"))) {
      const [service = "", action = ""] = actionOf(state).split(":");
      const known = (INPUTS[actionOf(state)] ?? inputOf(CLIENTS[service] ?? service, action)).map((member) =>
        capitalized(javaName(member)),
      );
      const names = Object.keys(state["Parameters"] as object).map((key) => key.replace(/\.\$$/, ""));
      expect({ name, known: known.length > 0, unknown: names.filter((key) => !known.includes(key)) }).toEqual({
        name,
        known: true,
        unknown: [],
      });
    }
  });

  it("retries each call, catches its errors, and has a timeout", () => {
    expect(definition.TimeoutSeconds).toBeGreaterThan(0);
    expect(tasks.filter(([, state]) => !state["Retry"]).map(([name]) => name)).toEqual([]);
    /** A task without a catcher, or a state with such a task in it. */
    const isUncaught = (state: State): boolean => {
      if (state["Catch"]) return false;
      if (state.Type === "Task") return true;
      if (state.Type !== "Map" && state.Type !== "Parallel") return false;
      return statesOf({ States: { state } }).some(([name, inner]) => name !== "state" && inner.Type === "Task" && !inner["Catch"]);
    };
    expect(Object.entries(definition.States).filter(([, state]) => isUncaught(state))).toEqual([]);
  });

  it("limits a call that reads to 30 s, another one to a minute, and each invocation to more than the timeout of its function", () => {
    expect(tasks.length).toBeGreaterThan(1);
    for (const [name, state] of tasks) {
      const seconds = Number(state["TimeoutSeconds"]);
      if (actionOf(state) === "lambda:invoke") {
        const { FunctionName } = state["Parameters"] as { readonly FunctionName: string };
        expect(seconds).toBeGreaterThan(Number(stack.resource(target(FunctionName))["timeout"]));
        expect(seconds).toBeLessThan(90);
      } else expect({ name, seconds }).toEqual({ name, seconds: /:(describe|get|list)/.test(actionOf(state)) ? 30 : 60 });
    }
  });

  it("notifies on-call of its failure, and if it changes something of its start and success, with a link to the execution", () => {
    const messages = tasks
      .filter(([, state]) => actionOf(state) === "sns:publish")
      .map(([, state]) => state["Parameters"] as Record<string, string>);
    const kinds = messages.map(({ Subject = "" }) => Subject.split(":")[0]);
    // Those that only check run every day.
    const onlyChecks = /-(backup-verification|health-check)-/.test(String(machine["name"]));
    if (onlyChecks) expect(kinds).toEqual(["FAILED"]);
    else expect(kinds).toEqual(expect.arrayContaining(["STARTED", "DONE", "FAILED"]));
    for (const { "Message.$": message } of messages) expect(message).toContain("$$.Execution.Id");
  });

  it("stays within the quota of events in an execution, even with the longest waits", () => {
    const attempts = [...JSON.stringify(definition).matchAll(/\.count","NumericGreaterThanEquals":(\d+)/g)].map(([, count]) =>
      Number(count),
    );
    expect(attempts.reduce((sum, count) => sum + count, 0) * EVENTS_PER_ATTEMPT).toBeLessThan(MAX_EVENTS);
  });

  it("is encrypted, logged and traced", () => {
    expect(machine).toMatchObject({
      type: "STANDARD",
      encryption_configuration: { type: "CUSTOMER_MANAGED_KMS_KEY" },
      logging_configuration: { level: "ALL" },
      tracing_configuration: { enabled: true },
    });
  });
});

describe("scheduled executions", () => {
  const scheduledRules = (stack: Synthesized): unknown[] =>
    stack
      .all("aws_cloudwatch_event_rule")
      .filter(({ name }) => String(name).startsWith("rule-schedule-"))
      .map((rule) => [rule["name"], rule["schedule_expression"]]);

  it("are daily, and only of runbooks that change nothing", () => {
    expect(scheduledRules(regionStack(standby("hot"), 1))).toEqual([
      ["rule-schedule-backup-verification-test-1", "cron(30 8 * * ? *)"],
      ["rule-schedule-health-check-test-1", "cron(0 8 * * ? *)"],
    ]);
  });

  it("can be disabled, and so can all runbooks", () => {
    expect(scheduledRules(regionStack({ runbooks: { schedule: false } }))).toEqual([]);
    expect(regionStack({ runbooks: { enabled: false }, database: { rewind: false } }).all("aws_sfn_state_machine")).toEqual([]);
  });
});

function iamActionOf(state: State): string {
  const [service = "", action = ""] = actionOf(state).split(":");
  const name = `${service}:${capitalized(action)}`;
  return IAM_NAMES[name] ?? `${IAM_NAMES[service] ?? service}:${capitalized(action)}`;
}

function rolePolicyOf(machine: Resource): string {
  return machine.address.replace("aws_sfn_state_machine.", "aws_iam_role_policy.").replace(/_machine$/, "_role_permissions");
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const models = new Map<string, string>();

/** Members of an operation's input, from the types of the SDK. */
function inputOf(client: string, action: string): string[] {
  const folder = join(__dirname, "..", "..", "node_modules", "@aws-sdk", `client-${client}`, "dist-types", "models");
  const text =
    models.get(client) ??
    readdirSync(folder)
      .filter((file) => file.startsWith("models_"))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
  models.set(client, text);
  const [, body = ""] = new RegExp(`export interface ${action}(?:Message|Request|Input) \\{([\\s\\S]*?)\\n\\}`, "i").exec(text) ?? [];
  return [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, member = ""]) => member);
}

import { blocks, type Values } from "./values";

/** An `aws_iam_policy_document` as the policy that it makes. */
export function policyOf(values: Values, list: (value: unknown) => readonly unknown[]): unknown {
  const pairs = (all: unknown, name: string): Values =>
    Object.fromEntries(blocks(all).map((block) => [String(block["type"]), list(block[name])]));
  const one = (statement: Values, name: string): unknown => (statement[name] === undefined ? undefined : list(statement[name]));
  return {
    Statement: blocks(values["statement"]).map((statement) => ({
      Sid: statement["sid"],
      Effect: statement["effect"] ?? "Allow",
      Action: one(statement, "actions"),
      NotAction: one(statement, "not_actions"),
      Resource: one(statement, "resources"),
      NotResource: one(statement, "not_resources"),
      Principal: statement["principals"] === undefined ? undefined : pairs(statement["principals"], "identifiers"),
      Condition: conditions(list, statement["condition"]),
    })),
  };
}

function conditions(list: (value: unknown) => readonly unknown[], all: unknown): Values | undefined {
  const found = blocks(all);
  if (found.length === 0) return undefined;
  const operators: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of found) (operators[String(test)] ??= {})[String(variable)] = list(values);
  return operators;
}

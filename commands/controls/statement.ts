import { type Resource, valuesAt } from "./resource";

/** A statement of an IAM policy or of a resource's own. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function statementsOf(resource: Resource, path: string): readonly Statement[] {
  const [text] = valuesAt(resource, path);
  return typeof text === "string" ? (JSON.parse(text) as { Statement: Statement[] }).Statement : [];
}

export const allows = ({ Effect }: Statement): boolean => Effect === "Allow";

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

export const actions = ({ Action }: Statement): readonly string[] => list(Action);

export const resources = ({ Resource }: Statement): readonly string[] => list(Resource);

/** Whether everybody is meant: no account, role or service by name. */
export function toEverybody({ Principal }: Statement): boolean {
  return Principal === "*" || list((Principal as { AWS?: string | string[] } | undefined)?.AWS).includes("*");
}

/** Accounts, roles and users that are let in, beside services. */
export function principals({ Principal }: Statement): readonly string[] {
  return Principal === "*" ? ["*"] : list((Principal as { AWS?: string | string[] } | undefined)?.AWS);
}

/** Whether a statement is about an action, by its name or by a pattern. Names know no capitals. */
export function isAbout(statement: Statement, action: string): boolean {
  return actions(statement).some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
      "i",
    ).test(action),
  );
}

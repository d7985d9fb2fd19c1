import { type Resource, valuesAt } from "./resource";

/** A statement of an IAM policy or of a resource policy. */
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

/** Whether the principal is everyone, not a named account, role or service. */
export function isPublic({ Principal }: Statement): boolean {
  return Principal === "*" || list((Principal as { AWS?: string | string[] } | undefined)?.AWS).includes("*");
}

/** AWS principals of the statement: accounts, roles and users, without services. */
export function principals({ Principal }: Statement): readonly string[] {
  return Principal === "*" ? ["*"] : list((Principal as { AWS?: string | string[] } | undefined)?.AWS);
}

/** Whether a statement covers an action, by name or by wildcard. Action names are case-insensitive. */
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

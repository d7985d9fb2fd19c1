import { readdirSync, readFileSync } from "node:fs";
import { code, fromPage, link, list, page, prose, table } from "./markdown";
import type { Owners } from "./owners";
import { withPlaceholders } from "./placeholders";
import type { Platform, Stack } from "./platforms";

const PAGE = "docs/reference/permissions.md";
const POLICIES = "docs/ci";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: { readonly Service?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

interface Role {
  readonly name: string;
  readonly modules: readonly string[];
  /** Services that assume it. */
  readonly services: readonly string[];
  /** Policies of AWS that are attached. */
  readonly managed: Set<string>;
  /** Rows of the table: statement, actions, resources, condition. The key is the row as JSON. */
  readonly rows: Map<string, readonly string[]>;
}

/** `docs/reference/permissions.md` */
export function permissionsPage(platforms: readonly Platform[], owners: Owners): string {
  const roles = [...rolesOf(platforms, owners).values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
  return page(
    "# IAM permissions",
    "`npm run reference` writes this page from the Terraform JSON and from the policies in `docs/ci`.",
    "## Roles of the platform",
    "Every role that a preset or an option creates. Each is assumed by one AWS service. Where configurations give a role different statements, the table has all of them. `<suffix>`, `<account>`, `<region>`, `<zone>` and `<service>` stand for the values of an environment; `aws_kms_key.database-key_key.arn` is an attribute of a resource of the same stack.",
    ...roles.map(roleBlock),
    "## Deployment",
    `The person or the pipeline that deploys needs the managed policies in ${link("docs/ci", fromPage(PAGE, "ci/").replace("../", ""))}. ${link("docs/ci.md", "../ci.md")} says which role of a pipeline has which policy.`,
    table(["policy", "AWS services"], policyRows()),
  );
}

function rolesOf(platforms: readonly Platform[], owners: Owners): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const stack of platforms.flatMap(({ stacks }) => stacks))
    for (const resource of stack.resources.filter(({ type }) => type === "aws_iam_role")) {
      const name = withPlaceholders(String(resource.values["name"]));
      const role = roles.get(name) ?? {
        name,
        modules: owners(resource),
        services: [...new Set(statementsIn(resource.values["assume_role_policy"]).flatMap(({ Principal }) => texts(Principal?.Service)))],
        managed: new Set<string>(),
        rows: new Map<string, readonly string[]>(),
      };
      roles.set(name, role);
      for (const row of ofRole(stack, "aws_iam_role_policy", resource.address).flatMap(({ policy }) => statementsIn(policy).map(rowOf)))
        role.rows.set(JSON.stringify(row), row);
      for (const { policy_arn: arn } of ofRole(stack, "aws_iam_role_policy_attachment", resource.address)) role.managed.add(String(arn));
    }
  return roles;
}

function ofRole(stack: Stack, type: string, role: string): Readonly<Record<string, unknown>>[] {
  return stack.resources
    .filter((one) => one.type === type && String(one.values["role"]).startsWith(`\${${role}.`))
    .map(({ values }) => values);
}

function statementsIn(policy: unknown): readonly Statement[] {
  return (JSON.parse(String(policy)) as { readonly Statement: readonly Statement[] }).Statement;
}

function texts(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

function rowOf({ Sid = "", Effect, Action, Resource, Condition = {} }: Statement): readonly string[] {
  const shown = (value: string): string => code(withPlaceholders(value.replace(/^\$\{(.*)\}$/, "$1")));
  const all = (values: readonly string[]): string => [...new Set(values.map(shown))].sort().join(", ");
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${operator} ${code(key)}: ${all(texts(value))}`),
  );
  return [`${Effect === "Deny" ? "deny: " : ""}${Sid}`, all(texts(Action)), all(texts(Resource)), conditions.join("; ")];
}

function roleBlock({ name, modules, services, managed, rows }: Role): string {
  const [module = ""] = modules;
  const attached = managed.size === 0 ? "" : ` AWS's policy ${list([...managed].map(code))} is attached.`;
  return [
    `### ${code(name)}`,
    `Assumed by ${list(services.map(code))}. Module ${link(module, `modules/${module}.md`)}.${attached}`,
    ...(rows.size === 0
      ? []
      : [
          table(
            ["statement", "actions", "resources", "condition"],
            [...rows.values()].map((row) => row.map(prose)),
          ),
        ]),
  ].join("\n\n");
}

/** A row for each policy in the folder, with the services of its actions. */
function policyRows(): string[][] {
  return readdirSync(POLICIES)
    .filter((file) => file.endsWith(".json") && !file.startsWith("trust-"))
    .sort()
    .map((file) => {
      const actions = statementsIn(readFileSync(`${POLICIES}/${file}`, "utf8")).flatMap(({ Action }) => texts(Action));
      const services = [...new Set(actions.map((action) => action.split(":")[0] ?? ""))].sort();
      return [link(file, `../ci/${file}`), services.map((service) => code(service)).join(", ")];
    });
}

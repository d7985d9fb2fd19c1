import { readdirSync, readFileSync } from "node:fs";
import { code, link, list, page, prose, table } from "./markdown";
import type { Owners } from "./owners";
import { withPlaceholders } from "./placeholders";
import type { Platform, Stack } from "./platforms";

const POLICIES = "docs/ci";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: { readonly Service?: string | readonly string[] };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A statement of the table. */
interface Row {
  readonly title: string;
  readonly actions: readonly string[];
  readonly resources: Set<string>;
  readonly conditions: readonly string[];
}

interface Role {
  readonly name: string;
  readonly modules: readonly string[];
  /** Services that assume it. */
  readonly services: readonly string[];
  /** Policies of AWS that are attached. */
  readonly managed: Set<string>;
  /** By what is the same in a statement with further resources. */
  readonly statements: Map<string, Row>;
}

/** `docs/reference/permissions.md` */
export function permissionsPage(platforms: readonly Platform[], owners: Owners): string {
  const roles = [...rolesOf(platforms, owners).values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
  return page(
    "# IAM permissions",
    "`npm run reference` writes this page from the Terraform JSON and from the policies in `docs/ci`.",
    "## Roles of the platform",
    "Every role that a preset or an option creates. Each is assumed by one AWS service. Where configurations give a role different statements, the table has all of them. `<suffix>`, `<account>`, `<region>`, `<zone>` and `<service>` are the values of an environment; `aws_kms_key.database-key_key.arn` is an attribute of a resource of the same stack.",
    ...roles.map(roleBlock),
    "## Deployment",
    `The policies of the person or the pipeline that deploys are in ${link("docs/ci", "../ci/")}. ${link("docs/ci.md", "../ci.md")} says which role needs which of them.`,
    table(["policy", "allows actions of", "denies actions of"], policyRows()),
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
        statements: new Map<string, Row>(),
      };
      roles.set(name, role);
      for (const { policy } of ofRole(stack, "aws_iam_role_policy", resource.address)) statementsIn(policy).forEach(addTo(role));
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

/** Adds a statement to those of the role, or its resources to the same statement of another configuration. */
function addTo({ statements }: Role): (statement: Statement) => void {
  return ({ Sid = "", Effect, Action, Resource, Condition = {} }) => {
    const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${operator} ${code(key)}: ${shown(texts(value)).join(", ")}`),
    );
    const row = { title: `${Effect === "Deny" ? "deny: " : ""}${Sid}`, actions: shown(texts(Action)), conditions };
    const same = JSON.stringify(row);
    const known = statements.get(same) ?? { ...row, resources: new Set<string>() };
    for (const resource of shown(texts(Resource))) known.resources.add(resource);
    statements.set(same, known);
  };
}

/** Values of a policy, sorted: of a reference, only the path. */
function shown(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => code(withPlaceholders(value.replaceAll(/\$\{([\w.-]+)\}/g, "$1")))))].sort();
}

function roleBlock({ name, modules, services, managed, statements }: Role): string {
  const rows = [...statements.values()].map(({ title, actions, resources, conditions }) => [
    title,
    actions.join(", "),
    [...resources].sort().join(", "),
    conditions.join("; "),
  ]);
  const [module = ""] = modules;
  const attached = managed.size === 0 ? "" : ` AWS's policy ${list([...managed].map(code))} is attached.`;
  return [
    `### ${code(name)}`,
    `Assumed by ${list(services.map(code))}. Module ${link(module, `modules/${module}.md`)}.${attached}`,
    ...(rows.length === 0
      ? []
      : [
          table(
            ["statement", "actions", "resources", "condition"],
            rows.map((row) => row.map(prose)),
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
      const statements = statementsIn(readFileSync(`${POLICIES}/${file}`, "utf8"));
      return [link(file, `../ci/${file}`), servicesOf(statements, "Allow"), servicesOf(statements, "Deny")];
    });
}

function servicesOf(statements: readonly Statement[], effect: string): string {
  const actions = statements.filter(({ Effect }) => Effect === effect).flatMap(({ Action }) => texts(Action));
  return [...new Set(actions.map((action) => code(action.split(":")[0] ?? "")))].sort().join(", ");
}

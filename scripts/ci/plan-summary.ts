/** The part of the output of `terraform show -json` that the summary uses. */
export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

export interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  /** Set for an object that an interrupted replacement has left to be destroyed. */
  readonly deposed?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    /** Attributes that force the replacement, as paths. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** The result of the plan of one stack. */
export type StackPlan =
  | { readonly stack: string; readonly kind: "planned"; readonly plan: PlanJson }
  /** It depends on stacks that are not deployed yet. */
  | { readonly stack: string; readonly kind: "waits"; readonly for: readonly string[]; readonly error: string }
  | { readonly stack: string; readonly kind: "failed"; readonly error: string };

type Action = "add" | "change" | "destroy" | "replace";

interface Change {
  readonly action: Action;
  readonly address: string;
  /** Attributes that force the replacement, or that change. Names, never values. */
  readonly attributes: readonly string[];
}

/** A comment on a pull request has at most 65,536 characters. */
const MOST_LISTED = 100;
const MOST_LINES_OF_ERROR = 30;

/** The plans of an environment's stacks, in Markdown. Has addresses and attribute names, never values. */
export function summary(kind: "plan" | "drift", suffix: string, stacks: readonly StackPlan[], absent: readonly string[]): string {
  return [
    `### ${kind === "plan" ? "Plan" : "Drift"} of \`${suffix}\`: ${verdict(kind, stacks, absent)}`,
    "| stack | add | change | destroy | replace |\n|---|---:|---:|---:|---:|\n" + stacks.map(row).join("\n"),
    list("Replaced", stacks, "replace"),
    list("Destroyed", stacks, "destroy"),
    folded("Changed in place", list("", stacks, "change"), kind === "drift"),
    ...stacks.map(complaint),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function verdict(kind: "plan" | "drift", stacks: readonly StackPlan[], absent: readonly string[]): string {
  const failed = stacks.filter((stack) => stack.kind === "failed").map(({ stack }) => stack);
  if (failed.length > 0) return `**${failed.join(", ")} cannot be planned**`;
  if (kind === "drift" && absent.length > 0) return `**${absent.join(", ")} not deployed**`;
  const changes = stacks.some((stack) => stack.kind === "waits" || changesOf(stack).length > 0 || outputsOf(stack) > 0);
  if (!changes) return kind === "plan" ? "nothing changes" : "none";
  const lost = stacks.flatMap(changesOf).filter(({ action }) => action === "replace" || action === "destroy").length;
  return lost > 0 ? `**${lost} replaced or destroyed**` : "changes, nothing is replaced or destroyed";
}

function row(stack: StackPlan): string {
  const name = `\`${stack.stack}\``;
  if (stack.kind === "failed") return `| ${name} | cannot be planned | | | |`;
  if (stack.kind === "waits")
    return `| ${name} | cannot be planned before ${stack.for.map((other) => `\`${other}\``).join(", ")} is deployed | | | |`;
  const changes = changesOf(stack);
  const number = (action: Action): number => changes.filter((change) => change.action === action).length;
  const outputs = outputsOf(stack);
  const note = changes.length === 0 && outputs > 0 ? ` (${outputs} outputs)` : "";
  return `| ${name}${note} | ${number("add")} | ${number("change")} | ${number("destroy")} | ${number("replace")} |`;
}

function list(title: string, stacks: readonly StackPlan[], action: Action): string {
  const lines = stacks.flatMap((stack) =>
    changesOf(stack)
      .filter((change) => change.action === action)
      .map(({ address, attributes }) => {
        const why = attributes.map((attribute) => `\`${attribute}\``).join(", ");
        return `- \`${stack.stack}\`: \`${address}\`${why ? ` (${why})` : ""}`;
      }),
  );
  if (lines.length === 0) return "";
  const more = lines.length > MOST_LISTED ? [`- … and ${lines.length - MOST_LISTED} more`] : [];
  return [...(title ? [`**${title}**\n`] : []), ...lines.slice(0, MOST_LISTED), ...more].join("\n");
}

function folded(title: string, content: string, open: boolean): string {
  return content && `<details${open ? " open" : ""}><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

function complaint(stack: StackPlan): string {
  if (stack.kind === "planned") return "";
  const title = stack.kind === "waits" ? `Why ${stack.stack} cannot be planned yet` : `Error in ${stack.stack}`;
  const lines = stack.error.trim().split("\n").slice(0, MOST_LINES_OF_ERROR);
  return folded(title, ["```text", ...lines, "```"].join("\n"), stack.kind === "failed");
}

function changesOf(stack: StackPlan): Change[] {
  if (stack.kind !== "planned") return [];
  return (stack.plan.resource_changes ?? []).flatMap((resource) => {
    const { address, mode, deposed, change } = resource;
    const action = actionOf(change.actions);
    if (mode !== "managed" || action === undefined) return [];
    const attributes =
      action === "replace" ? (change.replace_paths ?? []).map((path) => path.join(".")) : action === "change" ? differing(change) : [];
    return [{ action, address: deposed === undefined ? address : `${address} (deposed)`, attributes }];
  });
}

function outputsOf(stack: StackPlan): number {
  if (stack.kind !== "planned") return 0;
  return Object.values(stack.plan.output_changes ?? {}).filter(({ actions }) => actions.join() !== "no-op").length;
}

function actionOf(actions: readonly string[]): Action | undefined {
  if (actions.length > 1) return "replace";
  const names: Readonly<Record<string, Action>> = { create: "add", update: "change", delete: "destroy" };
  return names[actions[0] ?? ""];
}

function differing({ before, after, after_unknown }: ResourceChange["change"]): string[] {
  const [old, next, unknown] = [before, after, after_unknown].map((value) => (value ?? {}) as Readonly<Record<string, unknown>>);
  const keys = [...new Set([old, next, unknown].flatMap((value) => Object.keys(value ?? {})))].sort();
  return keys.filter((key) => holdsTrue(unknown?.[key]) || JSON.stringify(old?.[key]) !== JSON.stringify(next?.[key]));
}

/** Whether any value in it is known after apply only. */
function holdsTrue(value: unknown): boolean {
  return value === true || (typeof value === "object" && value !== null && Object.values(value).some(holdsTrue));
}

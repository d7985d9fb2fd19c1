import { SECTIONS } from "../schema";
import { entryOf, keysOf } from "../schema/inspect";
import type { z } from "zod";
import { CHANGES, EFFECTS } from "./effects";

/** Tables whose keys are one decision: a change of one of them has the same effect as a change of another. */
const WHOLE: readonly string[] = [
  "backup.vault_lock",
  "database.serverless",
  "database.reader_scaling",
  "database.service_user",
  "load_balancer.waf.counted_rules",
  "load_balancer.waf.rate_limit",
  "images.registry_secrets",
  "service.log_metrics",
  "service.scaling",
  "service.secrets",
  "service.sidecars",
  "service.statements",
  "service.tracing",
  "service.spot",
  "services",
  "storage.object_lock",
  "validation.limits",
];

/** The keys of the schema below a path, each as a path: `database.readers`. The keys of a list's entries have no number. */
function keysBelow(path: string, type: z.ZodType): string[] {
  if (WHOLE.includes(path)) return [path];
  const entry = entryOf(type);
  const keys = Object.entries(keysOf(entry ?? type));
  return keys.length === 0 ? [path] : keys.flatMap(([name, inner]) => keysBelow(`${path}.${name}`, inner));
}

/** Every key whose change has an effect of its own, under the headings of the example file. */
export function changeableKeys(): ReadonlyMap<string, readonly string[]> {
  return new Map(SECTIONS.map(({ heading, keys }) => [heading, Object.entries(keys).flatMap(([name, type]) => keysBelow(name, type))]));
}

/** docs/changes.md. @throws if a key has no effect */
export function changesPage(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const effects = Object.entries(EFFECTS).map(([effect, meaning]) => row([effect, meaning]));
  const sections = [...changeableKeys()].map(([heading, keys]) => {
    const rows = keys.map((key) => {
      const effect = CHANGES[key];
      if (!effect) throw new Error(`config/changes/effects.ts lacks ${key}`);
      return row([`\`${key}\``, effect]);
    });
    return [`## ${heading.charAt(0).toUpperCase()}${heading.slice(1)}`, "", row(["key", "effect of a change"]), "|---|---|", ...rows].join(
      "\n",
    );
  });
  return `${[
    "# Effects of changes",
    "",
    "This page says what a change of each key of `terraform.tfvars` does to an environment that exists. `npm run example` writes it from `config/changes/`. The tests plan the changes against a deployed environment, in both directions, and compare the plans with this page.",
    "",
    "Read the text of the key in `terraform.tfvars.example` too, and the plan: Terraform prints what it replaces (`must be replaced`) and what it deletes (`will be destroyed`).",
    "",
    row(["effect", "meaning"]),
    "|---|---|",
    ...effects,
    "",
    sections.join("\n\n"),
  ].join("\n")}\n`;
}

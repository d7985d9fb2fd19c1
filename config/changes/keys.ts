import { SECTIONS } from "../schema";
import { entryOf, keysOf } from "../schema/inspect";
import type { z } from "zod";

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

/** Every key whose change has an effect of its own, in the order of the example file. */
export function changeableKeys(): readonly string[] {
  return SECTIONS.flatMap(({ keys }) => Object.entries(keys).flatMap(([name, type]) => keysBelow(name, type)));
}

import { toCamelCase } from "./camel-case";
import { type Config, KEYS_OF_SERVICES } from "./config";
import { ConfigError } from "./errors";
import { explain, type Issue, suggest } from "./explain";
import { mergeTrees, pathsOverlap, setValueAt, valueAt } from "./paths";
import { DEFAULT_PRESET, PRESETS } from "./presets";
import { ephemeralOverlay } from "./presets/ephemeral-overlay";
import type { Overlay } from "./presets/preset";
import { recoveryObjectives } from "./recovery-objectives";
import { RULES } from "./rules";
import { type RawConfig, schema } from "./schema";
import { everyService } from "./services";
import { warnings } from "./warnings";

export interface Resolved {
  readonly config: Config;
  /** Warnings about a valid configuration, one sentence or more each. */
  readonly notices: readonly string[];
  /** What a client notices of a lost region, in sentences. Empty without another region or host. */
  readonly objectives: readonly string[];
}

/** Keys whose values are maps with keys of the user. */
const USER_KEYED = ["tags", "required_tags", "task_environment", "feature_flags", "registry_secrets", "secrets"];
/** Maps that replace the map of the preset: a currency without limits is rejected, even if the preset has limits for it. */
const WHOLE_MAPS = ["validation.limits"];

/**
 * Completes the content of a file with its preset and validates the result.
 * @param file name of the file, for the report
 * @param values content of the file
 * @param today date for the support periods of versions
 * @throws {ConfigError} with every problem found
 */
export function resolve(file: string, values: Readonly<Record<string, unknown>>, today: Date): Resolved {
  const given = withTables(values);
  const base = presetValues(file, given);
  const merged = withEphemeralLabel(mergeTrees(base, given, WHOLE_MAPS));
  const parsed = schema.safeParse(merged);
  const issues = parsed.error?.issues ?? [];
  const shape = issues.flatMap((issue) => explain(issue, merged));
  const complete = parsed.success ? parsed.data : repair(merged, base, issues);
  if (!complete) throw new ConfigError(file, shape);
  const services = everyService(complete);
  const rules = RULES.filter((rule) => !rule.reads.some((key) => shape.some(({ where }) => pathsOverlap(where, key))));
  const problems = [...shape, ...rules.flatMap((rule) => rule.check({ ...complete, everyService: services, given }, today))];
  if (problems.length > 0) throw new ConfigError(file, problems);
  const environment = complete.environment ?? complete.environment_suffix;
  return {
    config: toCamelCase({ ...omit(complete, KEYS_OF_SERVICES), environment, services }, USER_KEYED),
    notices: warnings(complete, today),
    objectives: recoveryObjectives(complete),
  };
}

/** The content of the file with a table in the place of its short form: `waf = true` is `waf = { enabled = true }`. */
function withTables(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const enabled = valueAt(values, ["load_balancer", "waf"]);
  return typeof enabled === "boolean" ? mergeTrees(values, { load_balancer: { waf: { enabled } } }) : values;
}

/** The values of the preset that the file names, with the overlay for ephemeral environments if the file enables it. */
function presetValues(file: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const name = given["preset"] ?? DEFAULT_PRESET;
  const preset = typeof name === "string" ? PRESETS[name] : undefined;
  if (!preset)
    throw new ConfigError(file, [
      {
        where: "preset",
        given: name,
        why: "is not a preset",
        instead: suggest(typeof name === "string" ? name : "", Object.keys(PRESETS)),
      },
    ]);
  return mergeTrees(
    { preset: name, ...preset.values },
    given["ephemeral"] === true ? ephemeralValues(mergeTrees(preset.values, given, WHOLE_MAPS)) : {},
  );
}

function ephemeralValues(values: Readonly<Record<string, unknown>>): Overlay {
  const { regions } = values;
  return ephemeralOverlay(Array.isArray(regions) ? regions.length : 1, valueAt(values, ["database", "backtrack_hours"]) !== undefined);
}

/**
 * Ephemeral environments share a hosted zone with other environments, so the DNS label of each ends with its suffix:
 * `pay-pr-42`.
 */
function withEphemeralLabel(input: Record<string, unknown>): Record<string, unknown> {
  const { ephemeral: isEphemeral, environment_suffix: suffix } = input;
  const label = valueAt(input, ["dns", "service_name"]);
  if (isEphemeral !== true || typeof suffix !== "string" || typeof label !== "string" || label === "") return input;
  if (label === suffix || label.endsWith(`-${suffix}`)) return input;
  return mergeTrees(input, { dns: { service_name: `${label}-${suffix}` } });
}

/**
 * Replaces every malformed value by the value of the preset, so that the rules can check the rest and one run reports all
 * problems. Undefined if the result is still not a complete configuration.
 */
function repair(input: unknown, base: unknown, issues: readonly Issue[]): RawConfig | undefined {
  const placeholders = { environment_suffix: "x", account_id: "000000000000", dns: { zone_name: "zone.test", zone_id: "Z0000" } };
  const fallback = mergeTrees(placeholders, base, WHOLE_MAPS);
  const repaired = structuredClone(input);
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") for (const key of issue.keys) setValueAt(repaired, [...issue.path, key], undefined);
    else {
      const list = issue.path.findIndex((key) => typeof key === "number");
      const path = list === -1 ? issue.path : issue.path.slice(0, list);
      setValueAt(repaired, path, valueAt(fallback, path));
    }
  }
  const parsed = schema.safeParse(repaired);
  return parsed.success ? parsed.data : undefined;
}

function omit<Value extends object, Key extends keyof Value>(value: Value, keys: readonly Key[]): Omit<Value, Key> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(keys as readonly string[]).includes(key))) as Omit<Value, Key>;
}

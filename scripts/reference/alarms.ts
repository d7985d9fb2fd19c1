import { MINIMAL } from "../../__tests__/support/config";
import { anchorOf, section } from "../../modules/runbook-pages/page";
import { alarmCondition } from "./alarm-condition";
import type { Owners } from "./owners";
import { code, fromPage, link, page, prose, table } from "./markdown";
import { withPlaceholders } from "./placeholders";
import type { Platform, Resource, Stack } from "./platforms";

const PAGE = "docs/reference/alarms.md";
/** The link at the end of a message, to a document of Systems Manager. */
const RUNBOOK = new RegExp(`/documents/document-([a-z-]+)-${MINIMAL.environment_suffix}/description\\S* \\((.+)\\)$`);

/** An alarm, or a rule that forwards an event to the alerts. */
export interface Alarm {
  readonly kind: "metric alarm" | "composite alarm" | "event";
  readonly name: string;
  /** Modules that make it, the outermost first. */
  readonly modules: readonly string[];
  readonly severity: string;
  readonly means: string;
  readonly clients: string | undefined;
  readonly condition: string;
  readonly missingData: string;
  /** File and section in `docs/runbooks`. */
  readonly runbook: { readonly file: string; readonly title: string };
}

/** Every alarm once, as it is in the first platform that has it. */
export function alarmsOf(platforms: readonly Platform[], owners: Owners): readonly Alarm[] {
  const found = new Map<string, Alarm>();
  for (const stack of platforms.flatMap(({ stacks }) => stacks))
    for (const resource of stack.resources) {
      const alarm = alarmOf(stack, resource, owners);
      if (alarm && !found.has(alarm.name)) found.set(alarm.name, alarm);
    }
  return [...found.values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
}

function alarmOf(stack: Stack, { type, address, values, within }: Resource, owners: Owners): Alarm | undefined {
  const modules = owners({ address, within });
  if (type === "aws_cloudwatch_metric_alarm" || type === "aws_cloudwatch_composite_alarm") {
    const isMetric = type === "aws_cloudwatch_metric_alarm";
    return {
      kind: isMetric ? "metric alarm" : "composite alarm",
      name: withPlaceholders(String(values["alarm_name"])),
      modules,
      condition: isMetric ? alarmCondition(values) : withoutRepetition(withPlaceholders(alarmCondition(values))),
      missingData: isMetric ? String(values["treat_missing_data"]) : "",
      ...messageOf(String(values["alarm_description"]), address),
    };
  }
  if (type !== "aws_cloudwatch_event_target" || values["target_id"] !== "alerts") return undefined;
  const rule = stack.resources.find((other) => values["rule"] === `\${${other.address}.name}`);
  const pattern = String(rule?.values["event_pattern"]);
  return {
    kind: "event",
    name: withPlaceholders(String(rule?.values["name"])),
    modules,
    condition: withPlaceholders(pattern),
    missingData: "",
    ...messageOf(JSON.parse((values["input_transformer"] as { input_template: string }).input_template) as string, address),
  };
}

/** A rule without what is the same with placeholders: `a OR a` */
function withoutRepetition(rule: string): string {
  if (!rule.includes("(")) return [...new Set(rule.split(" OR "))].join(" OR ");
  return `a combination of ${[...new Set(rule.match(/[a-z][\w<>-]+/g))].join(", ")}`;
}

/** The parts of a message of `modules/monitoring/message.ts`. @throws if it has no link to a runbook */
function messageOf(message: string, address: string): Pick<Alarm, "severity" | "means" | "clients" | "runbook"> {
  const [, severity = "", text = ""] = /^([A-Z]+): (.*?)(?: First command: .*)? Runbook: /s.exec(message) ?? [];
  const [, name, title] = RUNBOOK.exec(message) ?? [];
  if (name === undefined || title === undefined) throw new Error(`${address} has no link to a runbook: ${message}`);
  const [, clients] = /Clients: (.*?)\.(?= [A-Z]|$)/.exec(text) ?? [];
  const [means = ""] = text.split(/ (?=Clients: |Maximum latency: |Since: )/);
  return {
    severity: severity.toLowerCase(),
    means: withPlaceholders(means).replace(/(?<=others: )(.*)(?=\.$)/, (names) => [...new Set(names.split(", "))].join(", ")),
    clients: clients === undefined ? undefined : withPlaceholders(clients),
    runbook: { file: `${name}.md`, title },
  };
}

/** The link to the section of a runbook. @throws if there is no such section */
function runbookLink({ runbook: { file, title } }: Alarm, from: string): string {
  const reference = `${file}#${anchorOf(title)}`;
  section(reference);
  return link(title, fromPage(from, `docs/runbooks/${reference}`));
}

/** `docs/reference/alarms.md` */
export function alarmsPage(alarms: readonly Alarm[]): string {
  const of = (kind: Alarm["kind"]): readonly Alarm[] => alarms.filter((alarm) => alarm.kind === kind);
  return page(
    "# Alarms",
    "Every alarm that a preset or an option creates, and every event that is sent to the alerts. `npm run reference` writes this page from the Terraform JSON. Where configurations differ, the threshold is that of the first preset that has the alarm, in the order payment-processing, payment-elastic, transaction-processing, trading.",
    "- `<suffix>` is `environment_suffix`. `<region>`, `<zone>`, `<node>` and `<service>` are one of them each: there is one alarm for each.\n- **clients**: what clients notice, for alarms that notify. The other alarms are a part of a composite alarm, which notifies.\n- **missing data**: how CloudWatch evaluates a period without data.",
    `## Composite alarms\n\n${alarmTable(of("composite alarm"), PAGE)}`,
    `## Metric alarms\n\n${alarmTable(of("metric alarm"), PAGE)}`,
    `## Events\n\nA rule of EventBridge sends a message within seconds. It has no state: no further message says that the event is over.\n\n${alarmTable(of("event"), PAGE)}`,
  );
}

/** @param from page with the table */
export function alarmTable(alarms: readonly Alarm[], from: string): string {
  const hasClients = alarms.some(({ clients }) => clients !== undefined);
  const hasMissingData = alarms.some(({ missingData }) => missingData !== "");
  return table(
    [
      "alarm",
      "severity",
      "meaning",
      ...(hasClients ? ["clients"] : []),
      "condition",
      ...(hasMissingData ? ["missing data"] : []),
      "runbook",
    ],
    alarms.map((alarm) => [
      code(alarm.name),
      alarm.severity,
      prose(alarm.means),
      ...(hasClients ? [prose(alarm.clients ?? "")] : []),
      alarm.condition.startsWith("{") || alarm.kind === "composite alarm" ? code(alarm.condition) : prose(alarm.condition),
      ...(hasMissingData ? [alarm.missingData] : []),
      runbookLink(alarm, from),
    ]),
  );
}

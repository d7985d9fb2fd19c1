import type { ControlStatus, Lift, Waiver } from "./status";
import type { Control } from "./catalog";
import type { Check } from "./check";
import { UNUSED_SERVICES } from "./unused-services";
import { WAIVERS } from "./waivers";

/** Path of the page, from the project root. */
export const PAGE = "docs/security.md";

/** The page with the status of every control. */
export function page(controls: readonly Control[], statuses: readonly ControlStatus[]): string {
  const byId = new Map(controls.map((control) => [control.id, control]));
  const services = [...new Set(controls.map(({ service }) => service))];
  return [
    introduction(controls, statuses),
    waivers(byId),
    ...services.map((service) => section(service, controls, statuses)),
    unusedServices(),
  ].join("\n\n");
}

function introduction(controls: readonly Control[], statuses: readonly ControlStatus[]): string {
  const count = (kind: ControlStatus["kind"]): number =>
    statuses.filter((status) => status.kind === kind).reduce((sum, { controls: ids }) => sum + ids.length, 0);
  return `# Security controls

The status of the controls of [AWS Foundational Security Best Practices](https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html) (\`RDS.7\`) and of the rules that [Turbot's AWS Compliance](https://github.com/turbot/steampipe-mod-aws-compliance) checks for PCI DSS 4.0 (\`rds_db_instance_in_backup_plan\`), for the services that Standfast uses: ${controls.length} controls, of which ${count("met")} are met, ${count("waived")} are waived and ${count("not applicable")} are not applicable.

\`npm run controls\` generates this page from [commands/controls](../commands/controls). Tests compare the page with its source, and check every status on the synthesized resources of all presets and of five further configurations, one of which has every option enabled. A control is met when every resource of its type meets it, and when the check fails for a removed or wrong attribute. Resources that a waiver does not name must meet its controls, and the configuration that lifts a waiver must meet them, too.

This is a check of the configuration before a deployment, and not an audit: it does not cover the account, your program or the state buckets, and PCI DSS has many requirements that no resource shows. "Met" means that the presets meet the control; you are responsible for values that you change in \`terraform.tfvars\`.`;
}

function waivers(byId: ReadonlyMap<string, Control>): string {
  const rows = WAIVERS.map((waiver) =>
    row(
      waiver.name,
      waiver.controls.map((id) => reference(byId.get(id) ?? id)).join(", "),
      capitalized(waiver.where),
      waiver.because,
      liftText(waiver),
    ),
  );
  return ["## Waivers", table(["waiver", "controls", "waived for", "why", "how to lift it"], rows)].join("\n\n");
}

function section(service: string, controls: readonly Control[], statuses: readonly ControlStatus[]): string {
  const own = controls.filter((control) => control.service === service);
  const rows = statuses
    .map((status) => ({ status, applicable: own.filter(({ id }) => status.controls.includes(id)) }))
    .filter(({ applicable }) => applicable.length > 0)
    .sort((one, other) => position(own, one.applicable) - position(own, other.applicable))
    .map(({ status, applicable }) => row(applicable.map(controlText).join("<br>"), statusText(status)));
  return [`## ${service}`, table(["control", "status"], rows)].join("\n\n");
}

const position = (controls: readonly Control[], [first]: readonly Control[]): number => (first ? controls.indexOf(first) : -1);

function unusedServices(): string {
  return `## Services that are not used

The catalogs also have controls for these services, of which the platform creates no resources: ${Object.keys(UNUSED_SERVICES).join(", ")}.
`;
}

/** A control with its title, and its severity or its PCI DSS requirements. */
function controlText(control: Control): string {
  return `${reference(control)} ${control.title} (${control.standard === "FSBP" ? control.weight : `PCI DSS ${control.weight}`})`;
}

/** The ID of a control, with a link to its description by AWS. */
function reference(control: Control | string): string {
  if (typeof control === "string" || control.standard !== "FSBP") return `\`${typeof control === "string" ? control : control.id}\``;
  const [service = "", number = ""] = control.id.toLowerCase().split(".");
  return `[${control.id}](https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number})`;
}

function statusText(status: ControlStatus): string {
  switch (status.kind) {
    case "met":
      return `Met. ${status.checks.map(checkText).join("; ")}.${status.note === undefined ? "" : ` ${status.note}`}`;
    case "waived":
      return `Waived for ${status.waiver.where}: [${uncapitalized(status.waiver.name)}](#waivers). Required: ${status.waiver.checks.map(checkText).join("; ")}.`;
    case "not applicable":
      return `Not applicable. ${status.because}${status.absent.length > 0 ? ` Not created: ${status.absent.map((type) => `\`${type}\``).join(", ")}.` : ""}`;
  }
}

function checkText({ type, where, expects }: Check): string {
  const only = Object.entries(where).map(([path, value]) =>
    typeof value === "symbol" ? ` with \`${path}\`` : ` with \`${path}\` = \`${String(value)}\``,
  );
  return `\`${type}\`${only.join(" and")}: ${expects.map(({ says }) => says).join(", ")}`;
}

function liftText({ lift }: Waiver): string {
  if (typeof lift === "string") return lift;
  return `${configText(lift).join(" and ")}${lift.note === undefined ? "" : `: ${lift.note}`}`;
}

/** The lines of `terraform.tfvars`. */
function configText({ config }: Lift): string[] {
  return Object.entries(config).map(([key, value]) => `\`${key} = ${hcl(value)}\``);
}

function hcl(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key} = ${hcl(inner)}`)
    .join(", ")} }`;
}

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
/** Leaves acronyms as they are: `DNS query log`. */
const uncapitalized = (text: string): string => (/^[A-Z]{2}/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`);
const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), `|${" --- |".repeat(head.length)}`, ...rows].join("\n");
}

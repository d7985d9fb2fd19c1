import type { ControlStatus, Lift, Waiver } from "./status";
import type { Control } from "./catalog";
import type { Check } from "./check";
import { UNUSED_SERVICES } from "./unused-services";
import { WAIVERS } from "./waivers";

/** Where the page stands, from the project's root. */
export const PAGE = "docs/security.md";

/** The page that says of every control how it is answered. */
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

What Standfast says to the controls of [AWS Foundational Security Best Practices](https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html) (\`RDS.7\`) and to the rules that [Turbot's AWS Compliance](https://github.com/turbot/steampipe-mod-aws-compliance) checks for PCI DSS 4.0 (\`rds_db_instance_in_backup_plan\`), for the services that it uses: ${controls.length} in all, of which ${count("met")} are met, ${count("waived")} waived and ${count("not applicable")} not applicable.

This page is written by \`npm run controls\` from [commands/controls](../commands/controls). Tests compare it with what is written there, and hold every answer against the synthesized resources of all presets and of four configurations more, among them everything that can be had at once: what is met must hold for every resource of its type, and must fail when the attribute is removed or wrong; what a waiver does not name must be met; and what lifts a waiver must really lift it.

It is a check of configuration before anything is deployed. It is no audit, it does not look at an account, at your program or at the buckets of the state, and PCI DSS asks for much that no resource shows. An answer counts as met where the presets meet it; a value that you change in \`terraform.tfvars\` is yours.`;
}

function waivers(byId: ReadonlyMap<string, Control>): string {
  const rows = WAIVERS.map((waiver) =>
    row(
      waiver.name,
      waiver.controls.map((id) => reference(byId.get(id) ?? id)).join(", "),
      sentence(waiver.where),
      waiver.because,
      liftText(waiver),
    ),
  );
  return ["## Waivers", table(["waiver", "controls", "waived for", "why", "what lifts it"], rows)].join("\n\n");
}

function section(service: string, controls: readonly Control[], statuses: readonly ControlStatus[]): string {
  const own = controls.filter((control) => control.service === service);
  const rows = statuses
    .map((status) => ({ status, applicable: own.filter(({ id }) => status.controls.includes(id)) }))
    .filter(({ applicable }) => applicable.length > 0)
    .sort((one, other) => position(own, one.applicable) - position(own, other.applicable))
    .map(({ status, applicable }) => row(applicable.map(controlText).join("<br>"), statusText(status)));
  return [`## ${service}`, table(["control", "answer"], rows)].join("\n\n");
}

const position = (controls: readonly Control[], [first]: readonly Control[]): number => (first ? controls.indexOf(first) : -1);

function unusedServices(): string {
  return `## Services that are not used

The catalogs have controls for these, too; none of their resources is made: ${Object.keys(UNUSED_SERVICES).join(", ")}.
`;
}

/** A control with its title, and its severity or the requirements that it serves. */
function controlText(control: Control): string {
  return `${reference(control)} ${control.title} (${control.standard === "FSBP" ? control.weight : `PCI DSS ${control.weight}`})`;
}

/** The id of a control, with a link where AWS describes it. */
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
      return `Waived for ${status.waiver.where}: [${status.waiver.name.toLowerCase()}](#waivers). Asked for: ${status.waiver.checks.map(checkText).join("; ")}.`;
    case "not applicable":
      return `Not applicable. ${status.because}${status.absent.length > 0 ? ` Not made: ${status.absent.map((type) => `\`${type}\``).join(", ")}.` : ""}`;
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

/** What a user writes into `terraform.tfvars`. */
function configText({ config }: Lift): string[] {
  return Object.entries(config).map(([key, value]) => `\`${key} = ${hcl(value)}\``);
}

function hcl(value: unknown): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key} = ${hcl(inner)}`)
    .join(", ")} }`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), `|${" --- |".repeat(head.length)}`, ...rows].join("\n");
}

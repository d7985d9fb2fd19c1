import type { Availability } from "../availability";
import type { Budget } from "../budgets";
import type { Result, Status } from "../claims/claim";
import type { Cost } from "../cost";
import type { Simulation } from "../losses/simulation";
import { clocksOf } from "./clocks";
import type { Change } from "./difference";
import { drawn } from "./drawing";
import { availabilityTables, costTables } from "./figures";
import { escaped, source, table } from "./markup";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import type { Topology } from "./topology";

/** What the page shows. */
export interface Content {
  readonly claims: readonly Result[];
  readonly simulations: readonly Simulation[];
  readonly budgets: readonly Budget[];
  readonly availability: Availability;
  readonly cost: Cost;
  readonly topology: Topology;
  /** Against an earlier run. @default - there is none */
  readonly changes?: readonly Change[] | undefined;
}

const STATUSES: readonly Status[] = ["proven", "refuted", "unknown", "not-applicable"];
const NAMES: Readonly<Record<Status, string>> = {
  proven: "proven",
  refuted: "refuted",
  unknown: "unknown",
  "not-applicable": "not applicable",
};

/** One self-contained page: the drawn platform with its losses, and every figure in a table. */
export function page(content: Content): string {
  const { claims, simulations, budgets, topology } = content;
  const count = (status: Status): number => claims.filter((claim) => claim.status === status).length;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>What this platform survives</title><style>${STYLE}</style></head><body>`,
    "<h1>What this platform survives</h1>",
    "<p>Decided from Terraform JSON alone, before anything is deployed.</p>",
    `<ul class="counts">${STATUSES.map((status) => `<li class="${count(status) === 0 ? "none" : status}">${count(status)} ${NAMES[status]}</li>`).join("")}</ul>`,
    ...changed(content.changes),
    ...failing(claims),
    "<h2>Losses</h2>",
    ...names(topology),
    ...chooser(simulations),
    `<div class="regions">${topology.regions.map(drawn).join("\n")}</div>`,
    "<h3>Every loss</h3><details open><summary>Table</summary>",
    table(
      ["Lost", "Requests", "Writes", "DNS", "By which alarm on-call is notified"],
      simulations.map(({ lost, requests, writes, dns, notified }) =>
        [lost, requests, writes, dns, notified.join("<br>")].map((text, index) => (index === 4 ? text : escaped(text))),
      ),
    ),
    "</details>",
    "<h2>Claims</h2>",
    table(
      ["Claim", "Status", "What holds, and why", "Requirements"],
      claims.map(({ id, title, status, because, evidence, requirements }) => [
        escaped(id),
        `<span class="${status}">${NAMES[status]}</span>`,
        `<strong>${escaped(title)}.</strong> ${escaped(because)}${details(evidence)}`,
        escaped(requirements.join(", ")),
      ]),
    ),
    "<h2>Time budgets</h2>",
    table(["Failure", "Phases", "At most", "Promise", "RTO", "RPO"], budgets.map(budgetRow)),
    ...availabilityTables(content.availability),
    ...costTables(content.cost),
    `<script type="application/json" id="report">${data(simulations, budgets)}</script>`,
    `<script>${SCRIPT}</script></body></html>`,
    "",
  ].join("\n");
}

/** What the script reads: each loss with the budgets of what follows from it. */
function data(simulations: readonly Simulation[], budgets: readonly Budget[]): string {
  const shown = simulations.map((simulation) => ({ ...simulation, clocks: clocksOf(simulation, budgets) }));
  return JSON.stringify({ simulations: shown }).replaceAll("<", "\\u003c");
}

function details(sentences: readonly string[]): string {
  if (sentences.length === 0) return "";
  return `<details><summary>Evidence (${sentences.length})</summary><ul>${sentences.map((sentence) => `<li>${escaped(sentence)}</li>`).join("")}</ul></details>`;
}

function failing(claims: readonly Result[]): readonly string[] {
  const refuted = claims.filter(({ status }) => status === "refuted");
  if (refuted.length === 0) return [];
  return [`<ul>${refuted.map(({ id, because }) => `<li class="refuted">${escaped(`${id}: ${because}`)}</li>`).join("")}</ul>`];
}

function changed(changes: Content["changes"]): readonly string[] {
  if (!changes) return [];
  if (changes.length === 0) return ["<p>No claim changed against the base.</p>"];
  return [
    "<h2>Changed against the base</h2>",
    table(
      ["Claim", "Base", "Now", "Because"],
      changes.map(({ id, title, from, to, because }) => [`${id}: ${title}`, from ?? "none", to ?? "none", because].map(escaped)),
    ),
  ];
}

function names({ names: all }: Topology): readonly string[] {
  return all.map(
    ({ name, answers }) =>
      `<p class="names"><strong>${escaped(name)}</strong> → ${answers.map(({ to, policy }) => `${escaped(to)} (${escaped(policy)})`).join(", ")}</p>`,
  );
}

function chooser(simulations: readonly Simulation[]): readonly string[] {
  const kinds = [...new Set(simulations.map(({ kind }) => kind))];
  const options = (kind: string): string =>
    simulations
      .filter((simulation) => simulation.kind === kind)
      .map(({ id, lost }) => `<option value="${escaped(id)}">${escaped(lost)}</option>`)
      .join("");
  return [
    '<div class="chooser"><label for="loss">Play the loss of</label>',
    `<select id="loss"><option value="">nothing</option>${kinds.map((kind) => `<optgroup label="${escaped(kind)}">${options(kind)}</optgroup>`).join("")}</select>`,
    '<button type="button" id="nothing">Restore everything</button></div>',
    '<div class="panel" id="panel" aria-live="polite"></div>',
  ];
}

function budgetRow({ failure, region, phases, most, rto, rpo, promise }: Budget): readonly string[] {
  const phase = ({ what, formula, most: seconds, least, source: url }: Budget["phases"][number]): string =>
    `<li>${escaped(what)}: ${escaped(formula)} = ${seconds === undefined ? `at least ${least} s` : `${seconds} s`} (${source(url)})</li>`;
  return [
    escaped(region === undefined ? failure : `${failure} (${region})`),
    `<ul>${phases.map(phase).join("")}</ul>`,
    most === undefined ? "not limited" : `${most} s`,
    promise
      ? `<span class="${promise.kept ? "proven" : "refuted"}">${promise.seconds} s, ${promise.kept ? "kept" : "not kept"}</span>`
      : "",
    escaped(rto),
    escaped(rpo),
  ];
}

import { cost } from "../../prove/cost";
import { Graph } from "../../prove/graph/graph";
import { alarmTable, type Alarm } from "./alarms";
import { constructBlock } from "./construct";
import { code, link, page, prose, table } from "./markdown";
import { moduleOf, type Owners } from "./owners";
import type { Platform } from "./platforms";
import type { Sources } from "./sources";

export interface Facts {
  readonly platforms: readonly Platform[];
  readonly sources: Sources;
  readonly owners: Owners;
  readonly alarms: readonly Alarm[];
}

/** Number of resources of each type, by platform. A resource of a shared module is also one of the module that uses it. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** The pages of `docs/reference/modules`, by path. */
export function modulePages(modules: readonly string[], facts: Facts): readonly (readonly [path: string, text: string])[] {
  const costs = costsOf(facts);
  const pages = modules.map((module): readonly [string, string] => [
    `docs/reference/modules/${module}.md`,
    modulePage(module, facts, costs),
  ]);
  return [["docs/reference/modules/index.md", indexPage(modules, facts, costs)], ...pages];
}

const presetsOf = (platforms: readonly Platform[]): readonly Platform[] => platforms.filter(({ isPreset }) => isPreset);

/** USD a month of each module, by preset. */
type Costs = readonly { readonly preset: string; readonly byModule: ReadonlyMap<string, number> }[];

function costsOf({ platforms, owners }: Facts): Costs {
  return presetsOf(platforms).map(({ configuration, stacks }) => ({ preset: configuration, byModule: costsOfModules(stacks, owners) }));
}

/** A resource counts for the outermost module around it. */
function costsOfModules(stacks: Platform["stacks"], owners: Owners): ReadonlyMap<string, number> {
  const modules = new Map(
    stacks.flatMap(({ name, resources }) =>
      resources.map((resource) => [`${name} ${resource.address}`, owners(resource)[0] ?? ""] as const),
    ),
  );
  const byModule = new Map<string, number>();
  for (const { stack, address, monthly } of cost(stacks.map(({ name, json }) => new Graph(name, json))).items) {
    const module = modules.get(`${stack} ${address}`) ?? "";
    byModule.set(module, (byModule.get(module) ?? 0) + monthly);
  }
  return byModule;
}

function countsOf(module: string, { platforms, owners }: Facts): Counts {
  const counts = new Map<string, Map<string, number>>();
  for (const { configuration, stacks } of platforms)
    for (const resource of stacks.flatMap(({ resources }) => resources)) {
      if (!owners(resource).includes(module)) continue;
      const byPlatform = counts.get(resource.type) ?? new Map<string, number>();
      counts.set(resource.type, byPlatform.set(configuration, (byPlatform.get(configuration) ?? 0) + 1));
    }
  return new Map([...counts].sort(([one], [other]) => one.localeCompare(other, "en")));
}

function indexPage(modules: readonly string[], { sources, alarms }: Facts, [standard]: Costs): string {
  return page(
    "# Modules",
    `A folder of \`modules/\` has the resources of one AWS concern, with their alarms. \`npm run reference\` writes these pages from the sources and from the Terraform JSON. The cost is that of fixed capacity in the preset \`${standard?.preset ?? ""}\`, in USD a month at list prices; [prove/cost/presets.md](../../../prove/cost/presets.md) has the presets and the assumptions. The cost of a resource that a shared module creates for another module is that of the other module.`,
    table(
      ["module", "what it makes", "alarms and events", "USD a month"],
      modules.map((module) => [
        link(module, `${module}.md`),
        prose(summaryOf(module, sources)),
        String(alarms.filter(({ modules: [outermost] }) => outermost === module).length),
        dollars(standard?.byModule.get(module)),
      ]),
    ),
    `All modules: **${[...(standard?.byModule.values() ?? [])].reduce((sum, one) => sum + one, 0).toFixed(0)} USD a month**.`,
  );
}

/** First sentences of its constructs, or else of its functions. */
function summaryOf(module: string, { classes, functions }: Sources): string {
  const own = classes.filter(({ file }) => moduleOf(file) === module);
  const described = own.length > 0 ? own : functions.filter(({ file }) => moduleOf(file) === module);
  return described
    .filter(({ text }) => text !== "")
    .map(({ name, text }) => `${code(name)}: ${/^.*?[.](?= |$)/.exec(text)?.[0] ?? text}`)
    .join(" ");
}

function dollars(amount = 0): string {
  return amount === 0 ? "" : amount.toFixed(2);
}

function modulePage(module: string, facts: Facts, costs: Costs): string {
  const { platforms, sources, alarms } = facts;
  const classes = sources.classes.filter(({ file }) => moduleOf(file) === module);
  const functions = sources.functions.filter(({ file, text }) => moduleOf(file) === module && text !== "");
  const own = alarms.filter(({ modules }) => modules.includes(module));
  const path = `docs/reference/modules/${module}.md`;
  return page(
    `# Module ${code(module)}`,
    `Sources: ${link(`modules/${module}`, `../../../modules/${module}/`)}. \`npm run reference\` writes this page.`,
    "## Resources",
    resourceTable(countsOf(module, facts), presetsOf(platforms)),
    "## Monthly cost",
    costTable(module, costs),
    ...(classes.length === 0 ? [] : ["## Constructs", ...classes.map((one) => constructBlock(one, sources, path))]),
    ...(classes.length > 0 || functions.length === 0
      ? []
      : ["## Functions", functions.map(({ name, file, text }) => `- ${link(code(name), `../../../${file}`)}: ${prose(text)}`).join("\n")]),
    "## Alarms and events",
    own.length === 0 ? "None." : alarmTable(own, path),
  );
}

function costTable(module: string, costs: Costs): string {
  if (costs.every(({ byModule }) => byModule.get(module) === undefined)) return "No preset pays for its capacity.";
  const cells = costs.map(({ byModule }) => dollars(byModule.get(module)));
  return `USD of fixed capacity at list prices, in each preset.\n\n${table(
    costs.map(({ preset }) => preset),
    [cells],
  )}`;
}

function resourceTable(counts: Counts, presets: readonly Platform[]): string {
  if (counts.size === 0) return "None. Its functions are used by other modules.";
  const rows = [...counts].map(([type, byPlatform]) => [
    code(type),
    ...presets.map(({ configuration }) => String(byPlatform.get(configuration) ?? "")),
    presets.some(({ configuration }) => byPlatform.has(configuration)) ? "" : "yes",
  ]);
  return `The number of resources of each type in each preset, in all stacks. Types that no preset has are created by an option.\n\n${table(["type", ...presets.map(({ configuration }) => configuration), "option only"], rows)}`;
}

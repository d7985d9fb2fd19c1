import { code, list, page, prose, table } from "./markdown";
import { withPlaceholders } from "./placeholders";
import type { Platform } from "./platforms";

const STACKS: Readonly<Record<string, string>> = {
  global: "The stack `global`",
  region: "The stack of each region",
  failover: "The stack `failover`",
};

interface Output {
  readonly name: string;
  readonly description: string;
  readonly presets: Set<string>;
}

/** `docs/reference/outputs.md` */
export function outputsPage(platforms: readonly Platform[]): string {
  const presets = platforms.filter(({ isPreset }) => isPreset).length;
  return page(
    "# Outputs",
    "Every output of every stack: `terraform output` in the folder of the stack prints it, for example `terraform -chdir=cdktf.out/stacks/us-east-1 output load_balancer_dns_name`. `npm run reference` writes this page from the Terraform JSON.",
    ...Object.entries(STACKS).flatMap(([kind, title]) => {
      const rows = [...outputsOf(platforms, kind).values()].sort((one, other) => one.name.localeCompare(other.name, "en"));
      return rows.length === 0
        ? []
        : [
            `## ${title}`,
            table(
              ["output", "meaning", "presets"],
              rows.map((row) => [
                code(row.name),
                prose(row.description),
                row.presets.size === presets ? "all" : row.presets.size === 0 ? "none: with an option" : list([...row.presets]),
              ]),
            ),
          ];
    }),
  );
}

function outputsOf(platforms: readonly Platform[], kind: string): ReadonlyMap<string, Output> {
  const found = new Map<string, Output>();
  for (const { configuration, isPreset, stacks } of platforms)
    for (const stack of stacks.filter((one) => one.kind === kind))
      for (const [name, output] of Object.entries(stack.outputs)) {
        const row = found.get(name) ?? { name, description: withPlaceholders(output.description), presets: new Set<string>() };
        if (isPreset) row.presets.add(configuration);
        found.set(name, row);
      }
  return found;
}

import { readdirSync } from "node:fs";
import { alarmsOf, alarmsPage } from "./alarms";
import { commandsPage } from "./commands";
import { configurationPage } from "./configuration";
import { modulePages } from "./modules";
import { outputsPage } from "./outputs";
import { ownersIn } from "./owners";
import { permissionsPage } from "./permissions";
import { platforms } from "./platforms";
import { readSources, sourceFiles } from "./sources";

/** Every page of `docs/reference`, by path. */
export function referencePages(): ReadonlyMap<string, string> {
  const modules = readdirSync("modules").sort();
  const sources = readSources(sourceFiles("modules", "config"));
  const owners = ownersIn(sources);
  const synthesized = platforms();
  const alarms = alarmsOf(synthesized, owners);
  return new Map([
    ["docs/reference/configuration.md", configurationPage()],
    ...modulePages(modules, { platforms: synthesized, sources, owners, alarms }),
    ["docs/reference/alarms.md", alarmsPage(alarms)],
    ["docs/reference/outputs.md", outputsPage(synthesized)],
    ["docs/reference/permissions.md", permissionsPage(synthesized, owners)],
    ["docs/reference/commands.md", commandsPage()],
  ]);
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FAILOVER_CHECKS, REGION_CHECKS } from "../verify/checks";
import type { Citation } from "./page";

const FOLDER = "commands/verify/checks";

/**
 * Every check, once, with the file whose source has its requirement as a literal.
 * @param project its root
 * @throws when no file, or more than one, has it
 */
export function citations(project: string): Citation[] {
  const sources = readdirSync(join(project, FOLDER)).map((name) => ({
    file: `${FOLDER}/${name}`,
    source: readFileSync(join(project, FOLDER, name), "utf8"),
  }));
  const checks = [...new Set<Omit<Citation, "file">>([...REGION_CHECKS, ...FAILOVER_CHECKS])];
  return checks.map(({ requirement, requirementIds }) => {
    const [found, ...others] = sources.filter(({ source }) => source.includes(JSON.stringify(requirement)));
    if (!found || others.length > 0) throw new Error(`${found ? "More than one file" : "No file"} of ${FOLDER} has “${requirement}”.`);
    return { requirement, requirementIds, file: found.file };
  });
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CLAIMS } from "../../prove/claims";
import { FAILOVER_CHECKS, REGION_CHECKS } from "../verify/checks";
import type { Citation, Column } from "./page";

/**
 * The generated columns of docs/requirements.md, from the checks of `npm run verify` and the claims of `npm run prove`.
 * @param project its root
 * @throws when the file of a check or claim is not found
 */
export function columns(project: string): readonly Column[] {
  const checks = [...new Set<Omit<Citation, "file">>([...REGION_CHECKS, ...FAILOVER_CHECKS])];
  const claims = CLAIMS.map(({ id, title, requirementIds = [] }) => ({
    requirement: `${id}: ${title}`,
    requirementIds,
    literal: JSON.stringify(id),
  }));
  return [
    {
      name: "live checks",
      citations: inFiles(
        project,
        "commands/verify/checks",
        checks.map((check) => ({ ...check, literal: JSON.stringify(check.requirement) })),
      ),
    },
    { name: "claims", citations: inFiles(project, "prove/claims", claims) },
  ];
}

/** What is cited, each with the one file of a folder that contains its literal. */
function inFiles(
  project: string,
  folder: string,
  cited: readonly (Omit<Citation, "file"> & { readonly literal: string })[],
): readonly Citation[] {
  const sources = readdirSync(join(project, folder)).map((name) => ({
    file: `${folder}/${name}`,
    source: readFileSync(join(project, folder, name), "utf8"),
  }));
  return cited.map(({ requirement, requirementIds, literal }) => {
    const [found, ...others] = sources.filter(({ source }) => source.includes(literal));
    if (!found || others.length > 0) throw new Error(`${found ? "More than one file" : "No file"} of ${folder} has “${literal}”.`);
    return { requirement, requirementIds, file: found.file };
  });
}

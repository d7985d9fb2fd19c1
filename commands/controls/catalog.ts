import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A control of one of the two catalogs, for a service that the platform or its account uses. */
export interface Control {
  /** AWS's ID, e.g. `RDS.7`; for the PCI DSS catalog, the name of the rule. */
  readonly id: string;
  readonly service: string;
  readonly title: string;
  /** Severity in the Foundational Security Best Practices, or the PCI DSS 4.0 requirements of the rule. */
  readonly weight: string;
  readonly standard: "FSBP" | "PCI DSS";
}

/** Every control, by service, in the order of the page. */
export function catalog(project: string): Control[] {
  const [, ...lines] = readFileSync(join(project, "commands", "controls", "catalog.tsv"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => {
    const [service = "", id = "", title = "", weight = ""] = line.split("\t");
    return { id, service, title, weight, standard: /^[A-Z]\w+\.\d+$/.test(id) ? "FSBP" : "PCI DSS" };
  });
}

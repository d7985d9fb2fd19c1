import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A control of one of the two catalogs, of a service that the platform uses or that its account needs. */
export interface Control {
  /** As AWS has it, `RDS.7`; or the rule's name, where the catalog is that of PCI DSS. */
  readonly id: string;
  readonly service: string;
  readonly title: string;
  /** Severity in the Foundational Security Best Practices, or the requirements of PCI DSS 4.0 that the rule serves. */
  readonly weight: string;
  readonly standard: "FSBP" | "PCI DSS";
}

/** Every control, by service, in the order in which the page shows them. */
export function catalog(project: string): Control[] {
  const [, ...lines] = readFileSync(join(project, "commands", "controls", "catalog.tsv"), "utf8")
    .trimEnd()
    .split("\n");
  return lines.map((line) => {
    const [service = "", id = "", title = "", weight = ""] = line.split("\t");
    return { id, service, title, weight, standard: /^[A-Z]\w+\.\d+$/.test(id) ? "FSBP" : "PCI DSS" };
  });
}

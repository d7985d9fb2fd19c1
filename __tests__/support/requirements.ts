import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** A line of a requirement document, with its row in `docs/requirements.md`. */
export interface Row {
  /** `S000-1.1`: document, group, number in the group. */
  readonly id: string;
  readonly document: string;
  readonly required: string;
  readonly how: string;
  readonly proof: string;
}

/** A test, by its title and its file. */
export interface Proof {
  readonly title: string;
  /** From the project's root. */
  readonly file: string;
}

export const PROJECT = resolve(__dirname, "..", "..");
const PAGE = join("docs", "requirements.md");

/** The rows of every table of the page. */
export function rows(): Row[] {
  return readFileSync(join(PROJECT, PAGE), "utf8")
    .split("\n")
    .filter((line) => /^\| S\d{3}-/.test(line))
    .map((line) => {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      const [id = "", required = "", how = "", proof = ""] = cells;
      // The fifth and sixth, of live checks and claims, are generated. Rows about the project itself have none.
      if (cells.length !== 6 && cells.length !== 4) throw new Error(`${id} has ${cells.length} cells, not 4 or 6: ${line}`);
      return { id, document: id.split("-")[0] ?? "", required, how, proof };
    });
}

/** The preset that a document describes, by the document, from the headings of the page. */
export function presets(): ReadonlyMap<string, string> {
  const headings = readFileSync(join(PROJECT, PAGE), "utf8").matchAll(/^## (S\d{3}): `([a-z-]+)`$/gm);
  return new Map([...headings].map(([, document = "", preset = ""]) => [document, preset]));
}

/** The tests that a row links to. */
export function proofs({ proof }: Row): Proof[] {
  return [...proof.matchAll(/\[((?:[^\]\\]|\\.)+)\]\(\.\.\/([^)#]+)\)/g)].map(([, title = "", file = ""]) => ({
    title: title.replace(/\\(.)/g, "$1"),
    file,
  }));
}

/** The rows that a row refers to instead of saying the same again: `As S000-1.1`. */
export function references({ how, proof }: Row): string[] {
  return [...`${how} ${proof}`.matchAll(/\bas (S\d{3}-[\w.]+\w)/gi)].map(([, id = ""]) => id);
}

/** Resource types and attributes that a row names in code: `aws_lb_target_group.health_check.interval`. */
export function namedAttributes({ how }: Row): { readonly type: string; readonly path: readonly string[] }[] {
  return [...how.matchAll(/`(aws_[a-z0-9_]+)((?:\.[a-z0-9_]+)*)`/g)].map(([, type = "", path = ""]) => ({
    type,
    path: path.split(".").filter(Boolean),
  }));
}

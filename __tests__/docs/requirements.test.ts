import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { columns } from "../../commands/requirements/citations";
import { PAGE, withCitations } from "../../commands/requirements/page";
import { PRESETS as SYSTEMS } from "../../config/presets";
import { namedAttributes, presets, PROJECT, proofs, references, type Row, rows } from "../support/requirements";
import { presetStacks, type Synthesized } from "../support/synthesized";

const ROWS = rows();
const PRESETS = presets();
const BY_ID = new Map(ROWS.map((row) => [row.id, row]));
const text = (file: string): string => {
  const path = join(PROJECT, file);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};
/** Whether a file has a test of that title: the title as a whole string of its source. */
const has = (file: string, title: string): boolean => text(file).includes(JSON.stringify(title)) || text(file).includes(`\`${title}\``);
const literally = ({ how }: Row): boolean => !how.startsWith("Not literally: ");

describe("docs/requirements.md", () => {
  it("has a table for each preset that a document requires", () => {
    const required = Object.values(SYSTEMS).filter(({ document }) => document !== undefined);
    expect([...PRESETS.values()].sort()).toEqual(required.map(({ name }) => name).sort());
    expect(required.length).toBeGreaterThanOrEqual(4);
    for (const document of PRESETS.keys()) expect(ROWS.filter((row) => row.document === document).length).toBeGreaterThan(60);
  });

  it("numbers its rows without a gap, and none twice", () => {
    expect(ROWS.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)).toEqual([]);
    const groups = new Map<string, number[]>();
    for (const { id } of ROWS) {
      const [, group = "", number] = /^(.*?)(\d+)$/.exec(id) ?? [];
      groups.set(group, [...(groups.get(group) ?? []), Number(number)]);
    }
    for (const [group, numbers] of groups) expect([group, numbers]).toEqual([group, numbers.map((_, index) => index + 1)]);
  });

  it("has no empty row: each states how, and names a test, or the row that does, or a reason with a source", () => {
    const empty = ROWS.filter((row) => {
      if (row.required === "" || row.how === "" || (row.how + row.proof).includes("TODO")) return true;
      if (!literally(row)) return !/\]\((https:|\.\/|adr\/|[\w-]+\.md|\.\.\/README\.md)/.test(row.how);
      return proofs(row).length === 0 && references(row).length === 0;
    });
    expect(empty.map(({ id }) => id)).toEqual([]);
  });

  it("cites every check of npm run verify in the rows that it names, and nowhere else; if not, run npm run requirements", () => {
    expect(text(PAGE)).toBe(withCitations(text(PAGE), columns(PROJECT)));
    const elsewhere = ROWS.filter((row) => proofs(row).some(({ file }) => !file.startsWith("__tests__/")));
    expect(elsewhere.map(({ id }) => id)).toEqual([]);
  });

  it("names tests that exist", () => {
    const missing = ROWS.flatMap((row) =>
      proofs(row)
        .filter(({ file, title }) => !has(file, title))
        .map(({ file, title }) => `${row.id}: ${file} › ${title}`),
    );
    expect(missing).toEqual([]);
  });

  it("refers to rows that exist and say it themselves", () => {
    const wrong = ROWS.flatMap((row) =>
      references(row)
        .filter((id) => {
          const meant = BY_ID.get(id);
          return !meant || (literally(meant) && proofs(meant).length === 0);
        })
        .map((id) => `${row.id} → ${id}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([...PRESETS])("%s names resources and attributes that %s has", (document, preset) => {
    const stacks = [...presetStacks(preset).values()];
    const wrong = ROWS.filter((row) => row.document === document).flatMap((row) =>
      namedAttributes(row)
        .filter(({ type, path }) => !stacks.some((stack) => stack.all(type).some((resource) => valueAt(resource, path) !== undefined)))
        .map(({ type, path }) => `${row.id}: ${[type, ...path].join(".")}`),
    );
    expect(wrong).toEqual([]);
  });

  it("has a row for every acceptance test", () => {
    const cited = new Set(ROWS.flatMap((row) => proofs(row).map(({ file, title }) => `${file} › ${title}`)));
    const folder = join("__tests__", "presets");
    const uncited = readdirSync(join(PROJECT, folder))
      .filter((name) => name.endsWith(".test.ts"))
      .flatMap((name) =>
        [...text(join(folder, name)).matchAll(/\bit\(\s*("(?:[^"\\]|\\.)*")/g)].map(
          ([, title = '""']) => `${folder}/${name} › ${JSON.parse(title) as string}`,
        ),
      )
      .filter((test) => !cited.has(test));
    expect(uncited).toEqual([]);
  });
});

/** The value at a path of a resource; of lists, the first member's that has one. */
function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (Array.isArray(value)) return value.map((member) => valueAt(member, [key, ...rest])).find((found) => found !== undefined);
  if (typeof value !== "object" || value === null) return undefined;
  return valueAt((value as Synthesized["json"])[key], rest);
}

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Parses HCL values to plain data. The parser is Terraform's own, compiled to WebAssembly. Its start takes longer than the
 * rest of a synth, so the result is stored with the other caches of the project.
 * @throws Error with the parser's message and the line
 */
export async function parseHcl(folder: string, text: string): Promise<Record<string, unknown>> {
  const digest = createHash("sha256").update(text).digest("hex");
  const cache = join(folder, "node_modules", ".cache", "standfast", `hcl-${digest}.json`);
  const known = readCache(cache);
  if (known) return known;
  const { parse } = await import("@cdktf/hcl2json");
  const values = (await parse("terraform.tfvars", text)) as Record<string, unknown>;
  writeCache(cache, values);
  return values;
}

function readCache(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function writeCache(file: string, values: object): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Written to a temporary file and renamed, so that a concurrent synth never reads a partial file.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(values));
    renameSync(draft, file);
  } catch {
    // Without a writable folder, the next synth parses again.
  }
}

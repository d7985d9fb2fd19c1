// Terraform JSON without the comments of CDKTF, for everyone who continues without it.
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProviderSchemas, toHcl } from "../../scripts/to-hcl/convert";
import type { Terraform } from "./terraform";

type Json = Parameters<typeof toHcl>[0];

interface Continuation {
  readonly file: string;
  readonly text: (json: Json, terraform: Terraform) => string | Promise<string>;
}

/** The forms in which a configuration can continue without CDKTF. */
export const CONTINUATIONS: Readonly<Record<string, Continuation>> = {
  "JSON without comments": { file: "main.tf.json", text: (json) => JSON.stringify(withoutComments(json)) },
  "native syntax": {
    file: "main.tf",
    text: async (json, terraform) => toHcl(json, JSON.parse(await terraform.schemas()) as ProviderSchemas),
  },
};

/**
 * What is left of a stack that continues without CDKTF: the configuration in another form, and its files, in a folder of their
 * own, initialized.
 * @param terraform in the folder that CDKTF has written, initialized
 */
export async function continued(terraform: Terraform, form: string): Promise<Terraform> {
  const continuation = CONTINUATIONS[form];
  if (!continuation) throw new Error(`no continuation as ${form}`);
  const folder = mkdtempSync(join(tmpdir(), "standfast-continued-"));
  const json = JSON.parse(readFileSync(join(terraform.folder, "cdk.tf.json"), "utf8")) as Json;
  writeFileSync(join(folder, continuation.file), await continuation.text(json, terraform));
  const assets = join(terraform.folder, "assets");
  if (existsSync(assets)) cpSync(assets, join(folder, "assets"), { recursive: true });
  const there = terraform.in(folder);
  await there.init();
  return there;
}

/** The JSON without the keys `//`, which Terraform ignores: the only ones that CDKTF adds. */
export function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, part]) => [key, withoutComments(part)]),
  );
}

/** Every string in a JSON value, with the keys on the way to it. */
export function strings(value: unknown, path: readonly string[] = []): { readonly path: readonly string[]; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => strings(part, [...path, key]));
}

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const PROJECT = resolve(__dirname, "..", "..", "..");
const IMPORT = /@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g;

/** The types of resources and data sources that the product's source can create, e.g. `aws_lb`. */
export function usedTypes(): ReadonlySet<string> {
  const files = ["modules", "stacks"].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(PROJECT, folder, file)),
  );
  const names = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(IMPORT)].map(([, name = ""]) => name));
  return new Set(names.map((name) => `aws_${name.replace(/^data-aws-/, "").replaceAll("-", "_")}`));
}

/** The fields `resource_schemas` and `data_source_schemas` of Terraform's `GetProviderSchema.Response`. */
const SCHEMAS_BY_TYPE = [2, 3];
const LENGTH_DELIMITED = 2;

/**
 * Leaves out of an answer to GetProviderSchema all types but some. Terraform decodes 2,100 schemas in each of its commands, which
 * takes longer than most plans.
 * @param answer in protocol buffers' wire format
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function onlyTypes(answer: Buffer, types: ReadonlySet<string>): Buffer {
  const kept: Buffer[] = [];
  for (let start = 0; start < answer.length;) {
    const tag = varint(answer, start);
    if ((tag.value & 7) !== LENGTH_DELIMITED) throw new Error(`a field of wire type ${tag.value & 7} in GetProviderSchema.Response`);
    const length = varint(answer, tag.end);
    const end = length.end + length.value;
    const field = tag.value >> 3;
    if (!SCHEMAS_BY_TYPE.includes(field) || types.has(keyOf(answer.subarray(length.end, end)))) kept.push(answer.subarray(start, end));
    start = end;
  }
  return Buffer.concat(kept);
}

/** The key of an entry of a map: its first field. */
function keyOf(entry: Buffer): string {
  const length = varint(entry, 1);
  return entry.toString("utf8", length.end, length.end + length.value);
}

function varint(buffer: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, shift = 0; ; at += 1, shift += 7) {
    const byte = buffer[at] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

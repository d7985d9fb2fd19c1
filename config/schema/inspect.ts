import { z } from "zod";

/** Metadata of a key, optional or not. */
export function describedBy(type: z.ZodType): z.core.GlobalMeta {
  return unwrapOptional(type).meta() ?? {};
}

function unwrapOptional(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional ? unwrapOptional(type.unwrap() as z.ZodType) : type;
}

/** The keys of a table. Empty for other types. */
export function keysOf(type: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const inner = unwrapOptional(type);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

/** The type of the entries of a list, or of a table whose keys the user chooses. */
export function entryOf(type: z.ZodType): z.ZodType | undefined {
  const inner = unwrapOptional(type);
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return inner instanceof z.ZodRecord ? (inner.valueType as z.ZodType) : undefined;
}

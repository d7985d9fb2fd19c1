import { z } from "zod";

/** What a key says of itself, whether it may be left out or not. */
export function describedBy(type: z.ZodType): z.core.GlobalMeta {
  return unwrapOptional(type).meta() ?? {};
}

function unwrapOptional(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional ? unwrapOptional(type.unwrap() as z.ZodType) : type;
}

/** The keys of a table; none of anything else. */
export function keysOf(type: z.ZodType): Readonly<Record<string, z.ZodType>> {
  const inner = unwrapOptional(type);
  return inner instanceof z.ZodObject ? inner.shape : {};
}

/** What each entry of a list, or of a table whose keys are the user's, looks like. */
export function entryOf(type: z.ZodType): z.ZodType | undefined {
  const inner = unwrapOptional(type);
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return inner instanceof z.ZodRecord ? (inner.valueType as z.ZodType) : undefined;
}

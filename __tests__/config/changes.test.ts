import type { z } from "zod";
import { describe, expect, it } from "@jest/globals";
import { CHANGES, EFFECTS } from "../../config/changes/effects";
import { changeableKeys } from "../../config/changes/keys";
import { schema } from "../../config/schema";
import { describedBy, entryOf, keysOf } from "../../config/schema/inspect";
import { BASE, NOT_PLANNED, OF_PRESETS, PLANNED, REJECTED, SETTINGS } from "../emulator/transitions/table";
import { aConfig } from "../support/config";
import { inZone, over, withAll } from "../support/transitions";

const KEYS = changeableKeys();
const LISTS = [SETTINGS, ...Object.values(PLANNED), ...Object.values(OF_PRESETS)];

/** What the example file says about a key and the tables around it. A key without a text shares that of the key before it. */
function textOf(key: string): string {
  let type: z.ZodType = schema;
  const texts: string[] = [];
  for (const part of key.split(".")) {
    const keys: readonly (readonly [string, z.ZodType])[] = Object.entries(keysOf(entryOf(type) ?? type));
    const index = keys.findIndex(([name]) => name === part);
    const [, inner] = keys[index] ?? [];
    if (!inner) throw new Error(`there is no key ${key}`);
    type = inner;
    const described = keys.slice(0, index + 1).findLast(([, before]) => describedBy(before).about);
    const { about = "", details = "" } = described ? describedBy(described[1]) : {};
    texts.push(about, details);
  }
  return texts.join(" ");
}

describe("the table of effects", () => {
  it("has the effect of every key of the schema, and of no other", () => {
    expect(Object.keys(CHANGES).sort()).toEqual([...KEYS].sort());
  });

  it("has a meaning for each effect, and no effect without a key", () => {
    expect(Object.keys(EFFECTS).sort()).toEqual([...new Set(Object.values(CHANGES))].sort());
  });

  it("states that data is deleted exactly where the text of the key announces it in capitals", () => {
    // A plan that fails deletes nothing.
    const possible = KEYS.filter((key) => CHANGES[key] !== "rejected");
    const announced = possible.filter((key) => /\b(REPLACES|DELETES|DESTROYS)\b/.test(textOf(key)));
    expect(announced).toEqual(KEYS.filter((key) => CHANGES[key] === "deletes data"));
  });
});

describe("the changes that the emulator plans", () => {
  it("are of every key, apart from those with a reason", () => {
    const planned = LISTS.flat().map(({ key }) => key);
    expect(KEYS.filter((key) => !planned.includes(key)).sort()).toEqual(Object.keys(NOT_PLANNED).sort());
    expect(planned.filter((key) => !KEYS.includes(key))).toEqual([]);
  });

  it("are at least 60, and each list has a key once", () => {
    expect(new Set(LISTS.flat().map(({ key }) => key)).size).toBeGreaterThanOrEqual(60);
    for (const list of LISTS) expect(new Set(list.map(({ key }) => key)).size).toBe(list.length);
  });

  it.each([SETTINGS, ...Object.values(PLANNED)].flat().concat(REJECTED))("$key has an accepted value, alone", ({ given = {}, to }) => {
    const before = over(BASE, given);
    expect(aConfig(inZone(over(before, to)))).not.toEqual(aConfig(inZone(before)));
  });

  it.each([SETTINGS, ...Object.values(PLANNED)])("are accepted together", (...changes) => {
    expect(() => aConfig(inZone(withAll(BASE, changes)))).not.toThrow();
  });

  it.each(Object.entries(OF_PRESETS))("are accepted together in the preset %s", (preset, changes) => {
    expect(() => aConfig(inZone(withAll({ preset }, changes)))).not.toThrow();
  });
});

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { Met, Waiver } from "../../../commands/controls/status";
import { CONTROL_STATUSES } from "../../../commands/controls/statuses";
import { catalog } from "../../../commands/controls/catalog";
import { type Check, concerned, meets } from "../../../commands/controls/check";
import { PAGE, page } from "../../../commands/controls/page";
import type { Resource, Stack } from "../../../commands/controls/resource";
import { UNUSED_SERVICES } from "../../../commands/controls/unused-services";
import { WAIVERS } from "../../../commands/controls/waivers";
import { laidOver, type Platform, platform, platforms } from "./platforms";

const PROJECT = resolve(__dirname, "..", "..", "..");
const CONTROLS = catalog(PROJECT);
const PLATFORMS = platforms();

/** A resource that a check applies to, in its stack. */
interface Case {
  readonly platform: Platform;
  readonly stack: Stack;
  readonly resource: Resource;
  readonly place: string;
}

function cases(check: Check, among: readonly Platform[] = PLATFORMS): Case[] {
  return among.flatMap((platform) =>
    [...platform.stacks].flatMap(([name, stack]) =>
      concerned(check, stack).map((resource) => ({ platform, stack, resource, place: `${platform.name}, ${name}: ${resource.address}` })),
    ),
  );
}

const failing = (check: Check, found: readonly Case[]): string[] =>
  found.filter(({ resource, stack }) => !meets(check, resource, stack)).map(({ place }) => place);

/** Faults that a check does not notice, planted in the first resource that meets it. */
function unnoticed(check: Check, found: readonly Case[]): string[] {
  const sound = found.find(({ resource, stack }) => meets(check, resource, stack));
  if (!sound) return [`${check.type}: nothing meets it`];
  return check.expects.flatMap((expectation) => {
    const faults = expectation.faults(sound.resource, sound.stack);
    const missed = faults.filter((stack) => {
      const broken = stack.find(({ address }) => address === sound.resource.address);
      return broken === undefined || meets(check, broken, stack);
    });
    return faults.length === 0 || missed.length > 0 ? [`${sound.place}: ${expectation.says}`] : [];
  });
}

const size = ({ stacks }: Platform): number => [...stacks.values()].reduce((sum, stack) => sum + stack.length, 0);

const types = new Set(
  PLATFORMS.flatMap(({ stacks }) => [...stacks.values()].flatMap((stack) => stack.map(({ resourceType }) => resourceType))),
);

describe("the controls", () => {
  it("have exactly one status each, and no status is for a control that the catalog does not have", () => {
    const answered = CONTROL_STATUSES.flatMap(({ controls }) => controls);
    expect(answered.filter((id, index) => answered.indexOf(id) !== index)).toEqual([]);
    expect([...answered].sort()).toEqual(CONTROLS.map(({ id }) => id).sort());
  });

  it("have the same status in docs/security.md; if not, run npm run controls", () => {
    expect(readFileSync(join(PROJECT, PAGE), "utf8")).toBe(page(CONTROLS, CONTROL_STATUSES));
  });

  it("that are not applicable apply to resource types that no stack has", () => {
    const absent = CONTROL_STATUSES.flatMap((status) => (status.kind === "not applicable" ? status.absent : []));
    expect(absent.length).toBeGreaterThan(0);
    expect(absent.filter((type) => types.has(type))).toEqual([]);
  });

  it("of unused services apply to resource types that no stack has", () => {
    const prefixes = Object.values(UNUSED_SERVICES).flat();
    expect([...types].filter((type) => prefixes.some((prefix) => type.startsWith(prefix)))).toEqual([]);
  });
});

const met = CONTROL_STATUSES.filter((status): status is Met => status.kind === "met");

describe.each(met.map((status): [string, Met] => [status.controls.join(", "), status]))("%s", (_, { checks }) => {
  const found = new Map(checks.map((check) => [check, cases(check)]));

  it("is met by every resource that it applies to, and there is at least one", () => {
    for (const [check, those] of found) {
      expect([check.type, those.length > 0]).toEqual([check.type, true]);
      expect(failing(check, those)).toEqual([]);
    }
  });

  it("fails for every planted fault", () => {
    for (const [check, those] of found) expect(unnoticed(check, those)).toEqual([]);
  });
});

/** The smallest first, which is the fastest to synthesize again. */
const BY_SIZE = [...PLATFORMS].sort((one, other) => size(one) - size(other));

/** For each check, a platform with a waived resource, with the configuration that lifts the waiver. */
function lifted({ checks, appliesTo, lift }: Waiver): Platform[] {
  if (typeof lift === "string") return [];
  const needy = checks.map(
    (check) => cases(check, BY_SIZE).find(({ resource }) => appliesTo(resource) && (lift.appliesTo?.(resource) ?? true))?.platform,
  );
  return [...new Set(needy)].flatMap((one) => (one ? [platform(`${one.name}, lifted`, laidOver(one.overrides, lift.config))] : []));
}

describe.each(WAIVERS.map((waiver): [string, Waiver] => [waiver.name, waiver]))("the waiver %s", (_, waiver) => {
  const { checks, appliesTo, lift } = waiver;
  const without = lifted(waiver);

  it("states its resources, its reason and how to lift it", () => {
    const texts = [waiver.where, waiver.because, typeof lift === "string" ? lift : Object.keys(lift.config).join()];
    expect(texts.filter((text) => text === "")).toEqual([]);
  });

  it("is needed for the resources that it names, and all others meet the controls", () => {
    for (const check of checks) {
      const those = cases(check);
      const named = those.filter(({ resource }) => appliesTo(resource));
      const others = those.filter(({ resource }) => !appliesTo(resource));
      expect([check.type, failing(check, named).length > 0]).toEqual([check.type, true]);
      expect(failing(check, others)).toEqual([]);
    }
  });

  if (typeof lift !== "string")
    it("is lifted by its configuration", () => {
      for (const check of checks) {
        const those = cases(check, without).filter(({ resource }) => appliesTo(resource) && (lift.appliesTo?.(resource) ?? true));
        expect([check.type, those.length > 0]).toEqual([check.type, true]);
        expect(failing(check, those)).toEqual([]);
      }
    });

  it("fails for every planted fault, if any resource meets the checks", () => {
    for (const check of checks) {
      const those = cases(check, [...PLATFORMS, ...without]);
      if (those.length > failing(check, those).length) expect(unnoticed(check, those)).toEqual([]);
    }
  });
});

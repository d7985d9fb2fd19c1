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

/** A resource that a check is about, in the stack that it stands in. */
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

/** Faults of a check that it does not notice, planted in the first resource that meets it. */
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
  it("have one answer each, and no answer is to a control that the catalog does not have", () => {
    const answered = CONTROL_STATUSES.flatMap(({ controls }) => controls);
    expect(answered.filter((id, index) => answered.indexOf(id) !== index)).toEqual([]);
    expect([...answered].sort()).toEqual(CONTROLS.map(({ id }) => id).sort());
  });

  it("stand in docs/security.md as they are answered; if they do not, run npm run controls", () => {
    expect(readFileSync(join(PROJECT, PAGE), "utf8")).toBe(page(CONTROLS, CONTROL_STATUSES));
  });

  it("that are not applicable are about resources that nobody makes", () => {
    const absent = CONTROL_STATUSES.flatMap((status) => (status.kind === "not applicable" ? status.absent : []));
    expect(absent.length).toBeGreaterThan(0);
    expect(absent.filter((type) => types.has(type))).toEqual([]);
  });

  it("of services that are not used are about resources that nobody makes", () => {
    const prefixes = Object.values(UNUSED_SERVICES).flat();
    expect([...types].filter((type) => prefixes.some((prefix) => type.startsWith(prefix)))).toEqual([]);
  });
});

const met = CONTROL_STATUSES.filter((status): status is Met => status.kind === "met");

describe.each(met.map((status): [string, Met] => [status.controls.join(", "), status]))("%s", (_, { checks }) => {
  const found = new Map(checks.map((check) => [check, cases(check)]));

  it("is met by every resource that it is about, and there are some", () => {
    for (const [check, those] of found) {
      expect([check.type, those.length > 0]).toEqual([check.type, true]);
      expect(failing(check, those)).toEqual([]);
    }
  });

  it("fails with each fault that is planted", () => {
    for (const [check, those] of found) expect(unnoticed(check, those)).toEqual([]);
  });
});

/** The smallest first: what costs least to be synthesized again. */
const BY_SIZE = [...PLATFORMS].sort((one, other) => size(one) - size(other));

/** For each check a platform that it is waived and can be lifted for, with what lifts it laid over it. */
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

  it("says where, why, and what lifts it", () => {
    const said = [waiver.where, waiver.because, typeof lift === "string" ? lift : Object.keys(lift.config).join()];
    expect(said.filter((text) => text === "")).toEqual([]);
  });

  it("is needed for what it names, and everything else meets what is asked", () => {
    for (const check of checks) {
      const those = cases(check);
      const named = those.filter(({ resource }) => appliesTo(resource));
      const others = those.filter(({ resource }) => !appliesTo(resource));
      expect([check.type, failing(check, named).length > 0]).toEqual([check.type, true]);
      expect(failing(check, others)).toEqual([]);
    }
  });

  if (typeof lift !== "string")
    it("is lifted by what it says", () => {
      for (const check of checks) {
        const those = cases(check, without).filter(({ resource }) => appliesTo(resource) && (lift.appliesTo?.(resource) ?? true));
        expect([check.type, those.length > 0]).toEqual([check.type, true]);
        expect(failing(check, those)).toEqual([]);
      }
    });

  it("fails with each fault that is planted in what meets it, if anything does", () => {
    for (const check of checks) {
      const those = cases(check, [...PLATFORMS, ...without]);
      if (those.length > failing(check, those).length) expect(unnoticed(check, those)).toEqual([]);
    }
  });
});

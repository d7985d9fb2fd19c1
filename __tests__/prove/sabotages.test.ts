import { describe, expect, it } from "@jest/globals";
import { CLAIMS } from "../../prove/claims";
import { EACH_PRESET } from "../support/configurations";
import { SABOTAGES } from "./sabotages";
import { casesOf } from "./sabotages/cases";

describe("the sabotages", () => {
  const cases = casesOf(() => true);

  it("exist for every claim, and each kind of them changes at least one configuration", () => {
    expect(CLAIMS.map(({ id }) => id).filter((id) => !SABOTAGES.some(({ claim }) => claim === id))).toEqual([]);
    const tried = new Set(cases.map(({ sabotage }) => sabotage));
    expect(
      SABOTAGES.filter((sabotage) => !tried.has(sabotage)).map(({ claim, type, id, path }) => [claim, type, String(id), path]),
    ).toEqual([]);
    process.stderr.write(`Sabotages: ${cases.length} of ${SABOTAGES.length} kinds, over ${Object.keys(EACH_PRESET).length} presets.\n`);
  });

  it("are tried in at least 120 cases, in every preset and in both regions", () => {
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect([...new Set(cases.map(({ preset }) => preset))]).toEqual(expect.arrayContaining(Object.keys(EACH_PRESET)));
    for (const stack of ["us-east-1", "us-west-2"]) expect(cases.map((one) => one.stack)).toContain(stack);
  });
});

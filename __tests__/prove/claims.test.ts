import { describe, expect, it } from "@jest/globals";
import { prove } from "../../prove/claims";
import { CONFIGURATIONS } from "../support/configurations";
import { GIVEN_UP, graphsOf, OTHER_OWNERS } from "./platforms";

describe.each(Object.entries(CONFIGURATIONS))("the configuration %s", (name, overrides) => {
  const results = prove(graphsOf(overrides));
  const reasons = (status: string): readonly (readonly [id: string, because: string])[] =>
    results.filter((result) => result.status === status).map(({ id, because }) => [id, because]);

  it("refutes no claim, apart from those that it gives up", () => {
    const expected = GIVEN_UP[name] ?? [];
    expect(reasons("refuted").filter(([id]) => !expected.includes(id))).toEqual([]);
    expect(
      reasons("refuted")
        .map(([id]) => id)
        .sort(),
    ).toEqual([...expected].sort());
  });

  it("leaves no claim undecided, apart from those about what others own", () => {
    expect(reasons("unknown").filter(([id]) => !OTHER_OWNERS[name]?.includes(id))).toEqual([]);
  });
});

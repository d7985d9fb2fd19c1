import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../../prove/claims";
import { casesOf } from "./cases";

/** Requires that every sabotage of these claims is refuted by its claim. */
export function describeSabotages(isMeant: (claim: string) => boolean): void {
  describe("a sabotage of one attribute", () => {
    it.each(casesOf(isMeant).map((one) => [one.title, one] as const))("is refuted by %s", (_, { sabotage, graphs }) => {
      const [result] = prove(
        graphs(),
        CLAIMS.filter(({ id }) => id === sabotage.claim),
      );
      expect(result?.status).toBe("refuted");
    });
  });
}

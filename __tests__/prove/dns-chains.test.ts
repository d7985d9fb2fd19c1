import { describe, expect, it } from "@jest/globals";
import { CLAIMS, prove } from "../../prove/claims";
import { regionsOf } from "../support/config";
import { graphsOf } from "./platforms";

const APEX = { zone_name: "standfast.test", zone_id: "Z0123456789EXAMPLE", apex: true };

describe("failover between three regions", () => {
  it.each([
    ["the service", {}],
    ["the service and the apex", { dns: APEX }],
  ])("of %s ends in the region that can write when no region answers", (_, more) => {
    const graphs = graphsOf({ ...more, regions: regionsOf("hot", "us-east-1", "us-west-2", "eu-west-1") });
    const results = prove(
      graphs,
      CLAIMS.filter(({ id }) => ["D1", "D2", "D7"].includes(id)),
    );
    expect(results.map(({ id, status, because }) => [id, status, status === "proven" ? "" : because])).toEqual(
      ["D1", "D2", "D7"].map((id) => [id, "proven", ""]),
    );
  });
});

import { describe, expect, it } from "@jest/globals";
import { MYSQL } from "../support/config";
import { oneRegion, regionStack, target } from "../support/synthesized";

const region = oneRegion();

describe("network ACLs", () => {
  interface Packet {
    readonly port: number;
    readonly peer: string;
    readonly egress: boolean;
  }
  const tierOf = { public: "10.0.0.0/18", application: "10.0.64.0/18", data: "10.0.128.0/18", internet: "203.0.113.0/24" } as const;
  const lets = (tier: string, { port, peer, egress }: Packet, stack = region): boolean =>
    stack
      .all("aws_network_acl_rule")
      .filter((rule) => target(rule["network_acl_id"]) === `aws_network_acl.network_acl_${tier}_acl` && rule["egress"] === egress)
      .some(
        (rule) =>
          Number(rule["from_port"]) <= port &&
          port <= Number(rule["to_port"]) &&
          (rule["cidr_block"] === "0.0.0.0/0" || rule["cidr_block"] === peer),
      );
  /** A request and its answer, at both ends. */
  const talks = (client: keyof typeof tierOf, server: keyof typeof tierOf, port: number, stack = region, answer = 40000): boolean =>
    (client === "internet" ||
      (lets(client, { port, peer: tierOf[server], egress: true }, stack) &&
        lets(client, { port: answer, peer: tierOf[server], egress: false }, stack))) &&
    (server === "internet" ||
      (lets(server, { port, peer: tierOf[client], egress: false }, stack) &&
        lets(server, { port: answer, peer: tierOf[client], egress: true }, stack)));

  it("let clients reach the load balancer, the load balancer the tasks, and the tasks the database, with their answers", () => {
    expect(talks("internet", "public", 443)).toBe(true);
    expect(talks("internet", "public", 80)).toBe(true);
    expect(talks("public", "application", 8080)).toBe(true);
    expect(talks("application", "data", 5432)).toBe(true);
    expect(talks("application", "internet", 443)).toBe(true);
    expect(talks("application", "application", 443)).toBe(true);
  });

  it("keep every other pair of tiers apart", () => {
    expect(talks("internet", "data", 5432)).toBe(false);
    expect(talks("public", "data", 5432)).toBe(false);
    expect(talks("data", "internet", 443)).toBe(false);
    expect(talks("data", "application", 8080)).toBe(false);
    expect(talks("internet", "public", 22)).toBe(false);
    expect(talks("application", "data", 22)).toBe(false);
  });

  it("let the data tier exchange packets with the application tier and nobody else, in either direction", () => {
    const rules = region.all("aws_network_acl_rule").filter((rule) => target(rule["network_acl_id"]).includes("_data_"));
    expect(rules.map((rule) => [rule["egress"], rule["cidr_block"]]).sort()).toEqual([
      [false, tierOf.application],
      [true, tierOf.application],
    ]);
  });

  it("let tasks reach the cache, and the data tier reach itself, where there is a cache or a proxy", () => {
    const cached = oneRegion({ sessions: "redis" });
    expect(talks("application", "data", 6379, cached)).toBe(true);
    expect(talks("data", "data", 16379, cached)).toBe(true);
    expect(talks("public", "data", 6379, cached)).toBe(false);
    expect(talks("application", "data", 6379)).toBe(false);
    expect(talks("data", "data", 5432)).toBe(false);
    const mysql = regionStack(MYSQL);
    expect(talks("application", "data", 3306, mysql)).toBe(true);
    expect(talks("application", "data", 5432, mysql)).toBe(false);
    expect(talks("data", "data", 3306, mysql)).toBe(true);
  });

  it("stand before every subnet", () => {
    expect(
      region
        .all("aws_network_acl")
        .flatMap((acl) => acl["subnet_ids"])
        .map(target)
        .sort(),
    ).toEqual(
      region
        .all("aws_subnet")
        .map((subnet) => subnet.address)
        .sort(),
    );
  });
});

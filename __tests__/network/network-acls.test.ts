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
  const permits = (tier: string, { port, peer, egress }: Packet, stack = region): boolean =>
    stack
      .all("aws_network_acl_rule")
      .filter((rule) => target(rule["network_acl_id"]) === `aws_network_acl.network_acl_${tier}_acl` && rule["egress"] === egress)
      .some(
        (rule) =>
          Number(rule["from_port"]) <= port &&
          port <= Number(rule["to_port"]) &&
          (rule["cidr_block"] === "0.0.0.0/0" || rule["cidr_block"] === peer),
      );
  /** A request and its response, at both ends. */
  const canConnect = (client: keyof typeof tierOf, server: keyof typeof tierOf, port: number, stack = region, answer = 40000): boolean =>
    (client === "internet" ||
      (permits(client, { port, peer: tierOf[server], egress: true }, stack) &&
        permits(client, { port: answer, peer: tierOf[server], egress: false }, stack))) &&
    (server === "internet" ||
      (permits(server, { port, peer: tierOf[client], egress: false }, stack) &&
        permits(server, { port: answer, peer: tierOf[client], egress: true }, stack)));

  it("allow clients to reach the load balancer, the load balancer the tasks, and the tasks the database, with the responses", () => {
    expect(canConnect("internet", "public", 443)).toBe(true);
    expect(canConnect("internet", "public", 80)).toBe(true);
    expect(canConnect("public", "application", 8080)).toBe(true);
    expect(canConnect("application", "data", 5432)).toBe(true);
    expect(canConnect("application", "internet", 443)).toBe(true);
    expect(canConnect("application", "application", 443)).toBe(true);
  });

  it("deny traffic between every other pair of tiers", () => {
    expect(canConnect("internet", "data", 5432)).toBe(false);
    expect(canConnect("public", "data", 5432)).toBe(false);
    expect(canConnect("data", "internet", 443)).toBe(false);
    expect(canConnect("data", "application", 8080)).toBe(false);
    expect(canConnect("internet", "public", 22)).toBe(false);
    expect(canConnect("application", "data", 22)).toBe(false);
  });

  it("let clients and tasks learn that a packet is too large for the path", () => {
    const rules = region.all("aws_network_acl_rule").filter(({ protocol }) => protocol === "icmp");
    expect(rules.map((rule) => [target(rule["network_acl_id"]), rule["egress"]]).sort()).toEqual(
      ["application", "public"].flatMap((tier) => [false, true].map((egress) => [`aws_network_acl.network_acl_${tier}_acl`, egress])),
    );
    // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html#path_mtu_discovery
    for (const rule of rules) expect(rule).toMatchObject({ icmp_type: 3, icmp_code: 4, rule_action: "allow" });
  });

  it("allow the data tier to exchange packets with the application tier only, in either direction", () => {
    const rules = region.all("aws_network_acl_rule").filter((rule) => target(rule["network_acl_id"]).includes("_data_"));
    expect(rules.map((rule) => [rule["egress"], rule["cidr_block"]]).sort()).toEqual([
      [false, tierOf.application],
      [true, tierOf.application],
    ]);
  });

  it("allow tasks to reach the cache, and the data tier to reach itself, if there is a cache or a proxy", () => {
    const cached = oneRegion({ sessions: "redis" });
    expect(canConnect("application", "data", 6379, cached)).toBe(true);
    expect(canConnect("data", "data", 16379, cached)).toBe(true);
    expect(canConnect("public", "data", 6379, cached)).toBe(false);
    expect(canConnect("application", "data", 6379)).toBe(false);
    expect(canConnect("data", "data", 5432)).toBe(false);
    const mysql = regionStack(MYSQL);
    expect(canConnect("application", "data", 3306, mysql)).toBe(true);
    expect(canConnect("application", "data", 5432, mysql)).toBe(false);
    expect(canConnect("data", "data", 3306, mysql)).toBe(true);
  });

  it("are associated with every subnet", () => {
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

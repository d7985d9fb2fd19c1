import { describe, expect, it } from "@jest/globals";
import { oneRegion } from "../support/synthesized";
import { securityGroupRules } from "../support/traffic";

const region = oneRegion();

describe("security groups", () => {
  it("allow exactly: clients to the load balancer, the load balancer to the tasks, the tasks to the database", () => {
    expect(securityGroupRules(region, "ingress")).toEqual([
      "database from service:5432",
      "load-balancer from 0.0.0.0/0:443",
      "load-balancer from 0.0.0.0/0:80",
      "service from load-balancer:8080",
    ]);
  });

  it("allow egress for that and for HTTPS only", () => {
    expect(securityGroupRules(region, "egress")).toEqual([
      "load-balancer to service:8080",
      "service to 0.0.0.0/0:443",
      "service to database:5432",
      "service to network:443",
    ]);
  });

  it("have one port, one protocol and a description in every rule", () => {
    for (const rule of [...region.all("aws_vpc_security_group_ingress_rule"), ...region.all("aws_vpc_security_group_egress_rule")]) {
      expect(rule).toMatchObject({ ip_protocol: "tcp", description: expect.stringMatching(/\w+/) });
      expect(rule["from_port"]).toBe(rule["to_port"]);
    }
  });
});

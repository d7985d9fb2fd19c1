import { describe, expect, it } from "@jest/globals";
import { CLOSED_EGRESS, ZONES } from "../support/config";
import { oneRegion, target } from "../support/synthesized";
import { natGatewayZone } from "../support/traffic";

const region = oneRegion();

describe("the network", () => {
  const subnets = (tier: string) => region.all("aws_subnet").filter((subnet) => (subnet["tags"] as { Tier: string }).Tier === tier);

  it("has a public, an application and a data subnet in each of three zones", () => {
    for (const tier of ["public", "application", "data"]) expect(subnets(tier).map((subnet) => subnet["availability_zone"])).toEqual(ZONES);
    expect(region.all("aws_subnet")).toHaveLength(9);
  });

  it("assigns no public IP address to instances", () => {
    expect(region.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
  });

  it("routes each application subnet to the NAT gateway of its zone", () => {
    expect(region.all("aws_nat_gateway")).toHaveLength(3);
    for (const subnet of subnets("application")) expect(natGatewayZone(region, subnet)).toBe(subnet["availability_zone"]);
  });

  it("has no route from the data subnets out of the VPC", () => {
    for (const subnet of subnets("data")) expect(natGatewayZone(region, subnet)).toBeUndefined();
  });

  it("has one NAT gateway for all zones only if configured", () => {
    const single = oneRegion({ network: { nat: "single" } });
    expect(single.all("aws_nat_gateway")).toHaveLength(1);
    expect(single.all("aws_route").filter((route) => "nat_gateway_id" in route)).toHaveLength(3);
  });

  it("has gateway endpoints for S3 and DynamoDB, for application and data subnets", () => {
    const endpoints = region.all("aws_vpc_endpoint");
    expect(endpoints.map((endpoint) => endpoint["service_name"]).sort()).toEqual([
      "com.amazonaws.us-east-1.dynamodb",
      "com.amazonaws.us-east-1.s3",
    ]);
    for (const endpoint of endpoints) expect(endpoint["route_table_ids"]).toHaveLength(4);
  });

  it("has interface endpoints for the services that a task calls if configured, which allow only the tasks", () => {
    const closed = oneRegion(CLOSED_EGRESS);
    const names = closed
      .all("aws_vpc_endpoint")
      .filter((endpoint) => endpoint["vpc_endpoint_type"] === "Interface")
      .map((endpoint) => String(endpoint["service_name"]).replace("com.amazonaws.us-east-1.", ""));
    expect(names).toEqual(["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm"]);
    const toTheWorld = closed.all("aws_vpc_security_group_egress_rule").filter((rule) => "cidr_ipv4" in rule);
    expect(toTheWorld).toEqual([]);
    const toEndpoints = closed
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => target(rule["security_group_id"]).includes("interface-endpoints"));
    expect(toEndpoints.map((rule) => target(rule["referenced_security_group_id"]))).toEqual([
      "aws_security_group.service_security-group_group",
    ]);
  });

  it("has interface endpoints for the event bus and the validation if tasks, or the validation itself, call them", () => {
    const endpointsOf = (overrides: object): string[] =>
      oneRegion({ ...CLOSED_EGRESS, ...overrides })
        .all("aws_vpc_endpoint")
        .filter((endpoint) => endpoint["vpc_endpoint_type"] === "Interface" && endpoint["private_dns_enabled"] === true)
        .map((endpoint) => String(endpoint["service_name"]).replace("com.amazonaws.us-east-1.", ""));
    expect(endpointsOf({ events: { enabled: true } })).toContain("events");
    expect(endpointsOf({ events: { enabled: true } })).not.toContain("lambda");
    expect(endpointsOf({ validation: { enabled: true } })).toContain("lambda");
    expect(endpointsOf({ validation: { enabled: true } })).not.toContain("events");
    const clientsOf = (validation: object): string[] =>
      oneRegion({ network: { interface_endpoints: true }, events: { enabled: true }, validation: { enabled: true, ...validation } })
        .all("aws_vpc_security_group_ingress_rule")
        .filter((rule) => target(rule["security_group_id"]).includes("interface-endpoints"))
        .map((rule) => target(rule["referenced_security_group_id"]))
        .sort();
    const service = "aws_security_group.service_security-group_group";
    expect(clientsOf({ in_vpc: true })).toEqual([service]);
    // Its name resolves to the endpoint in the whole VPC: a client that the endpoint does not allow cannot send an event.
    expect(clientsOf({ in_vpc: true, on_events: true })).toEqual([service, "aws_security_group.validation-security-group_group"]);
  });

  it("fails a plan with a message if the account does not have one of the zones", () => {
    const lifecycle = region.only("aws_vpc")["lifecycle"] as { precondition: { condition: string; error_message: string }[] };
    expect(lifecycle.precondition.map(({ error_message }) => error_message).slice(0, ZONES.length)).toEqual(
      ZONES.map((zone) => expect.stringContaining(`no Availability Zone ${zone} in us-east-1`)),
    );
    expect(lifecycle.precondition[0]?.condition).toBe('${contains(data.aws_availability_zones.network_zones.names, "us-east-1a")}');
  });

  it("keeps its range and its zones: a plan that changes them fails with a message, and appended zones are accepted", () => {
    const { precondition } = region.only("aws_vpc")["lifecycle"] as { precondition: { condition: string; error_message: string }[] };
    for (const id of ["network_first-range", "network_first-zones"])
      expect(region.resource(`terraform_data.${id}`)).toMatchObject({ lifecycle: { ignore_changes: ["input"] } });
    expect(precondition.slice(ZONES.length)).toEqual([
      {
        condition: '${terraform_data.network_first-range.output.value == "10.0.0.0/16"}',
        error_message: expect.stringContaining("which cannot change"),
      },
      {
        condition: '${startswith("us-east-1a,us-east-1b,us-east-1c,", "${terraform_data.network_first-zones.output.value},")}',
        error_message: expect.stringContaining("cannot be removed, exchanged or put in another order"),
      },
    ]);
  });

  it("logs all traffic, accepted and rejected, encrypted", () => {
    expect(region.only("aws_flow_log")).toMatchObject({
      traffic_type: "ALL",
      log_destination_type: "cloud-watch-logs",
      max_aggregation_interval: 60,
    });
  });

  it("has no rule in the default security group", () => {
    const group = region.only("aws_default_security_group");
    expect(group["ingress"] ?? group["egress"]).toBeUndefined();
  });
});

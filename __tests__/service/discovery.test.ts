import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { oneRegion, regionStack, type Resource } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();

describe("discovery", () => {
  const service = (discovery: string): Resource => oneRegion({ discovery }).resource("aws_ecs_service.service_service");

  it("uses private names of Cloud Map that ECS maintains, with a TTL of ten seconds", () => {
    expect(everything.only("aws_service_discovery_private_dns_namespace")).toMatchObject({ name: "test-1.internal" });
    expect(everything.resource("aws_service_discovery_service.service-ledger_discovery_registry")).toMatchObject({
      name: "ledger",
      dns_config: { routing_policy: "MULTIVALUE", dns_records: [{ ttl: 10, type: "A" }] },
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
    });
    expect(service("dns")["service_registries"]).toEqual({
      registry_arn: "${aws_service_discovery_service.service_discovery_registry.arn}",
    });
    expect(service("dns")).not.toHaveProperty("service_connect_configuration");
  });

  it("uses Service Connect if configured, and never both", () => {
    expect(service("service-connect")["service_connect_configuration"]).toMatchObject({
      enabled: true,
      namespace: "${aws_service_discovery_http_namespace.namespace_http.arn}",
      service: [{ port_name: "http", discovery_name: "payments", client_alias: { dns_name: "payments", port: 8080 } }],
    });
    expect(service("service-connect")).not.toHaveProperty("service_registries");
  });

  describe("with callers", () => {
    const graph = {
      services: { ledger: { called_by: ["payments"], port: 8081 }, risk: { called_by: ["payments", "ledger"] } },
      service_images: { ledger: "registry.bank.test/ledger:1.0.0", risk: "registry.bank.test/risk:1.0.0" },
    };
    const addressOf = (name: string): string => `aws_ecs_service.service${name === "payments" ? "" : `-${name}`}_service`;
    const startsAfter = (discovery: string, caller: string): string[] =>
      (oneRegion({ discovery, ...graph }).resource(addressOf(caller))["depends_on"] as string[]).filter((address) =>
        address.startsWith("aws_ecs_service."),
      );
    const labelsOf = (overrides: object, name: string): unknown => {
      const definition = oneRegion({ ...graph, ...overrides }).resource(
        `aws_ecs_task_definition.service${name === "payments" ? "" : `-${name}`}_task_definition`,
      );
      return /"service-connect-endpoints" = "([^"]*)"/.exec(String(definition["container_definitions"]))?.[1];
    };

    it("starts each service of Service Connect after the services that it calls: a task knows only the endpoints of its start", () => {
      expect(startsAfter("service-connect", "payments")).toEqual([addressOf("ledger"), addressOf("risk")]);
      expect(startsAfter("service-connect", "ledger")).toEqual([addressOf("risk")]);
      expect(startsAfter("service-connect", "risk")).toEqual([]);
    });

    it("replaces the tasks of a caller when an endpoint is added or gets another port", () => {
      const connected = { discovery: "service-connect" };
      expect(labelsOf(connected, "payments")).toBe("ledger:8081 risk:8080");
      expect(labelsOf(connected, "ledger")).toBe("risk:8080");
      expect(labelsOf(connected, "risk")).toBeUndefined();
    });

    it("orders nothing with DNS, whose names are resolved at every call", () => {
      expect(startsAfter("dns", "payments")).toEqual([]);
      expect(labelsOf({ discovery: "dns" }, "payments")).toBeUndefined();
    });
  });

  it("does not exist unless it is configured", () => {
    expect(plain.all().filter(({ resourceType }) => resourceType.startsWith("aws_service_discovery"))).toEqual([]);
    expect(service("none")).not.toHaveProperty("service_registries");
  });
});

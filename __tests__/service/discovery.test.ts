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

  it("does not exist unless it is configured", () => {
    expect(plain.all().filter(({ resourceType }) => resourceType.startsWith("aws_service_discovery"))).toEqual([]);
    expect(service("none")).not.toHaveProperty("service_registries");
  });
});

import { describe, expect, it } from "@jest/globals";
import { ALL_PRESETS } from "../support/preset";
import { target } from "../support/synthesized";
import { defaultRoute, natGatewayZone, securityGroupRules, subnetsOf, taskNetwork, zonesOf } from "../support/traffic";

describe.each(ALL_PRESETS)("the network of %s", (_, preset) => {
  it("has a public, an application and a data subnet in each of three zones", () => {
    for (const { stack, zones } of preset.regions) {
      for (const tier of ["public", "application", "data"])
        expect(subnetsOf(stack, tier).map((subnet) => subnet["availability_zone"])).toEqual(zones);
      expect(stack.all("aws_subnet")).toHaveLength(9);
      for (const subnet of stack.all("aws_subnet")) expect(target(subnet["vpc_id"])).toBe(stack.only("aws_vpc").address);
    }
  });

  it("routes only public subnets to the internet gateway, and gives no instance a public address", () => {
    for (const { stack } of preset.regions) {
      const gateway = stack.only("aws_internet_gateway").address;
      for (const subnet of subnetsOf(stack, "public")) expect(defaultRoute(stack, subnet)).toBe(gateway);
      for (const tier of ["application", "data"])
        for (const subnet of subnetsOf(stack, tier)) expect(defaultRoute(stack, subnet)).not.toBe(gateway);
      expect(stack.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] !== false)).toEqual([]);
      expect(taskNetwork(stack).assign_public_ip).toBe(false);
      for (const instance of stack.all("aws_rds_cluster_instance")) expect(instance).toMatchObject({ publicly_accessible: false });
    }
  });

  it("routes each application subnet to the NAT gateway of its own zone, and data subnets nowhere", () => {
    for (const { stack, zones } of preset.regions) {
      expect(
        zonesOf(
          stack,
          stack.all("aws_nat_gateway").map((gateway) => gateway["subnet_id"]),
        ),
      ).toEqual(zones);
      for (const subnet of subnetsOf(stack, "application")) expect(natGatewayZone(stack, subnet)).toBe(subnet["availability_zone"]);
      for (const subnet of subnetsOf(stack, "data")) expect(defaultRoute(stack, subnet)).toBeUndefined();
      for (const subnet of stack.all("aws_subnet"))
        expect(stack.all("aws_route_table_association").filter(({ subnet_id: id }) => target(id) === subnet.address)).toHaveLength(1);
    }
  });

  it("allows traffic from clients to the load balancer, from it to the tasks, from them to the data stores, and no other", () => {
    for (const { stack } of preset.regions) {
      const port = stack.only("aws_rds_cluster")["engine"] === "aurora-mysql" ? 3306 : 5432;
      const cached = stack.all("aws_elasticache_replication_group").length > 0;
      expect(securityGroupRules(stack, "ingress")).toEqual([
        ...(cached ? ["cache from service:6379"] : []),
        `database from service:${port}`,
        "load-balancer from 0.0.0.0/0:443",
        "load-balancer from 0.0.0.0/0:80",
        "service from load-balancer:8080",
      ]);
      // One rule for each of the gateway endpoints that are used: S3, DynamoDB.
      expect([...new Set(securityGroupRules(stack, "egress"))]).toEqual([
        "load-balancer to service:8080",
        "service to 0.0.0.0/0:443",
        ...(cached ? ["service to cache:6379"] : []),
        `service to database:${port}`,
        "service to network:443",
      ]);
      const rules = [...stack.all("aws_vpc_security_group_ingress_rule"), ...stack.all("aws_vpc_security_group_egress_rule")];
      for (const rule of rules) {
        expect(rule).toMatchObject({ ip_protocol: "tcp" });
        expect(rule["from_port"]).toBe(rule["to_port"]);
      }
      const inline = stack.all("aws_security_group").filter((group) => "ingress" in group || "egress" in group);
      expect([...inline, ...stack.all("aws_security_group_rule")]).toEqual([]);
    }
  });
});

describe.each(ALL_PRESETS)("DNS of %s", (_, preset) => {
  it("has its records in the configured hosted zone, and the plan fails if the zone's id belongs to another name", () => {
    for (const stack of preset.stacks.values()) {
      const { zone_zone: zone } = (stack.json["data"] as { readonly aws_route53_zone: { readonly zone_zone: object } }).aws_route53_zone;
      expect(zone).toMatchObject({ zone_id: "Z0123456789EXAMPLE", private_zone: false });
      expect(JSON.stringify(zone)).toContain('trimsuffix(self.name, \\".\\") == \\"standfast.test\\"');
      expect(JSON.stringify(zone)).toContain("is not the id of the zone standfast.test");
    }
    const records = preset.all("aws_route53_record");
    expect(records.length).toBeGreaterThan(2);
    for (const record of records) expect(record["zone_id"]).toBe("${data.aws_route53_zone.zone_zone.zone_id}");
  });

  it("routes the public name to the load balancers by CNAME records with a TTL of 30 seconds", () => {
    const records = preset.failover.all("aws_route53_record");
    expect(records.map(({ records: values }) => values)).toEqual(preset.regions.map(({ name }) => [`${name}.pay.standfast.test`]));
    for (const record of records) expect(record).toMatchObject({ name: "pay.standfast.test", type: "CNAME", ttl: 30 });
    for (const { name, stack } of preset.regions) {
      const [record] = stack.all("aws_route53_record").filter(({ alias }) => alias !== undefined);
      expect(record).toMatchObject({
        name: `${name}.pay.standfast.test`,
        alias: { name: `\${${stack.only("aws_lb").address}.dns_name}`, evaluate_target_health: true },
      });
    }
  });

  it("checks the health of each region every 10 seconds over HTTPS, and goes to ALARM after two failures", () => {
    const checks = preset.failover.all("aws_route53_health_check").filter(({ resource_path: path }) => path === "/health");
    expect(checks.map(({ fqdn }) => fqdn)).toEqual(preset.regions.map(({ name }) => `${name}.pay.standfast.test`));
    for (const check of checks)
      expect(check).toMatchObject({
        type: "HTTPS",
        port: 443,
        enable_sni: true,
        resource_path: "/health",
        request_interval: 10,
        failure_threshold: 2,
      });
    expect(preset.failover.all("aws_cloudwatch_metric_alarm")).toMatchObject(
      [...checks]
        .sort((one, other) => String(one["fqdn"]).localeCompare(String(other["fqdn"])))
        .map(({ address }) => ({
          metric_name: "HealthCheckStatus",
          dimensions: { HealthCheckId: `\${${address}.id}` },
          comparison_operator: "LessThanThreshold",
          threshold: 1,
          period: 60,
          treat_missing_data: "breaching",
        })),
    );
  });
});

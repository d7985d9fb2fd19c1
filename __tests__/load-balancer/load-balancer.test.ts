import { describe, expect, it } from "@jest/globals";
import { ZONES } from "../support/config";
import { services, statements } from "../support/policies";
import { oneRegion, target } from "../support/synthesized";

const region = oneRegion();

describe("the load balancer", () => {
  it("is in three public subnets, drops invalid headers, and supports zonal shift", () => {
    const balancer = region.only("aws_lb");
    expect((balancer["subnets"] as string[]).map(target)).toEqual(ZONES.map((zone) => `aws_subnet.network_public_${zone}`));
    expect(balancer).toMatchObject({
      internal: false,
      drop_invalid_header_fields: true,
      enable_zonal_shift: true,
      client_keep_alive: 60,
      enable_deletion_protection: false,
      access_logs: { enabled: true },
    });
  });

  it("is created after the internet gateway: ELB rejects a load balancer in a VPC without one", () => {
    expect(region.only("aws_lb")["depends_on"]).toContain("aws_internet_gateway.network_internet-gateway");
  });

  it("has a rule for each range of clients at an address of its own: another order or another range replaces none", () => {
    const clients = (...allowed_cidrs: string[]) =>
      oneRegion({ load_balancer: { allowed_cidrs } })
        .all("aws_vpc_security_group_ingress_rule")
        .filter(({ address }) => address.includes("from-clients"))
        .map(({ address, cidr_ipv4: cidr }) => [address, cidr]);
    const [one, two, three] = ["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"] as const;
    expect(clients(three, two, one)).toEqual(expect.arrayContaining(clients(one, two)));
  });

  it("listens on HTTPS with a post-quantum policy, and redirects HTTP", () => {
    const [http, https] = region.all("aws_lb_listener");
    expect(http).toMatchObject({
      port: 80,
      default_action: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } }],
    });
    expect(https).toMatchObject({ port: 443, protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" });
  });

  it("uses TLS to the tasks if they have a certificate", () => {
    const groupOf = (overrides: Record<string, unknown>) => oneRegion(overrides).only("aws_lb_target_group");
    expect(groupOf({})).toMatchObject({ name: "tg-8080-test-1", protocol: "HTTP", health_check: { protocol: "HTTP" } });
    // Another name, so that the new group can be created before the old one is deleted.
    expect(groupOf({ service: { protocol: "HTTPS", health_check_command: ["CMD", "true"] } })).toMatchObject({
      name: "tg-8080-https-test-1",
      protocol: "HTTPS",
      health_check: { protocol: "HTTPS" },
    });
  });

  it("checks the health of tasks every 5 seconds, and gives open requests 30 seconds to finish", () => {
    expect(region.only("aws_lb_target_group")).toMatchObject({
      target_type: "ip",
      deregistration_delay: "30",
      health_check: { interval: 5, timeout: 3, healthy_threshold: 2, unhealthy_threshold: 2, path: "/health", matcher: "200" },
    });
  });

  it("validates its certificate in the hosted zone, or uses an existing one", () => {
    expect(region.only("aws_acm_certificate")).toMatchObject({
      domain_name: "us-east-1.pay.standfast.test",
      subject_alternative_names: ["pay.standfast.test"],
      validation_method: "DNS",
    });
    const arn = "arn:aws:acm:us-east-1:123456789012:certificate/1234";
    const existing = oneRegion({
      regions: [{ name: "us-east-1", availability_zones: ZONES, vpc_cidr: "10.0.0.0/16", certificate_arn: arn }],
    });
    expect(existing.all("aws_acm_certificate")).toEqual([]);
    expect(existing.all("aws_lb_listener")[1]).toMatchObject({ certificate_arn: arn });
  });

  it("has a bucket for its access logs that load balancers of this account may write to, and that is not public", () => {
    const [write] = statements(region).filter((statement) =>
      services(statement).includes("logdelivery.elasticloadbalancing.amazonaws.com"),
    );
    expect(write).toMatchObject({
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::bucket-access-logs-test-1-123456789012-us-east-1/AWSLogs/123456789012/*",
    });
    expect(region.resource("aws_s3_bucket_public_access_block.access-logs_public-access")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });
});

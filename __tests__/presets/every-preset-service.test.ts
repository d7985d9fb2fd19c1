import { describe, expect, it } from "@jest/globals";
import { ALL_PRESETS } from "../support/preset";
import { containers, local, parameterArn, type Resource, target } from "../support/synthesized";
import { subnetsOf, taskNetwork, zonesOf } from "../support/traffic";

const addresses = (resources: readonly Resource[]): string[] => resources.map(({ address }) => address);

describe.each(ALL_PRESETS)("the service of %s", (_, preset) => {
  it("runs on Fargate in the application subnets of three zones, and spreads its tasks over them again after a zone was lost", () => {
    for (const { stack, zones } of preset.regions) {
      const service = stack.only("aws_ecs_service");
      const task = stack.only("aws_ecs_task_definition");
      expect(task).toMatchObject({ requires_compatibilities: ["FARGATE"], network_mode: "awsvpc" });
      expect(service).toMatchObject({
        cluster: `\${${stack.only("aws_ecs_cluster").address}.arn}`,
        capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
        // Moving a task to another zone means starting one more first.
        availability_zone_rebalancing: "ENABLED",
        deployment_maximum_percent: 200,
      });
      expect(service["capacity_provider_strategy"]).toHaveLength(1);
      expect(target(service["task_definition"])).toBe(task.address);
      expect(taskNetwork(stack).subnets.map(target)).toEqual(addresses(subnetsOf(stack, "application")));
      expect(zonesOf(stack, taskNetwork(stack).subnets)).toEqual(zones);
    }
  });

  it("keeps all of its tasks during a deployment, and rolls back a deployment that does not become healthy", () => {
    for (const { stack } of preset.regions)
      expect(stack.only("aws_ecs_service")).toMatchObject({
        deployment_minimum_healthy_percent: 100,
        deployment_maximum_percent: 200,
        deployment_circuit_breaker: { enable: true, rollback: true },
      });
  });

  it("replaces a task that fails the health check of the load balancer or of its container", () => {
    for (const { stack } of preset.regions) {
      expect(stack.only("aws_ecs_service")).toMatchObject({
        load_balancer: [{ target_group_arn: `\${${stack.only("aws_lb_target_group").address}.arn}` }],
        health_check_grace_period_seconds: 60,
      });
      expect(containers(stack)).toContain(
        '"healthCheck" = {"command" = local.service_task_health-check-command, "interval" = 10, "timeout" = 5, "retries" = 7, "startPeriod" = 30}',
      );
      expect(local(stack, "service_task_health-check-command")).toBe(
        '${["CMD-SHELL","wget -q -O /dev/null http://127.0.0.1:8080/health/live || exit 1"]}',
      );
      expect(containers(stack)).toContain('"essential" = true');
    }
  });

  it("reads the writer's address from an endpoint that follows a failover: the cluster's, or with several regions the global database's", () => {
    for (const { name, stack } of preset.regions) {
      const own = stack.all("aws_ssm_parameter").filter(({ address }) => address.endsWith("writer-endpoint"));
      const isAlone = preset.regions.length === 1;
      expect(own.map(({ value }) => value)).toEqual(isAlone ? ["${aws_rds_cluster.aurora.endpoint}"] : []);
      const arn = parameterArn(isAlone ? "database/writer-endpoint" : "database/global-writer-endpoint", name);
      expect(containers(stack)).toContain(`"name" = "DATABASE_WRITER_HOST", "valueFrom" = ${arn}`);
    }
  });
});

describe.each(ALL_PRESETS)("the load balancer of %s", (_, preset) => {
  it("is in the public subnets of three zones, and one target group receives requests for the tasks of all zones", () => {
    for (const { stack, zones } of preset.regions) {
      const balancer = stack.only("aws_lb");
      expect(balancer).toMatchObject({ load_balancer_type: "application", internal: false, enable_zonal_shift: true });
      expect((balancer["subnets"] as string[]).map(target)).toEqual(addresses(subnetsOf(stack, "public")));
      expect(zonesOf(stack, balancer["subnets"])).toEqual(zones);
      const group = stack.only("aws_lb_target_group");
      const https = stack.all("aws_lb_listener").find(({ port }) => port === 443);
      expect(https?.["default_action"]).toEqual([{ type: "forward", target_group_arn: `\${${group.address}.arn}` }]);
      expect(stack.only("aws_ecs_service")["load_balancer"]).toMatchObject([
        { target_group_arn: `\${${group.address}.arn}`, container_port: group["port"] },
      ]);
      expect(group).toMatchObject({ target_type: "ip" });
      // An application load balancer balances across zones unless a target group disables it.
      expect(group["load_balancing_cross_zone_enabled"]).toBe("use_load_balancer_configuration");
    }
  });

  it("checks the health of every target every 5 seconds, and stops routing to it after two failed checks", () => {
    for (const { stack } of preset.regions)
      expect(stack.only("aws_lb_target_group")["health_check"]).toMatchObject({
        enabled: true,
        path: "/health",
        matcher: "200",
        interval: 5,
        timeout: 3,
        unhealthy_threshold: 2,
        healthy_threshold: 2,
      });
  });

  it("gives open requests 30 seconds to finish, and a stopped task more time than that", () => {
    for (const { stack } of preset.regions) {
      expect(stack.only("aws_lb_target_group")).toMatchObject({ deregistration_delay: "30" });
      expect(Number(/"stopTimeout" = (\d+)/.exec(containers(stack))?.[1])).toBeGreaterThan(30);
    }
  });

  it("terminates TLS with the region's validated certificate, and redirects HTTP to HTTPS", () => {
    for (const { stack } of preset.regions) {
      const listeners = new Map(stack.all("aws_lb_listener").map((listener) => [listener["port"], listener]));
      expect([...listeners.keys()]).toEqual([80, 443]);
      expect(listeners.get(80)?.["default_action"]).toEqual([
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
      ]);
      expect(listeners.get(443)).toMatchObject({ protocol: "HTTPS", ssl_policy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2-/) });
      expect(target(listeners.get(443)?.["certificate_arn"])).toBe(stack.only("aws_acm_certificate_validation").address);
    }
  });
});

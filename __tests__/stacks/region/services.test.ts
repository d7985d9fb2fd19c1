import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../../support/config";
import { permissionsOf } from "../../support/policies";
import { local, oneRegion, regionStack } from "../../support/synthesized";
import { clientsOf } from "../../support/traffic";

const everything = regionStack(EVERYTHING);

describe("additional services", () => {
  const group = (service: string): string => `aws_security_group.${service}_security-group_group`;

  it("accept requests of the configured services, and of the load balancer if they have a path", () => {
    expect(clientsOf(everything, group("service-ledger"))).toEqual([
      "aws_security_group.load-balancer_security-group_group",
      group("service"),
    ]);
    expect(clientsOf(everything, group("service-risk"))).toEqual([group("service-ledger")]);
    expect(clientsOf(everything, group("service"))).toEqual(["aws_security_group.load-balancer_security-group_group"]);
  });

  it("have access to the configured data stores and to no others", () => {
    expect(clientsOf(everything, group("database"))).toEqual([group("service-ledger"), group("service")]);
    expect(clientsOf(everything, group("cache"))).toEqual([group("service")]);
    expect(permissionsOf(everything, "service-risk_task-role").filter((allowed) => !/^(ssm|kms):/.test(allowed))).toEqual([]);
    expect(
      permissionsOf(everything, "service-ledger_execution-role").some((allowed) => allowed.startsWith("secretsmanager:GetSecretValue")),
    ).toBe(true);
    expect(permissionsOf(everything, "service-risk_execution-role").some((allowed) => allowed.startsWith("secretsmanager:"))).toBe(false);
    expect(String(everything.resource("aws_ecs_task_definition.service-risk_task_definition")["container_definitions"])).not.toContain(
      "DATABASE",
    );
  });

  it("have their own target group, listener rule, alarms, events and scaling", () => {
    expect(everything.resource("aws_lb_listener_rule.load-balancer_to-ledger")).toMatchObject({
      condition: [{ path_pattern: { values: ["/ledger", "/ledger/*"] } }],
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.load-balancer_targets-ledger_group-8081.arn}" }],
    });
    expect(everything.resource("aws_lb_target_group.load-balancer_targets-ledger_group-8081")).toMatchObject({
      name: "tg-ledger-8081-test-1",
      port: 8081,
    });
    const named = (type: string, attribute: string): string[] => everything.all(type).map((resource) => String(resource[attribute]));
    expect(named("aws_cloudwatch_metric_alarm", "alarm_name")).toEqual(
      expect.arrayContaining([
        "alarm-ledger-running-tasks-low-test-1",
        "alarm-ledger-latency-high-test-1",
        "alarm-risk-running-tasks-low-test-1",
      ]),
    );
    expect(named("aws_cloudwatch_event_rule", "name")).toEqual(
      expect.arrayContaining(["rule-ledger-task-stopped-test-1", "rule-risk-deployment-failed-test-1"]),
    );
    expect(everything.resource("aws_appautoscaling_target.service-ledger_scaling_target")).toMatchObject({
      min_capacity: 6,
      max_capacity: 9,
    });
    expect(everything.all("aws_lb_listener_rule").map(({ address }) => address)).not.toContain(
      "aws_lb_listener_rule.load-balancer_to-risk",
    );
  });

  it("have a health check on their own port", () => {
    expect(local(everything, "service-ledger_task_health-check-command")).toContain("http://127.0.0.1:8081/health/live");
  });

  it("keep the priorities of their rules when another service is added or removed", () => {
    const priority = (services: object): unknown =>
      oneRegion({
        services,
        service_images: Object.fromEntries(Object.keys(services).map((name) => [name, "registry.bank.test/x:1"])),
      }).resource("aws_lb_listener_rule.load-balancer_to-ledger")["priority"];
    const alone = priority({ ledger: { paths: ["/ledger"] } });
    expect(priority({ accounts: { paths: ["/accounts"] }, ledger: { paths: ["/ledger"] } })).toBe(alone);
    expect(Number(alone)).toBeGreaterThanOrEqual(1);
    expect(Number(alone)).toBeLessThanOrEqual(50_000);
  });

  it("get their image from a variable that a release changes", () => {
    expect(String(everything.resource("aws_ecs_task_definition.service-ledger_task_definition")["container_definitions"])).toContain(
      "var.service_images.ledger",
    );
    const { service_images: images } = everything.json["variable"] as { service_images: { validation: { condition: string }[] } };
    expect(images.validation[0]?.condition).toContain('"[\\"ledger\\",\\"risk\\"]"');
  });
});

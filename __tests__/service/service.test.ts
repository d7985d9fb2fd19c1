import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, ZONES } from "../support/config";
import { statements } from "../support/policies";
import { oneRegion, parameterArn, regionStack, target } from "../support/synthesized";

const region = oneRegion();

describe("the service", () => {
  const service = region.only("aws_ecs_service");

  it("has exactly six tasks: desired, minimum and maximum", () => {
    expect(service).toMatchObject({ desired_count: 6 });
    expect(service["lifecycle"]).not.toHaveProperty("ignore_changes");
    expect(region.only("aws_appautoscaling_target")).toMatchObject({
      min_capacity: 6,
      max_capacity: 6,
      resource_id: "service/ecs-test-1/service-test-1",
      scalable_dimension: "ecs:service:DesiredCount",
    });
  });

  it("spreads them over three zones, and again after a zone was lost", () => {
    const network = service["network_configuration"] as { subnets: string[]; assign_public_ip: boolean };
    expect(network.subnets.map(target)).toEqual(ZONES.map((zone) => `aws_subnet.network_application_${zone}`));
    expect(network.assign_public_ip).toBe(false);
    expect(service).toMatchObject({ availability_zone_rebalancing: "ENABLED" });
  });

  it("keeps all of its tasks during a deployment, and rolls back a deployment that does not become healthy", () => {
    expect(service).toMatchObject({
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      health_check_grace_period_seconds: 60,
    });
  });

  it("and every other service fail the apply of a deployment that was rolled back, and name the revision that runs", () => {
    const all = regionStack(EVERYTHING).all("aws_ecs_service");
    expect(all.length).toBeGreaterThan(2);
    for (const { name, task_definition: definition, lifecycle } of all) {
      const [condition] = (lifecycle as { postcondition: { condition: string; error_message: string }[] }).postcondition;
      expect(condition?.condition).toBe(`\${self.task_definition == ${String(definition).slice(2, -1)}}`);
      expect(condition?.error_message).toContain(
        `The deployment of ${String(name)} failed, and ECS rolled it back: the service runs \${self.task_definition}`,
      );
    }
  });

  it("stops a deployment, its own and that of every other service with requests, when its answers are errors or slow", () => {
    const stack = regionStack(EVERYTHING);
    const routed = stack.all("aws_ecs_service").filter((each) => each["load_balancer"]);
    expect(routed.length).toBeGreaterThan(1);
    for (const { name, alarms, depends_on: dependencies } of routed) {
      const { alarm_names: names, ...settings } = alarms as { alarm_names: string[] };
      expect(settings).toEqual({ enable: true, rollback: true });
      const own = String(name) === "service-test-1" ? "" : `${String(name).slice("service-".length, -"-test-1".length)}-`;
      expect(names).toEqual([`alarm-${own}latency-critical-test-1`, `alarm-${own}target-5xx-test-1`]);
      // ECS must find them at its first deployment.
      const existing = stack.all("aws_cloudwatch_metric_alarm").filter((alarm) => names.includes(String(alarm["alarm_name"])));
      expect(dependencies).toEqual(expect.arrayContaining(existing.map(({ address }) => address)));
      expect(existing).toHaveLength(2);
    }
    const others = stack.all("aws_ecs_service").filter((each) => !each["load_balancer"]);
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).not.toHaveProperty("alarms");
  });

  it("runs without root, without a writable root filesystem and without a shell from outside", () => {
    const definition = String(region.only("aws_ecs_task_definition")["container_definitions"]);
    for (const part of ['"user" = "1000:1000"', '"readonlyRootFilesystem" = true', '"stopTimeout" = 60', '"image" = var.container_image'])
      expect(definition).toContain(part);
    expect(service).toMatchObject({ enable_execute_command: false });
  });

  it("gets the addresses of the database from Parameter Store and its credentials from Secrets Manager, never as plain values", () => {
    const definition = String(region.only("aws_ecs_task_definition")["container_definitions"]);
    expect(definition).toContain(`"name" = "DATABASE_WRITER_HOST", "valueFrom" = ${parameterArn("database/writer-endpoint")}`);
    expect(definition).toContain(
      '"name" = "DATABASE_PASSWORD", "valueFrom" = "${data.aws_secretsmanager_secret.database_master-secret.arn}:password::"',
    );
  });

  it("can read its own parameters and one secret at start, and its program only its parameters", () => {
    const execution = statements(region).filter(({ address }) => address.includes("execution-role_permissions"));
    expect(execution.find(({ Sid }) => Sid === "ReadOwnParameters")?.Resource).toEqual([
      "arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1",
      "arn:aws:ssm:us-east-1:123456789012:parameter/standfast/test-1/us-east-1/*",
    ]);
    expect(execution.find(({ Sid }) => Sid === "ReadDatabaseCredentials")?.Resource).toBe(
      "${data.aws_secretsmanager_secret.database_master-secret.arn}",
    );
    const program = statements(region).filter(({ address }) => address.includes("task-role_permissions"));
    expect(program.map(({ Sid }) => Sid)).toEqual(["ReadOwnParameters", "DecryptOwnParameters"]);
  });
});

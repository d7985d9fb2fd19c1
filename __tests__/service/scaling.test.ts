import { describe, expect, it } from "@jest/globals";
import { EVERY_STORE, EVERYTHING, twoRegions } from "../support/config";
import { oneRegion, regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
/** Has a single service, whose tasks follow the load. */
const scaled = regionStack(EVERY_STORE);
const plain = oneRegion();

describe("a number of tasks that follows the load", () => {
  it("is set by Terraform at creation, and then by the load", () => {
    expect(scaled.only("aws_ecs_service")).toMatchObject({ desired_count: 6, lifecycle: { ignore_changes: ["desired_count"] } });
    expect(plain.only("aws_ecs_service")).not.toHaveProperty("lifecycle.ignore_changes");
    const policies = scaled
      .all("aws_appautoscaling_policy")
      .filter(({ service_namespace: service }) => String(service).includes("service_scaling_target"));
    expect(policies).toHaveLength(2);
    for (const policy of policies)
      expect(policy["target_tracking_scaling_policy_configuration"]).toMatchObject({ scale_out_cooldown: 60, scale_in_cooldown: 300 });
    expect(plain.all("aws_appautoscaling_policy")).toEqual([]);
  });
});

describe("capacity", () => {
  it("is on demand unless Spot is configured; then a base stays on demand, and a change of it causes no interruption", () => {
    expect(plain.only("aws_ecs_service")).toMatchObject({
      capacity_provider_strategy: [{ capacity_provider: "FARGATE", weight: 1 }],
      force_new_deployment: true,
    });
    expect(everything.resource("aws_ecs_service.service_service")["capacity_provider_strategy"]).toEqual([
      { capacity_provider: "FARGATE", base: 6, weight: 0 },
      { capacity_provider: "FARGATE_SPOT", weight: 1 },
    ]);
  });

  it("follows CPU, memory and requests, and has other ranges from scheduled times", () => {
    const policies = everything
      .all("aws_appautoscaling_policy")
      .filter(({ address }) => address.includes(".service_scaling_"))
      .map((policy) => policy["target_tracking_scaling_policy_configuration"] as Record<string, unknown>);
    expect(policies).toMatchObject([
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" }, target_value: 60 },
      { predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" }, target_value: 70 },
      {
        predefined_metric_specification: {
          predefined_metric_type: "ALBRequestCountPerTarget",
          resource_label: "${aws_lb.load-balancer_alb.arn_suffix}/${aws_lb_target_group.load-balancer_targets_group-8080.arn_suffix}",
        },
        target_value: 1000,
      },
    ]);
    expect(everything.only("aws_appautoscaling_scheduled_action")).toMatchObject({
      schedule: "cron(0 7 ? * MON-FRI *)",
      timezone: "UTC",
      scalable_target_action: { min_capacity: "9", max_capacity: "12" },
    });
    // A schedule changes the range, and an apply leaves it so.
    expect(everything.resource("aws_appautoscaling_target.service_scaling_target")["lifecycle"]).toEqual({
      ignore_changes: ["min_capacity", "max_capacity"],
    });
    expect(plain.only("aws_appautoscaling_target")).not.toHaveProperty("lifecycle");
  });

  it("is nine tasks instead of six with static stability, so that six are left when a zone is lost", () => {
    const stable = oneRegion({ service: { static_stability: true } });
    expect(stable.only("aws_ecs_service")).toMatchObject({ desired_count: 9 });
    expect(stable.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: 9, max_capacity: 9 });
  });
});

describe("the service of a standby region", () => {
  it("scales with the load in a warm standby, if it is configured to", () => {
    const targetOf = (tasks: unknown) => regionStack({ service: { tasks }, ...twoRegions("warm") }, 1).only("aws_appautoscaling_target");
    expect(targetOf({ min: 10, max: 50 })).toMatchObject({ min_capacity: 3, max_capacity: 50 });
    expect(targetOf(6)).toMatchObject({ min_capacity: 3, max_capacity: 3 });
  });

  it.each(["warm", "pilot-light"])("keeps the number of tasks of a takeover as a %s standby when Terraform is applied", (kind) => {
    const stack = regionStack(twoRegions(kind), 1);
    expect(stack.only("aws_appautoscaling_target")["lifecycle"]).toEqual({ ignore_changes: ["min_capacity", "max_capacity"] });
    expect(stack.only("aws_ecs_service")["lifecycle"]).toMatchObject({ ignore_changes: ["desired_count"] });
    const hot = regionStack(twoRegions("hot"), 1);
    expect(hot.only("aws_appautoscaling_target")["lifecycle"]).toBeUndefined();
    expect(hot.only("aws_ecs_service")["lifecycle"]).not.toHaveProperty("ignore_changes");
  });

  it("has no scheduled scaling in a warm standby", () => {
    const schedule = [{ name: "opening", at: "cron(0 7 * * ? *)", min: 12, max: 50 }];
    const steps = (kind: string) =>
      regionStack({ service: { tasks: { min: 6, max: 50 }, scaling: { schedule } }, ...twoRegions(kind) }, 1).all(
        "aws_appautoscaling_scheduled_action",
      );
    expect(steps("warm")).toEqual([]);
    expect(steps("hot")).toHaveLength(1);
  });
});

import { describe, expect, it } from "@jest/globals";
import { OPERATIONS, ONE_REGION, twoRegions } from "../support/config";
import { evaluate } from "../support/evaluate-terraform";
import { describeInvalidConfigs } from "../support/invalid-configs";
import { oneRegion, regionStack, type Synthesized } from "../support/synthesized";

const IN_STEPS = { release_in_steps: true };
const CANDIDATE = "registry.bank.test/payments:1.5.0";

/** What Terraform makes of expressions with a candidate. */
async function withCandidate(stack: Synthesized, candidate: object, expressions: Readonly<Record<string, unknown>>) {
  const variable = structuredClone(stack.json["variable"]) as Record<string, object>;
  variable["candidate_release"] = { ...variable["candidate_release"], default: candidate };
  return await evaluate(variable, expressions, stack.json["locals"]);
}

const rule = (stack: Synthesized) => stack.resource("aws_lb_listener_rule.load-balancer_to-candidate");
const expressionsOf = (stack: Synthesized) => {
  const action = (rule(stack)["action"] as { forward: { target_group: { weight: unknown }[] } }[])[0];
  return {
    rules: rule(stack)["count"],
    primary: action?.forward.target_group[0]?.weight,
    candidate: action?.forward.target_group[1]?.weight,
    tasks: stack.resource("aws_ecs_service.service-candidate_service")["desired_count"],
    containers: stack.resource("aws_ecs_task_definition.service-candidate_task_definition")["container_definitions"],
  };
};
const imageIn = (containers: unknown): string => (JSON.parse(String(containers)) as { image: string }[])[0]?.image ?? "";

describe("a release in steps", () => {
  const stack = oneRegion({ ...ONE_REGION, ...IN_STEPS });

  it("has no task and no rule without a candidate", async () => {
    const { rules, tasks } = await withCandidate(stack, { image: "", percent: 0 }, expressionsOf(stack));
    expect({ rules, tasks }).toEqual({ rules: 0, tasks: 0 });
  });

  it("starts as many tasks of the candidate as the primary service has, which receive no request yet", async () => {
    const { rules, tasks, containers } = await withCandidate(stack, { image: CANDIDATE, percent: 0 }, expressionsOf(stack));
    expect({ rules, tasks, image: imageIn(containers) }).toEqual({ rules: 0, tasks: 6, image: CANDIDATE });
  });

  it("routes a share of the requests that no other service receives, after the tasks are stable", async () => {
    const { rules, primary, candidate } = await withCandidate(stack, { image: CANDIDATE, percent: 10 }, expressionsOf(stack));
    expect({ rules, primary, candidate }).toEqual({ rules: 1, primary: 90, candidate: 10 });
    expect(rule(stack)).toMatchObject({
      priority: 50_000,
      condition: [{ path_pattern: { values: ["/*"] } }],
      depends_on: ["aws_ecs_service.service-candidate_service"],
    });
  });

  it("has a target group that the listener refers to before the service is created, without a share", () => {
    const listener = stack.resource("aws_lb_listener.load-balancer_https");
    expect(listener["default_action"]).toMatchObject([{ type: "forward", forward: { target_group: [{ weight: 100 }, { weight: 0 }] } }]);
    expect(stack.resource("aws_ecs_service.service-candidate_service")["depends_on"]).toContain("aws_lb_listener.load-balancer_https");
  });

  it("observes the candidate by alarms of its own, which roll back its deployment", () => {
    const { alarms } = stack.resource("aws_ecs_service.service-candidate_service") as unknown as { alarms: { alarm_names: string[] } };
    expect(alarms.alarm_names).toEqual(["alarm-candidate-latency-critical-test-1", "alarm-candidate-target-5xx-test-1"]);
  });

  it("pulls the candidate from the registry of the region, and has its image in both", async () => {
    const own = "123456789012.dkr.ecr.us-east-1.amazonaws.com/payments:1.5.0";
    const standby = regionStack({ ...twoRegions("hot"), ...IN_STEPS }, 1);
    const { containers } = await withCandidate(standby, { image: own, percent: 0 }, expressionsOf(standby));
    expect(imageIn(containers)).toBe("123456789012.dkr.ecr.us-west-2.amazonaws.com/payments:1.5.0");
  });

  it("is not scaled by anything but the release", () => {
    const targets = stack.all("aws_appautoscaling_target").map(({ resource_id: id }) => id);
    expect(targets).toEqual(["service/ecs-test-1/service-test-1"]);
  });

  it("has enough tasks for every share: the most that the primary service may have", async () => {
    const elastic = oneRegion({ ...ONE_REGION, ...IN_STEPS, service: { tasks: { min: 10, max: 50 } } });
    const { tasks } = await withCandidate(elastic, { image: CANDIDATE, percent: 0 }, expressionsOf(elastic));
    expect(tasks).toBe(50);
  });

  it("follows the database to another cluster: a rewind replaces its tasks as well", () => {
    const [rewind] = stack.all("aws_sfn_state_machine").filter(({ address }) => address.includes("rewind"));
    expect(String(rewind?.["definition"])).toContain("service-candidate-test-1");
  });

  it("calls what the primary service calls", () => {
    const operations = oneRegion({ ...OPERATIONS, ...IN_STEPS });
    const rules = operations.all("aws_vpc_security_group_ingress_rule").map(({ address }) => address);
    expect(rules).toContain("aws_vpc_security_group_ingress_rule.service-ledger_security-group_from-service-candidate-8081");
  });

  it("receives nothing in a pilot light, which runs no task of it: after a takeover, the primary service serves all", () => {
    const pilot = regionStack({ ...twoRegions("pilot-light"), ...IN_STEPS }, 1);
    expect(pilot.all("aws_lb_listener_rule").filter(({ address }) => address.includes("to-candidate"))).toEqual([]);
    const warm = regionStack({ ...twoRegions("warm"), ...IN_STEPS }, 1);
    expect(warm.all("aws_lb_listener_rule").filter(({ address }) => address.includes("to-candidate"))).toHaveLength(1);
    // Its tasks are started and stopped by the release, also where a takeover changes those of other services.
    expect(warm.resource("aws_ecs_service.service-candidate_service")["lifecycle"]).not.toHaveProperty("ignore_changes");
    expect(warm.resource("aws_ecs_service.service_service")["lifecycle"]).toHaveProperty("ignore_changes");
  });

  it("is none unless it is asked for", () => {
    const without = oneRegion(ONE_REGION);
    expect(without.all().filter(({ address }) => address.includes("candidate"))).toEqual([]);
    expect(without.resource("aws_lb_listener.load-balancer_https")["default_action"]).toMatchObject([{ type: "forward" }]);
  });
});

describeInvalidConfigs([
  {
    title: "a candidate that no service runs",
    bad: { candidate_release: { image: CANDIDATE, percent: 0 } },
    where: "candidate_release.image",
    says: /has no effect.*release_in_steps = true/s,
    good: { ...IN_STEPS, candidate_release: { image: CANDIDATE, percent: 0 } },
  },
  {
    title: "a share without a candidate",
    bad: { ...IN_STEPS, candidate_release: { image: "", percent: 10 } },
    where: "candidate_release.percent",
    says: /without an image/,
    good: { ...IN_STEPS, candidate_release: { image: CANDIDATE, percent: 10 } },
  },
  {
    title: "a candidate without a version",
    bad: { ...IN_STEPS, candidate_release: { image: "registry.bank.test/payments:latest", percent: 0 } },
    where: "candidate_release.image",
    says: /has no version/,
    good: { ...IN_STEPS, candidate_release: { image: CANDIDATE, percent: 0 } },
  },
  {
    title: "a service with the name of the candidate",
    bad: { ...IN_STEPS, services: { candidate: {} }, service_images: { candidate: CANDIDATE } },
    where: "services.candidate",
    says: /the service that release_in_steps creates/,
    good: { services: { candidate: {} }, service_images: { candidate: CANDIDATE } },
  },
]);

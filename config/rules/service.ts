import { FARGATE_MEMORY_MIB } from "../aws-limits";
import { LEAST_ZONES } from "../regions";
import { taskRange } from "../tasks";
import { type Rule, when } from "./rule";

const TASKS_PER_ZONE = 2;

/** Tasks, and the load balancer before them. */
export const SERVICE_RULES: readonly Rule[] = [
  {
    reads: ["service.tasks", "regions"],
    check: ({ service: { tasks }, regions }) => {
      const zones = Math.max(LEAST_ZONES, ...regions.map((region) => region.availability_zones.length));
      const least = zones * TASKS_PER_ZONE;
      const { min } = taskRange(tasks);
      return when(min < least, {
        where: typeof tasks === "number" ? "service.tasks" : "service.tasks.min",
        given: min,
        why: `${zones} zones with ${TASKS_PER_ZONE} tasks each need ${least}: with fewer, losing a zone or one task in it leaves a zone unserved`,
        instead: typeof tasks === "number" ? `service = { tasks = ${least} }` : `min = ${least}`,
      });
    },
  },
  {
    reads: ["service.tasks"],
    check: ({ service: { tasks } }) =>
      when(typeof tasks !== "number" && tasks.max <= tasks.min, {
        where: "service.tasks.max",
        given: taskRange(tasks).max,
        why: "is not above the minimum, so there is nothing to follow the load with; below it, auto scaling is refused at apply",
        instead: `tasks = ${taskRange(tasks).min} to keep exactly so many, or a higher max`,
        source: "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html",
      }),
  },
  {
    reads: ["front_door.health_check"],
    check: ({ front_door: { health_check } }) =>
      when(health_check.timeout_seconds >= health_check.interval_seconds, {
        where: "front_door.health_check.timeout_seconds",
        given: health_check.timeout_seconds,
        why: `the load balancer refuses a timeout that is not below the interval (${health_check.interval_seconds} s), at apply`,
        instead: `timeout_seconds = ${Math.max(2, health_check.interval_seconds - 2)}, or a longer interval`,
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
      }),
  },
  {
    reads: ["front_door.ssl_policy"],
    check: ({ front_door: { ssl_policy } }) =>
      when(ssl_policy.startsWith("ELBSecurityPolicy-TLS13-1-3-"), {
        where: "front_door.ssl_policy",
        given: ssl_policy,
        why: "takes TLS 1.3 only; Route 53 health checkers need TLS 1.2 or lower, so DNS would fail over a healthy site",
        instead: '"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"',
        source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html",
      }),
  },
  {
    reads: ["service.stop_timeout_seconds", "front_door.deregistration_delay_seconds"],
    check: ({ service: { stop_timeout_seconds: given }, front_door: { deregistration_delay_seconds: drain } }) => {
      const least = Math.min(drain + 5, 120);
      return when(given < least, {
        where: "service.stop_timeout_seconds",
        given,
        why: `the task would be killed while the load balancer still drains it (${drain} s)`,
        instead: `stop_timeout_seconds = ${least}`,
        source: "https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/load-balancer-connection-draining.html",
      });
    },
  },
  {
    reads: ["service.cpu", "service.memory_mib"],
    check: ({ service: { cpu, memory_mib } }) => {
      const source = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
      const offered = FARGATE_MEMORY_MIB.get(cpu);
      if (!offered)
        return [
          {
            where: "service.cpu",
            given: cpu,
            why: "is not a task size that Fargate offers",
            instead: [...FARGATE_MEMORY_MIB.keys()].join(", "),
            source,
          },
        ];
      return offered.includes(memory_mib)
        ? []
        : [
            {
              where: "service.memory_mib",
              given: memory_mib,
              why: `Fargate does not offer it with ${cpu} CPU units`,
              instead: offered.join(", "),
              source,
            },
          ];
    },
  },
  {
    reads: ["container_image"],
    check: ({ container_image: given }) => {
      const name = given.split("/").at(-1) ?? given;
      return given.includes("@sha256:") || (name.includes(":") && !name.endsWith(":latest"))
        ? []
        : [
            {
              where: "container_image",
              given,
              why: "names no version, so two tasks of one deployment may run different programs and a rollback has nothing to go back to",
              instead: 'a tag or digest, e.g. "registry.bank.net/payments:1.4.2"',
            },
          ];
    },
  },
];

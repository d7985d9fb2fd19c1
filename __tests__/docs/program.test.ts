import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { PRESETS } from "../../config/presets";
import { COMMON } from "../../config/presets/common";
import { EVERYTHING } from "../support/config";
import { oneRegion, type Synthesized } from "../support/synthesized";

const page = readFileSync(resolve(__dirname, "..", "..", "docs", "program.md"), "utf8");

/** Aurora promotes a reader "usually in less than 60 seconds": AuroraUserGuide, Concepts.AuroraHighAvailability. */
const FAILOVER_SECONDS = 60;

/** Interval and retries of the container health check, from the container definitions of a service. */
function containerChecks(stack: Synthesized): { interval: number; timeout: number; retries: number }[] {
  return stack.all("aws_ecs_task_definition").map(({ container_definitions: definitions }) => {
    const [, interval, timeout, retries] = /"interval" = (\d+), "timeout" = (\d+), "retries" = (\d+)/.exec(String(definitions)) ?? [];
    return { interval: Number(interval), timeout: Number(timeout), retries: Number(retries) };
  });
}

describe("the contract with the program", () => {
  it.each(Object.entries(PRESETS))("has the paths of %s: live, ready and deep differ, and the page gives each", (_, preset) => {
    const command = preset.values.service.health_check_command.join(" ");
    const live = /\{port\}(\S+)/.exec(command)?.[1];
    const ready = preset.values.load_balancer.health_check.path;
    const deep = preset.values.canaries.path;
    expect(new Set([live, ready, deep]).size).toBe(3);
    for (const [name, path] of Object.entries({ live, ready, deep }))
      expect(page).toMatch(new RegExp(`\\*\\*${name}\\*\\*: .*\\| \`${path}\` \\|`));
  });

  it("keeps every container longer than a failover of the database takes", () => {
    const checks = containerChecks(oneRegion(EVERYTHING));
    expect(checks.length).toBeGreaterThan(1);
    for (const { interval, retries } of checks) {
      expect(interval * retries).toBeGreaterThan(FAILOVER_SECONDS);
      expect(page).toContain(`${interval * retries} to ${interval * (retries + 1)} s, seven checks`);
    }
  });

  it("says how soon the load balancer and Route 53 act", () => {
    const { health_check: check } = COMMON.load_balancer;
    const soonest = check.interval_seconds * check.unhealthy_threshold;
    expect(page).toContain(`${soonest} to ${soonest + check.timeout_seconds} s, two checks`);
    const { health_check_interval_seconds: interval, health_check_failures: failures } = COMMON.failover;
    expect(page).toContain(`ready, of all tasks | ${interval * failures + 6} s |`);
  });
});

import { describe, expect, it } from "@jest/globals";
import { CONFIGURATIONS } from "../support/configurations";
import { everyStack, type Synthesized } from "../support/synthesized";

interface DashboardBody {
  readonly widgets: readonly {
    readonly type: string;
    readonly properties: { readonly alarms?: readonly string[]; readonly metrics?: unknown };
  }[];
}

function overview(stack: Synthesized | undefined): DashboardBody {
  const dashboard = stack?.all("aws_cloudwatch_dashboard").find(({ dashboard_name: name }) => String(name).includes("overview"));
  return JSON.parse(String(dashboard?.["dashboard_body"])) as DashboardBody;
}

/** Composite alarms that notify on-call of what is critical, by ARN. */
function compositeAlarms(stacks: ReadonlyMap<string, Synthesized>): string[] {
  return [...stacks].flatMap(([region, stack]) =>
    stack
      .all("aws_cloudwatch_composite_alarm")
      .filter(({ alarm_actions: actions, alarm_description: description }) => {
        const notifies = JSON.stringify(actions).includes("alerts_topic.arn");
        return notifies && String(description).startsWith("CRITICAL");
      })
      .map(({ alarm_name: name }) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${String(name)}`),
  );
}

describe("the overview dashboard", () => {
  it.each(Object.entries(CONFIGURATIONS))("shows every critical composite alarm of every region, and no other: %s", (_, overrides) => {
    const stacks = everyStack(overrides);
    const shown = overview(stacks.get("failover")).widgets.flatMap(({ properties: { alarms = [] } }) => alarms);
    const existing = compositeAlarms(stacks);
    expect(existing.length).toBeGreaterThan(3);
    expect([...shown].sort()).toEqual(existing.sort());
  });

  it("shows tasks and deployments of every service", () => {
    const stacks = everyStack(CONFIGURATIONS["operations"] ?? {});
    const services =
      stacks
        .get("us-east-1")
        ?.all("aws_ecs_service")
        .map(({ name }) => String(name)) ?? [];
    expect(services).toHaveLength(3);
    const metrics = JSON.stringify(overview(stacks.get("failover")).widgets.map(({ properties }) => properties.metrics));
    expect(services.filter((name) => !metrics.includes(`"RunningTaskCount","ClusterName","ecs-test-1","ServiceName","${name}"`))).toEqual(
      [],
    );
  });
});

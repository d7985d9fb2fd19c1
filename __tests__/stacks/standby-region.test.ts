import { describe, expect, it } from "@jest/globals";
import { twoRegions } from "../support/config";
import { failoverStack, globalStack, regionStack, type Synthesized } from "../support/synthesized";

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const primary = regionStack();
const standby = regionStack({}, 1);
const shared = globalStack();
const failover = failoverStack();

/** Resources that refer to another region by its name. */
const LOOKING_BEYOND =
  /canary|canaries_|region-(takeover|control|fence|lost)|regions-lost|composite-alarm-platform|backup-verification|dashboard_body/;

/** Names of the other region that no apply reads: the vault that receives copies, and the region of an event. */
const NAMES_ONLY = [
  "aws_backup_plan.backup_plan.rule.1.copy_action.0.destination_vault_arn",
  "aws_cloudwatch_event_rule.event-aws-health.event_pattern",
];

/** The paths of every string in a stack that names a region, except in resources that refer to other regions. */
function mentions(stack: Synthesized, region: string): string[] {
  const walk = (value: unknown, path: string): string[] => {
    if (typeof value === "string") return value.includes(region) ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => walk(inner, `${path}.${key}`));
  };
  return (
    stack
      .all()
      // The runbook pages are text for people.
      .filter(({ resourceType }) => resourceType !== "aws_ssm_document")
      .flatMap((resource) => walk(resource, resource.address))
      .concat(walk(stack.json["data"], "data"), walk(stack.json["provider"], "provider"), walk(stack.json["terraform"], "terraform"))
      .filter((path) => !LOOKING_BEYOND.test(path))
  );
}

describe("the standby region", () => {
  it("reads the primary region only as the source of its data", () => {
    expect(mentions(standby, PRIMARY)).toEqual([...NAMES_ONLY, "aws_rds_cluster.aurora.source_region"]);
  });

  it("is referred to by the primary only by names that no apply reads", () => {
    expect(mentions(primary, STANDBY)).toEqual(NAMES_ONLY);
  });

  it("reads no other stack's state", () => {
    for (const stack of [primary, standby, shared, failover]) expect(JSON.stringify(stack.json)).not.toContain("terraform_remote_state");
  });

  it("has its state in its own region", () => {
    expect(standby.json["terraform"]).toMatchObject({
      backend: { s3: { bucket: "standfast-state-123456789012-us-west-2", region: STANDBY, key: "standfast/test-1/us-west-2.tfstate" } },
    });
  });

  it("is the same platform: every address of the primary, zone by zone, except for what only a writer or a reader has", () => {
    const addresses = (stack: Synthesized, region: string, other: string) =>
      stack.all().map(({ address }) => address.replaceAll(region, "<region>").replaceAll(other, "<other>"));
    const here = addresses(standby, STANDBY, PRIMARY);
    const there = addresses(primary, PRIMARY, STANDBY);
    expect(there.filter((address) => !here.includes(address)).sort()).toEqual(["terraform_data.database_secret-guard_version"]);
    expect(here.filter((address) => !there.includes(address))).toEqual([]);
  });

  const modes = { hot: [6, 3], warm: [3, 1], "pilot-light": [0, 0] } as const;
  it.each(Object.entries(modes))("runs the tasks and instances of a %s standby", (kind, [tasks, instances]) => {
    const stack = regionStack(twoRegions(kind), 1);
    expect(stack.only("aws_ecs_service")).toMatchObject({ desired_count: tasks });
    expect(stack.only("aws_appautoscaling_target")).toMatchObject({ min_capacity: tasks, max_capacity: tasks });
    expect(stack.all("aws_rds_cluster_instance")).toHaveLength(instances);
    expect(
      stack
        .all("aws_cloudwatch_metric_alarm")
        .filter(({ metric_name: name }) => name === "RunningTaskCount" || name === "HealthyHostCount"),
      // Of all tasks, of all targets, and of the targets in each of three zones.
    ).toHaveLength(tasks > 0 ? 5 : 0);
  });
});

import { describe, expect, it } from "@jest/globals";
import { type ResourceChange, type StackPlan, summary } from "../../../scripts/ci/plan-summary";

const change = (address: string, actions: string[], more: Partial<ResourceChange["change"]> = {}): ResourceChange => ({
  address,
  mode: "managed",
  change: { actions, ...more },
});
const planned = (stack: string, ...resource_changes: ResourceChange[]): StackPlan => ({
  stack,
  kind: "planned",
  plan: { resource_changes },
});
const ofPlan = (...stacks: StackPlan[]): string => summary("plan", "pr-42", stacks, []);

describe("the summary of a plan", () => {
  it("states that nothing changes", () => {
    expect(ofPlan(planned("global", change("aws_kms_key.a", ["no-op"])))).toBe(
      "### Plan of `pr-42`: nothing changes\n\n| stack | add | change | destroy | replace |\n|---|---:|---:|---:|---:|\n| `global` | 0 | 0 | 0 | 0 |\n",
    );
  });

  it("counts replacements apart from additions and destructions, and does not count data sources", () => {
    const text = ofPlan(
      planned(
        "us-east-1",
        change("aws_a.a", ["create"]),
        change("aws_b.b", ["update"]),
        change("aws_c.c", ["delete"]),
        change("aws_d.d", ["delete", "create"]),
        change("aws_e.e", ["create", "delete"]),
        { ...change("data.aws_f.f", ["read"]), mode: "data" },
        change("aws_g.g", ["forget"]),
      ),
    );
    expect(text).toContain("**3 replaced or destroyed**");
    expect(text).toContain("| `us-east-1` | 1 | 1 | 1 | 2 |");
  });

  it("lists every address that is replaced or destroyed, and the attributes that force the replacement", () => {
    const text = ofPlan(
      planned("us-east-1", change("aws_rds_cluster.aurora", ["delete", "create"], { replace_paths: [["engine"], ["tags", "a"]] })),
      planned("failover", change("aws_route53_record.b", ["delete"]), { ...change("aws_lb.c", ["delete"]), deposed: "1234" }),
    );
    expect(text).toContain("**Replaced**\n\n- `us-east-1`: `aws_rds_cluster.aurora` (`engine`, `tags.a`)\n");
    expect(text).toContain("**Destroyed**\n\n- `failover`: `aws_route53_record.b`\n- `failover`: `aws_lb.c (deposed)`\n");
  });

  it("lists the attributes that change, without their values", () => {
    const text = ofPlan(
      planned(
        "us-east-1",
        change("aws_ecs_service.payments", ["update"], {
          before: { desired_count: 6, name: "a", token: "old-secret", arn: "x" },
          after: { desired_count: 9, name: "a", token: "new-secret" },
          after_unknown: { arn: true, tags: {}, list: [{ id: true }] },
        }),
      ),
    );
    expect(text).toContain("- `us-east-1`: `aws_ecs_service.payments` (`arn`, `desired_count`, `list`, `token`)");
    expect(text).not.toContain("secret");
    expect(text).toContain("changes, nothing is replaced or destroyed");
  });

  it("shows a stack that cannot be planned before another is deployed, with the error", () => {
    const text = ofPlan(planned("global", change("aws_route53_zone.a", ["create"])), {
      stack: "us-east-1",
      kind: "waits",
      for: ["global"],
      error: "Error: no matching Route 53 Hosted Zone found\n",
    });
    expect(text).toContain("| `us-east-1` | cannot be planned before `global` is deployed | | | |");
    expect(text).toContain("no matching Route 53 Hosted Zone found");
  });

  it("has failures in its heading", () => {
    const text = ofPlan(planned("global", change("aws_a.a", ["delete"])), {
      stack: "us-east-1",
      kind: "failed",
      error: "Error: no access",
    });
    expect(text).toContain("### Plan of `pr-42`: **us-east-1 cannot be planned**");
    expect(text).toContain("<details open><summary>Error in us-east-1</summary>");
    expect(text).toContain("Error: no access");
  });

  it("counts outputs when no resource changes", () => {
    const text = ofPlan({
      stack: "failover",
      kind: "planned",
      plan: { output_changes: { a: { actions: ["create"] }, b: { actions: ["no-op"] } } },
    });
    expect(text).toContain("| `failover` (1 outputs) | 0 | 0 | 0 | 0 |");
    expect(text).not.toContain("nothing changes");
  });

  it("fits into a comment, regardless of the number of changes", () => {
    const many = Array.from({ length: 2000 }, (_, index) =>
      change(`aws_vpc_security_group_ingress_rule.network_rule-${index}`, ["delete"]),
    );
    const text = ofPlan(
      planned("us-east-1", ...many),
      planned("failover", ...many.map((one) => ({ ...one, change: { actions: ["update"] } }))),
    );
    expect(text).toContain("… and 1900 more");
    expect(text.length).toBeLessThan(65536);
  });
});

describe("the summary of drift", () => {
  it("is none, or lists every change", () => {
    expect(summary("drift", "prod", [planned("global")], [])).toContain("### Drift of `prod`: none");
    const drifted = planned("us-east-1", change("aws_lb.a", ["update"], { before: { idle_timeout: 60 }, after: { idle_timeout: 90 } }));
    expect(summary("drift", "prod", [drifted], [])).toContain(
      "<details open><summary>Changed in place</summary>\n\n- `us-east-1`: `aws_lb.a` (`idle_timeout`)",
    );
  });

  it("reports an environment that is not deployed", () => {
    const text = summary("drift", "prod", [planned("global", change("aws_a.a", ["create"]))], ["global"]);
    expect(text).toContain("### Drift of `prod`: **global not deployed**");
  });
});

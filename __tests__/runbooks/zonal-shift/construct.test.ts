import { describe, expect, it } from "@jest/globals";
import { EVERYTHING, ONE_REGION, twoRegions } from "../../support/config";
import { definitionOf } from "../../support/state-machine";
import { regionStack, type Synthesized } from "../../support/synthesized";

const region = regionStack(EVERYTHING);

/** The services of the target groups that the runbook checks, with the targets that the other zones must have. */
const required = (stack: Synthesized): [string, number][] => {
  const groups = definitionOf(stack, "zonal-shift").States["CheckCapacity"]?.["Parameters"] as readonly {
    service: string;
    tasks: number;
  }[];
  return groups.map(({ service, tasks }) => [service, tasks]);
};

describe("the runbook of a region", () => {
  it("is started by the alarms on impaired zones, with the name of the alarm", () => {
    expect(region.resource("aws_cloudwatch_event_target.zonal-shift_impaired-to-runbook")).toMatchObject({
      rule: "${aws_cloudwatch_event_rule.zonal-shift_impaired.name}",
      arn: "${aws_sfn_state_machine.zonal-shift_runbook_machine.arn}",
      role_arn: "${aws_iam_role.zonal-shift_runbook_starter_role.arn}",
      input_path: "$.detail",
    });
  });

  it("knows the alarm and the ID of every zone, which AWS gives other zones in another account", () => {
    const { States } = definitionOf(region, "zonal-shift");
    const alarms = JSON.stringify(States["ValidateInput"]);
    for (const zone of ["us-east-1a", "us-east-1b", "us-east-1c"]) {
      expect(alarms).toContain(`"composite-zone-${zone}-impaired-test-1"`);
      expect(States[`Plan-${zone}`]?.["Parameters"]).toEqual({
        zone,
        id: `\${aws_subnet.network_public_${zone}.availability_zone_id}`,
        hours: 0,
      });
    }
  });

  it("requires of every service behind the load balancer what the loss of a zone leaves of its minimum", () => {
    expect(required(region)).toEqual([
      ["payments", 4],
      ["ledger", 4],
    ]);
    expect(required(regionStack({ ...ONE_REGION, service: { static_stability: true } }))).toEqual([["payments", 6]]);
    // One task in each zone.
    expect(required(regionStack(twoRegions("warm"), 1))).toEqual([["payments", 2]]);
  });

  it("shifts only its own load balancer", () => {
    const policy = JSON.parse(String(region.resource("aws_iam_role_policy.zonal-shift_runbook_role_permissions")["policy"])) as {
      Statement: { Sid: string; Resource: unknown }[];
    };
    expect(policy.Statement.find(({ Sid }) => Sid === "ShiftTraffic")?.Resource).toBe("${aws_lb.load-balancer_alb.arn}");
  });

  it("has the configured hours", () => {
    const { States } = definitionOf(regionStack({ ...ONE_REGION, zonal_shift: { hours: 2, max_hours: 6 } }), "zonal-shift");
    expect(States["StartShift"]?.["Parameters"]).toMatchObject({ ExpiresIn: "2h" });
    expect(States["MayExtend"]).toMatchObject({ Choices: [{ Variable: "$.plan.hours", NumericLessThanEquals: 4 }] });
  });

  it("can be disabled: the alarms on impaired zones remain", () => {
    const manual = regionStack({ ...ONE_REGION, zonal_shift: { automatic: false } });
    expect(manual.all("aws_sfn_state_machine").map(({ name }) => name)).not.toContain("runbook-zonal-shift-test-1");
    expect(JSON.stringify(manual.all("aws_cloudwatch_event_rule"))).not.toContain("impaired");
    expect(manual.all("aws_cloudwatch_composite_alarm").filter(({ alarm_name: name }) => String(name).includes("-impaired-"))).toHaveLength(
      3,
    );
  });
});

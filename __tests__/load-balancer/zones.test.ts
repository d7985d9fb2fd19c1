import { describe, expect, it } from "@jest/globals";
import { queriesOf } from "../support/alarms";
import { EVERYTHING, ONE_REGION, twoRegions } from "../support/config";
import { regionStack, type Resource, type Synthesized } from "../support/synthesized";

const region = regionStack(EVERYTHING);
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

function alarm(stack: Synthesized, name: string): Resource {
  const found = stack.all("aws_cloudwatch_metric_alarm").find(({ alarm_name: each }) => each === `alarm-${name}-test-1`);
  if (!found) throw new Error(`no alarm ${name}`);
  return found;
}

/** The value that CloudWatch computes, for values of the metrics by their ids; a missing one has no data. */
function computed(of: Resource, values: Readonly<Record<string, number>>): number {
  const [query, ...metrics] = queriesOf(of);
  const known = Object.fromEntries(metrics.map(({ id }) => [id, values[id]]));
  const script = String(query?.expression).replaceAll(/\bAND\b/g, "&&");
  const functions = {
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    FILL: (value: number | undefined, filling: number) => value ?? filling,
    SUM: (terms: number[]) => terms.reduce((sum, term) => sum + term, 0),
  };
  const names = [...Object.keys(functions), ...Object.keys(known)];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- an expression of the product, in the syntax that both languages share
  const evaluate = new Function(...names, `return ${script}`) as (...given: unknown[]) => number;
  return evaluate(...Object.values(functions), ...Object.values(known));
}

const fires = (of: Resource, values: Readonly<Record<string, number>>): boolean => computed(of, values) > Number(of["threshold"]);

describe("errors in a zone", () => {
  const errors = alarm(region, "zone-errors-us-east-1b");

  it.each<[string, boolean, Record<string, number>]>([
    [
      "ten of a hundred requests, and none elsewhere",
      true,
      { zone_requests: 100, zone_target_errors: 10, requests: 300, target_errors: 10 },
    ],
    ["nine of a hundred", false, { zone_requests: 100, zone_target_errors: 9, requests: 300, target_errors: 9 }],
    ["five percent", false, { zone_requests: 400, zone_target_errors: 20, requests: 1200, target_errors: 20 }],
    ["more than five percent", true, { zone_requests: 400, zone_target_errors: 21, requests: 1200, target_errors: 21 }],
    ["three times the share of the others", true, { zone_requests: 100, zone_target_errors: 30, requests: 300, target_errors: 50 }],
    ["less than three times", false, { zone_requests: 100, zone_target_errors: 29, requests: 300, target_errors: 49 }],
    ["the same as everywhere", false, { zone_requests: 100, zone_target_errors: 50, requests: 300, target_errors: 150 }],
    ["the load balancer's own, without a request that reached a target", true, { zone_errors: 20, requests: 200, errors: 20 }],
    ["all requests, while the others have none", true, { zone_requests: 20, zone_target_errors: 20, requests: 20, target_errors: 20 }],
    ["no data at all", false, {}],
  ])("%s: an alarm is %s", (_, expected, values) => {
    expect(fires(errors, values)).toBe(expected);
  });
});

describe("latency in a zone", () => {
  const latency = alarm(region, "zone-latency-us-east-1b");

  it.each<[string, boolean, Record<string, number>]>([
    ["three times the median, above the limit", true, { zone_requests: 10, zone_median: 1.5, median: 0.5 }],
    ["less than three times", false, { zone_requests: 10, zone_median: 1.5, median: 0.51 }],
    ["the limit itself", false, { zone_requests: 10, zone_median: 1, median: 0.1 }],
    ["of nine requests", false, { zone_requests: 9, zone_median: 9, median: 0.1 }],
  ])("%s: an alarm is %s", (_, expected, values) => {
    expect(fires(latency, values)).toBe(expected);
  });
});

describe("anomalous targets in a zone", () => {
  it.each<[string, boolean, Record<string, number>]>([
    ["two, all in this zone", true, { zone_anomalous: 2, anomalous: 2 }],
    ["one, which is a fault of a task", false, { zone_anomalous: 1, anomalous: 1 }],
    ["two of three", true, { zone_anomalous: 2, anomalous: 3 }],
    ["two of four", false, { zone_anomalous: 2, anomalous: 4 }],
    ["no data", false, {}],
  ])("%s: an alarm is %s", (_, expected, values) => {
    for (const service of ["", "ledger-"]) expect(fires(alarm(region, `${service}anomalous-targets-us-east-1b`), values)).toBe(expected);
  });
});

describe("a NAT gateway", () => {
  const unanswered = alarm(region, "nat-unanswered-us-east-1b");
  const drops = alarm(region, "nat-drops-us-east-1b");

  it.each<[string, boolean, Record<string, number>]>([
    ["establishes half of its connections", false, { connections: 5, attempts: 10, established: 5 }],
    ["establishes less than half", true, { connections: 5, attempts: 10, established: 4 }],
    ["establishes none", true, { connections: 0, attempts: 10 }],
    ["has fewer attempts than ten", false, { connections: 0, attempts: 9, established: 0 }],
    ["has nothing to do", false, { connections: 0 }],
  ])("%s: an alarm is %s", (_, expected, values) => {
    expect(fires(unanswered, values)).toBe(expected);
  });

  it("that is silent is reported: without the number of connections the expression has no value, and that is breaching", () => {
    expect(queriesOf(unanswered)[0]?.expression).toMatch(/^IF\(connections >= 0, /);
    expect(unanswered).toMatchObject({ treat_missing_data: "breaching" });
  });

  it.each<[string, boolean, Record<string, number>]>([
    ["ten packets of 99,999", true, { drops: 10, from_source: 50_000, from_destination: 49_999 }],
    ["ten packets of 100,000", false, { drops: 10, from_source: 50_000, from_destination: 50_000 }],
    ["nine packets of a hundred", false, { drops: 9, from_source: 50, from_destination: 50 }],
  ])("drops %s: an alarm is %s", (_, expected, values) => {
    expect(fires(drops, values)).toBe(expected);
  });
});

describe("an expression of an alarm", () => {
  it("has at most the ten metrics that CloudWatch accepts", () => {
    for (const each of region.all("aws_cloudwatch_metric_alarm"))
      expect({ name: each["alarm_name"], metrics: queriesOf(each).length <= 11 }).toEqual({ name: each["alarm_name"], metrics: true });
  });
});

describe("the alarm on an impaired zone", () => {
  /** The alarms of the zone itself in the rule. */
  const worse = (stack: Synthesized, zone: string): string => {
    const name = `composite-zone-${zone}-impaired-test-1`;
    const found = stack.all("aws_cloudwatch_composite_alarm").find(({ alarm_name: each }) => each === name);
    return String(found?.["alarm_rule"]).split(" AND NOT ")[0] ?? "";
  };

  it("includes the zone's NAT gateway, but not the only one of a region, which serves every zone", () => {
    for (const zone of ZONES)
      for (const part of ["nat-ports", "nat-drops", "nat-unanswered"])
        expect(worse(regionStack(ONE_REGION), zone)).toContain(`ALARM("alarm-${part}-${zone}-test-1")`);
    for (const zone of ZONES) expect(worse(regionStack({ ...ONE_REGION, network: { nat: "single" } }), zone)).not.toContain("nat-");
  });

  it("includes the targets of every service behind the load balancer", () => {
    for (const zone of ZONES) expect(worse(region, zone)).toContain(`ALARM("alarm-ledger-anomalous-targets-${zone}-test-1")`);
  });
});

describe("zonal autoshift", () => {
  const template = (stack: Synthesized): { Type: string; Properties: Record<string, unknown> } => {
    const [only, ...others] = stack.all("aws_cloudformation_stack");
    expect(others).toEqual([]);
    const { Resources } = JSON.parse(String(only?.["template_body"])) as { Resources: Record<string, never> };
    return Object.values(Resources)[0] as never;
  };
  const alarmArn = "${aws_cloudwatch_metric_alarm.load-balancer_alarm-error-rate-high.arn}";

  it("is enabled for the load balancer, and ends a practice run while clients get errors", () => {
    expect(template(region)).toEqual({
      Type: "AWS::ARCZonalShift::ZonalAutoshiftConfiguration",
      Properties: {
        ResourceIdentifier: "${aws_lb.load-balancer_alb.arn}",
        ZonalAutoshiftStatus: "ENABLED",
        PracticeRunConfiguration: { OutcomeAlarms: [{ Type: "CLOUDWATCH", AlarmIdentifier: alarmArn }] },
      },
    });
  });

  it("blocks practice runs in the configured windows", () => {
    const blocked_windows = ["Mon:08:00-Mon:18:00"];
    const stack = regionStack({ ...ONE_REGION, zonal_shift: { blocked_windows } });
    expect(template(stack).Properties["PracticeRunConfiguration"]).toMatchObject({ BlockedWindows: blocked_windows });
  });

  it("can be disabled, and is in no region that runs no task, where no zone can be worse than another", () => {
    expect(regionStack({ ...ONE_REGION, zonal_shift: { autoshift: false } }).all("aws_cloudformation_stack")).toEqual([]);
    const pilotLight = regionStack(twoRegions("pilot-light"), 1);
    expect(pilotLight.all("aws_cloudformation_stack")).toEqual([]);
    expect(JSON.stringify(pilotLight.all("aws_cloudwatch_composite_alarm"))).not.toContain("-impaired");
    expect(pilotLight.all("aws_sfn_state_machine").map(({ name }) => name)).not.toContain("runbook-zonal-shift-test-1");
  });
});

import { BackupJobState, CopyJobState, RestoreJobStatus } from "@aws-sdk/client-backup";
import { TaskStopCode } from "@aws-sdk/client-ecs";
import { ExecutionStatus } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "@jest/globals";
import { CERTIFICATE, type PlatformEvent } from "../support/aws-events";
import { EVERYTHING, NEEDS } from "../support/config";
import { matchesPattern } from "../support/event-pattern";
import { regionStack, type Resource, target } from "../support/synthesized";
import { changed, EVENT_CASES, type EventCase, NON_MATCHING_FOR_EVERY_RULE } from "./event-cases";

type Pattern = Record<string, unknown>;

const everything = regionStack(EVERYTHING);
/** Has the runbooks that only several regions have. */
const primary = regionStack();
/** Has sessions of ECS Exec, and a candidate. */
const needs = regionStack({ ...NEEDS, release_in_steps: true });
const STACKS = [everything, primary, needs];

/** What references in patterns become when they are applied. */
const APPLIED: readonly (readonly [reference: RegExp, value: string])[] = [
  [/\$\{aws_ecs_cluster\.cluster_cluster\.arn\}/g, "arn:aws:ecs:us-east-1:123456789012:cluster/ecs-test-1"],
  [/\$\{aws_acm_certificate_validation\.[\w-]+\.certificate_arn\}/g, CERTIFICATE],
];

function patternOf(rule: Resource): Pattern {
  const text = APPLIED.reduce((pattern, [reference, value]) => pattern.replaceAll(reference, value), String(rule["event_pattern"]));
  if (text.includes("${")) throw new Error(`the value of a reference is not in APPLIED: ${text}`);
  return JSON.parse(text) as Pattern;
}

/** The existing states, by the kind of event and the field that has them. */
const STATES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "Backup Job State Change": { state: Object.values(BackupJobState) },
  "Copy Job State Change": { state: Object.values(CopyJobState) },
  "Restore Job State Change": { status: Object.values(RestoreJobStatus) },
  "Step Functions Execution Status Change": { status: Object.values(ExecutionStatus) },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
  "ECS Task State Change": {
    lastStatus: ["PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED", "DELETED"],
    stopCode: Object.values(TaskStopCode),
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
  "ECS Service Action": {
    eventName: [
      "SERVICE_STEADY_STATE",
      "TASKSET_STEADY_STATE",
      "CAPACITY_PROVIDER_STEADY_STATE",
      "SERVICE_DESIRED_COUNT_UPDATED",
      "TASKS_STOPPED",
      "SERVICE_TASK_START_IMPAIRED",
      "SERVICE_DISCOVERY_INSTANCE_UNHEALTHY",
      "VPC_LATTICE_TARGET_UNHEALTHY",
      "SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED",
      "ECS_OPERATION_THROTTLED",
      "SERVICE_DISCOVERY_OPERATION_THROTTLED",
      "SERVICE_TASK_PLACEMENT_FAILURE",
      "SERVICE_TASK_CONFIGURATION_FAILURE",
      "SERVICE_HEALTH_UNKNOWN",
    ],
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
  "ECS Deployment State Change": {
    eventName: ["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_DEPLOYMENT_FAILED"],
  },
  // https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
  "AWS Health Event": { eventTypeCategory: ["issue", "accountNotification", "scheduledChange", "investigation"] },
};

const nameOf = (rule: Resource): string =>
  String(rule["name"])
    .replace(/^rule-/, "")
    .replace(/-test-1$/, "");

/** Every rule that waits for events, once: the same rule of two platforms has the same pattern. */
const RULES = [
  ...new Map(
    STACKS.flatMap((stack) => stack.all("aws_cloudwatch_event_rule"))
      .filter((rule) => "event_pattern" in rule)
      .map((rule) => [nameOf(rule), rule] as const),
  ),
];

function caseOf(rule: Resource): EventCase {
  const found = EVENT_CASES[nameOf(rule)];
  if (!found) throw new Error(`the rule ${nameOf(rule)} has no case in event-cases.ts`);
  return found;
}

function eventsOf(rule: Resource): { samples: [string, PlatformEvent][]; nonMatching: [string, PlatformEvent][] } {
  const known = caseOf(rule);
  const all = (changes: EventCase["nonMatching"]) =>
    Object.entries(changes).map(([what, change]): [string, PlatformEvent] => [what, changed(known, change)]);
  return {
    samples: [["the sample", known.sample], ...all(known.matching ?? {})],
    nonMatching: all({ ...NON_MATCHING_FOR_EVERY_RULE, ...known.nonMatching }),
  };
}

/** A pattern with one condition, or one value, less; and whether it lets more or fewer events through. */
interface Mutant {
  readonly without: string;
  readonly lets: "more" | "fewer";
  readonly pattern: Pattern;
}

/** Everything that could be left out of a pattern, one by one. */
function mutants(pattern: Pattern, path: readonly string[] = []): Mutant[] {
  return Object.entries(pattern).flatMap(([name, wanted]) => {
    const where = [...path, name].join(".");
    const put = (value: unknown): Pattern => ({ ...pattern, [name]: value });
    if (!Array.isArray(wanted))
      return mutants(wanted as Pattern, [...path, name]).map((mutant) => ({ ...mutant, pattern: put(mutant.pattern) }));
    const values = wanted as unknown[];
    const excluded = (values[0] as { "anything-but"?: unknown } | null)?.["anything-but"];
    return [
      { without: where, lets: "more", pattern: Object.fromEntries(Object.entries(pattern).filter(([other]) => other !== name)) },
      ...shorter(values).map(({ without, rest }): Mutant => ({ without: `${where} ${without}`, lets: "fewer", pattern: put(rest) })),
      ...(Array.isArray(excluded) ? shorter(excluded) : []).map(({ without, rest }): Mutant => ({
        without: `${where} anything but ${without}`,
        lets: "more",
        pattern: put([{ "anything-but": rest }]),
      })),
    ];
  });
}

/** A list without each of its values. */
function shorter(values: readonly unknown[]): { without: string; rest: unknown[] }[] {
  if (values.length < 2) return [];
  return values.map((value, index) => ({ without: JSON.stringify(value), rest: values.filter((_, other) => other !== index) }));
}

function valueInEvent(event: PlatformEvent, path: string): unknown {
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event);
}

describe.each(RULES)("the rule %s", (_, rule) => {
  const pattern = patternOf(rule);

  it("matches its events", () => {
    const lost = eventsOf(rule).samples.filter(([, event]) => !matchesPattern(pattern, event));
    expect(lost.map(([what]) => what)).toEqual([]);
  });

  it("matches no other event", () => {
    expect(Object.keys(caseOf(rule).nonMatching).length).toBeGreaterThan(0);
    const passed = eventsOf(rule).nonMatching.filter(([, event]) => matchesPattern(pattern, event));
    expect(passed.map(([what]) => what)).toEqual([]);
  });

  it("has no condition and no value that could be omitted", () => {
    const { samples, nonMatching } = eventsOf(rule);
    const idle = mutants(pattern).filter((mutant) =>
      mutant.lets === "more"
        ? !nonMatching.some(([, event]) => matchesPattern(mutant.pattern, event))
        : samples.every(([, event]) => matchesPattern(mutant.pattern, event)),
    );
    expect(idle.map(({ without }) => without)).toEqual([]);
  });

  const [kind = ""] = pattern["detail-type"] as string[];
  const states = Object.entries(STATES[kind] ?? {});
  if (states.length > 0)
    it("names only states that AWS documents", () => {
      for (const [field, known] of states) {
        const filters = (pattern["detail"] as Record<string, unknown[]>)[field] ?? [];
        const named = filters.flatMap((filter) => (filter as { "anything-but"?: string[] })["anything-but"] ?? filter);
        expect(named.length).toBeGreaterThan(0);
        expect(known).toEqual(expect.arrayContaining(named));
      }
    });

  it("is on the bus of its events", () => {
    const source = pattern["source"] as string[];
    expect(source).toHaveLength(1);
    expect("event_bus_name" in rule).toBe(!source[0]?.startsWith("aws."));
  });
});

describe("every rule", () => {
  it("has a case, and every case has a rule", () => {
    const names = RULES.map(([name]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(Object.keys(EVENT_CASES).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("has the same pattern in a single region and in the first of several, except that of AWS Health, which names the regions", () => {
    const patterns = STACKS.map(
      (stack) => new Map(stack.all("aws_cloudwatch_event_rule").map((rule) => [rule.address, rule["event_pattern"]])),
    );
    const [here = new Map<string, unknown>(), there = new Map<string, unknown>()] = patterns;
    const both = [...here.keys()].filter((address) => there.has(address) && !address.endsWith(".event-aws-health"));
    expect(both.length).toBeGreaterThan(5);
    for (const address of both) expect([address, there.get(address)]).toEqual([address, here.get(address)]);
  });
});

describe("every case", () => {
  it.each(Object.entries(EVENT_CASES))("of %s differs from its sample in each of its events", (_, known) => {
    const { sample, matching = {}, nonMatching } = known;
    const events = Object.values({ ...matching, ...nonMatching }).map((change) => JSON.stringify(changed(known, change)));
    expect(new Set([JSON.stringify(sample), ...events]).size).toBe(events.length + 1);
  });
});

describe("the message for on-call", () => {
  const messages = STACKS.flatMap((stack) =>
    stack.all("aws_cloudwatch_event_target").flatMap((eventTarget) => {
      const transformer = eventTarget["input_transformer"] as { input_paths: Record<string, string>; input_template: string } | undefined;
      return transformer ? [{ rule: stack.resource(target(eventTarget["rule"])), ...transformer }] : [];
    }),
  );

  it("contains all of its values: each is in the event, and each has its placeholder", () => {
    expect(messages.length).toBeGreaterThan(15);
    for (const { rule, input_paths: paths, input_template: template } of messages) {
      const { sample } = caseOf(rule);
      const values = Object.entries(paths).map(([name, path]) => ({ name, value: valueInEvent(sample, path) }));
      expect(values.filter(({ value }) => typeof value !== "string").map(({ name }) => [nameOf(rule), name])).toEqual([]);
      const places = [...template.matchAll(/<([\w-]+)>/g)].map(([, name]) => name);
      expect([nameOf(rule), ...new Set(places)].sort()).toEqual([nameOf(rule), ...Object.keys(paths)].sort());
    }
  });

  it("is one JSON text, which a topic forwards unchanged", () => {
    for (const { input_template: template } of messages) expect(typeof JSON.parse(template)).toBe("string");
  });
});

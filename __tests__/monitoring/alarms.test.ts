import { describe, expect, it } from "@jest/globals";
import { DATA, EVERYTHING, MYSQL, ONE_REGION, twoRegions } from "../support/config";
import { failoverStack, regionStack, type Resource, type Synthesized, target } from "../support/synthesized";
import { ALARM_TABLE, faults, rowOf, watched, watchedBy } from "./alarm-table";

const everything = regionStack(EVERYTHING);
const secondary = regionStack({}, 1);
const failover = failoverStack();

/** Together they have every alarm in each of its forms. */
const PLATFORMS: [string, Synthesized][] = [
  ["one region", regionStack(ONE_REGION)],
  ["a region with everything", everything],
  ["a region with Aurora MySQL", regionStack(MYSQL)],
  ["a region for hours", regionStack({ ...ONE_REGION, ephemeral: true })],
  ["a region whose canaries run every five minutes", regionStack({ ...ONE_REGION, canaries: { enabled: true, every_minutes: 5 } })],
  ["a primary region", regionStack()],
  ["a hot standby", secondary],
  ["a warm standby", regionStack(twoRegions("warm"), 1)],
  [
    "a region that tries AWS WAF",
    regionStack({ ...ONE_REGION, load_balancer: { waf: { ...EVERYTHING.load_balancer.waf, mode: "count" } } }),
  ],
  ["a pilot light", regionStack(twoRegions("pilot-light"), 1)],
  ["a primary region with every store", regionStack(DATA)],
  ["a standby with every store", regionStack(DATA, 1)],
  ["what joins the regions", failover],
];

/** The region on the other side of a replication. */
const OTHER_REGION: Readonly<Record<string, string>> = { "us-east-1": "us-west-2", "us-west-2": "us-east-1" };
const bucketsOfBoth = (stack: Synthesized): unknown[] =>
  stack
    .all("aws_s3_bucket")
    .flatMap(({ bucket }) => [bucket, String(bucket).replace(regionOf(stack), OTHER_REGION[regionOf(stack)] ?? "")]);

const alarmsOf = (stack: Synthesized): Resource[] => stack.all("aws_cloudwatch_metric_alarm");
const regionOf = (stack: Synthesized): string => (stack.json["provider"] as { aws: [{ region: string }] }).aws[0].region;
const every = PLATFORMS.flatMap(([, stack]) => alarmsOf(stack).map((alarm) => ({ stack, alarm })));

/** What a dimension names: resources of a type, by an attribute that is a literal; or anything else that it may be. */
const NAMES: Readonly<Record<string, readonly [type: string, attribute: string] | ((stack: Synthesized) => readonly unknown[])>> = {
  BackupVaultName: ["aws_backup_vault", "name"],
  CanaryName: ["aws_synthetics_canary", "name"],
  CertificateArn: ["aws_acm_certificate_validation", "certificate_arn"],
  ClusterName: ["aws_ecs_cluster", "name"],
  DBClusterIdentifier: ["aws_rds_cluster", "cluster_identifier"],
  DBInstanceIdentifier: ["aws_rds_cluster_instance", "identifier"],
  EventBusName: ["aws_cloudwatch_event_bus", "name"],
  EnvironmentSuffix: (stack) =>
    stack
      .all("aws_lambda_function")
      .map(({ environment }) => (environment as { readonly variables: Record<string, string> }).variables["ENVIRONMENT_SUFFIX"]),
  FunctionName: ["aws_lambda_function", "function_name"],
  HealthCheckId: ["aws_route53_health_check", "id"],
  LoadBalancer: ["aws_lb", "arn_suffix"],
  LogGroupName: ["aws_cloudwatch_log_group", "name"],
  NatGatewayId: ["aws_nat_gateway", "id"],
  QueueName: ["aws_sqs_queue", "name"],
  RuleName: ["aws_cloudwatch_event_rule", "name"],
  ServiceName: ["aws_ecs_service", "name"],
  // The first region has the table; the replicas have its name.
  TableName: (stack) => [stack, regionStack(DATA)].flatMap((each) => each.all("aws_dynamodb_table").map(({ name }) => name)),
  TargetGroup: ["aws_lb_target_group", "arn_suffix"],
  AvailabilityZone: (stack) => stack.all("aws_subnet").map((subnet) => subnet["availability_zone"]),
  // ElastiCache numbers shards and nodes automatically.
  CacheClusterId: (stack) =>
    stack
      .all("aws_elasticache_replication_group")
      .flatMap(({ replication_group_id: group, num_node_groups: shards, replicas_per_node_group: replicas }) =>
        Array.from({ length: Number(shards) }, (_, shard) =>
          Array.from({ length: Number(replicas) + 1 }, (__, node) => `${String(group)}-${digits(shard + 1, 4)}-${digits(node + 1, 3)}`),
        ).flat(),
      ),
  ContainerName: (stack) =>
    stack.all("aws_ecs_task_definition").map(({ container_definitions: containers }) => /name\W+([\w-]+)/.exec(String(containers))?.[1]),
  // Those that a task may do with its sessions.
  Operation: (stack) => [...JSON.stringify(stack.all("aws_iam_role_policy")).matchAll(/dynamodb:(\w+)/g)].map(([, operation]) => operation),
  ReceivingRegion: (stack) => [OTHER_REGION[regionOf(stack)]],
  // The stack that joins the regions configures the rules.
  RuleId: () =>
    failoverStack(DATA)
      .all("aws_s3_bucket_replication_configuration")
      .flatMap(({ rule }) => (rule as readonly { id: string }[]).map(({ id }) => id)),
  SourceBucket: bucketsOfBoth,
  DestinationBucket: bucketsOfBoth,
  Role: () => ["WRITER", "READER"],
  Region: (stack) => [regionOf(stack)],
  Rule: (stack) => stack.all("aws_wafv2_web_acl").flatMap(({ rule }) => (rule as readonly Visible[]).map(metricName)),
  WebACL: (stack) => stack.all("aws_wafv2_web_acl").map((acl) => metricName(acl as unknown as Visible)),
};

/** What AWS WAF reports under a name: a rule or a web ACL. */
interface Visible {
  readonly visibility_config: { readonly metric_name: string };
}
const metricName = ({ visibility_config: { metric_name } }: Visible): string => metric_name;

const digits = (value: number, length: number): string => String(value).padStart(length, "0");

function namesSomething(stack: Synthesized, dimension: string, value: string): boolean {
  const named = NAMES[dimension];
  if (!named) throw new Error(`${dimension} is not in NAMES`);
  if (typeof named === "function") return named(stack).includes(value);
  const [type, attribute] = named;
  return stack.all(type).some((resource) => resource[attribute] === value || `\${${resource.address}.${attribute}}` === value);
}

describe("the table of metrics", () => {
  it("has each metric once, with the page of AWS that describes it", () => {
    const metrics = ALARM_TABLE.map(({ namespace, metric }) => `${namespace} ${metric}`);
    expect(new Set(metrics).size).toBe(metrics.length);
    expect(ALARM_TABLE.filter(({ source }) => !/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/.test(source))).toEqual([]);
  });

  it("has no row, no set of dimensions and no treatment of missing data without an alarm", () => {
    const all = every.flatMap(({ alarm }) => watchedBy(alarm).map((metric) => ({ alarm, metric })));
    const unused = ALARM_TABLE.flatMap((row) => {
      const used = all.filter(({ metric }) => rowOf(metric) === row);
      const sets = used.map(({ metric }) => Object.keys(metric.dimensions).sort().join());
      const treatments = used.map(({ alarm }) => String(alarm["treat_missing_data"]));
      return [
        ...row.dimensions.filter((set) => !sets.includes(set.join())).map((set) => `${row.metric} by ${set.join()}`),
        ...Object.keys(row.silence)
          .filter((answer) => !treatments.includes(answer))
          .map((answer) => `${row.metric}: ${answer}`),
      ];
    });
    expect(unused).toEqual([]);
  });
});

describe.each(PLATFORMS)("every alarm of %s", (_, stack) => {
  const alarms = alarmsOf(stack);

  it("is on a metric that AWS publishes, with its dimensions, statistic and period, and has a plausible threshold", () => {
    expect(alarms.length).toBeGreaterThan(0);
    expect(alarms.flatMap((alarm) => faults(alarm, regionOf(stack)).map((fault) => `${alarm.address}: ${fault}`))).toEqual([]);
  });

  it("is on a resource that exists", () => {
    const nowhere = alarms.flatMap((alarm) =>
      watchedBy(alarm)
        .flatMap(({ dimensions }) => Object.entries(dimensions))
        .filter(([dimension, value]) => !namesSomething(stack, dimension, value))
        .map(([dimension, value]) => `${alarm.address}: ${dimension} ${value}`),
    );
    expect(nowhere).toEqual([]);
  });

  it("has a unique name", () => {
    const names = alarms.map((alarm) => alarm["alarm_name"]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("an alarm that would never fire, or always, is found by", () => {
  const lag = alarmsOf(secondary).find((alarm) => alarm["metric_name"] === "AuroraGlobalDBReplicationLag") as Resource;
  const anomaly = alarmsOf(everything).find((alarm) => "threshold_metric_id" in alarm) as Resource;
  const share = alarmsOf(everything).find((alarm) => "metric_query" in alarm && !("threshold_metric_id" in alarm)) as Resource;
  const queries = share["metric_query"] as readonly Readonly<Record<string, unknown>>[];
  const canary = alarmsOf(everything).find((alarm) => alarm["metric_name"] === "SuccessPercent") as Resource;
  const health = alarmsOf(failover)[0] as Resource;
  const dimensions = { DBClusterIdentifier: "aurora-test-1-us-west-2" };

  const WRONG: [string, Resource, object, string][] = [
    ["a metric that is not in the table", lag, { metric_name: "DatabaseConnections" }, "AWS/RDS DatabaseConnections is not in the table"],
    ["a metric of another namespace", lag, { namespace: "AWS/Aurora" }, "AWS/Aurora AuroraGlobalDBReplicationLag is not in the table"],
    [
      "dimensions that are not published together",
      lag,
      { dimensions: { ...dimensions, SourceRegion: "us-east-1" } },
      "AWS publishes no AuroraGlobalDBReplicationLag by DBClusterIdentifier and SourceRegion",
    ],
    ["a statistic that hides the worst", lag, { statistic: "Average" }, "Average of AuroraGlobalDBReplicationLag says nothing"],
    ["a period that AWS does not have", lag, { period: 10 }, "AuroraGlobalDBReplicationLag has a period of 60 s, not 10"],
    [
      "no treatment of missing data",
      lag,
      { treat_missing_data: undefined },
      "missing data of AuroraGlobalDBReplicationLag are not what the alarm takes them for",
    ],
    ["seconds for milliseconds", lag, { threshold: 300 }, "300 is no sensible number of Milliseconds for AuroraGlobalDBReplicationLag"],
    ["another unit", lag, { unit: "Seconds" }, "AuroraGlobalDBReplicationLag is in Milliseconds"],
    ["no comparison", lag, { comparison_operator: "GreaterThanUpperThreshold" }, "it compares with no threshold"],
    [
      "more than all",
      canary,
      { comparison_operator: "GreaterThanThreshold", threshold: 100 },
      "100 is no sensible number of Percent for SuccessPercent",
    ],
    ["less than nothing", canary, { threshold: 0 }, "0 is no sensible number of Percent for SuccessPercent"],
    ["a band around nothing", anomaly, { threshold_metric_id: "observed" }, "it compares with no band around its metric"],
    ["a share of more than all", share, { threshold: 100 }, "100 is no sensible number of percent or seconds"],
    ["an expression without one of its metrics", share, { metric_query: queries.slice(0, -1) }, "the expression and its metrics differ"],
    [
      "two values",
      share,
      { metric_query: queries.map((query) => ({ ...query, return_data: true })) },
      "CloudWatch wants no other value back",
    ],
    ["a threshold in addition to a band", anomaly, { threshold: 1 }, "an anomaly has no threshold, period or statistic of its own"],
  ];

  it.each(WRONG)("%s", (_, alarm, change, fault) => {
    expect(faults(alarm, "us-west-2")).toEqual([]);
    expect(faults({ ...alarm, ...change }, "us-west-2")).toEqual([fault]);
  });

  it("a region in which Route 53 does not report", () => {
    expect(faults(health, "us-west-2")).toEqual(["HealthCheckStatus is reported in us-east-1 only"]);
  });

  it("a dimension that names nothing", () => {
    expect(namesSomething(secondary, "DBClusterIdentifier", "aurora-test-1-us-west-2")).toBe(true);
    expect(namesSomething(secondary, "DBClusterIdentifier", "aurora-test-1-us-east-1")).toBe(false);
    expect(namesSomething(secondary, "NatGatewayId", "${aws_nat_gateway.nowhere.id}")).toBe(false);
  });
});

describe("numbers that follow from others", () => {
  const alarmsOn = (name: string) => every.filter(({ alarm }) => watchedBy(alarm).some(({ metric }) => metric === name));

  it("the alarm on the lag between regions has the threshold of one minute, far below the recovery point objective, in both regions", () => {
    const lags = alarmsOn("AuroraGlobalDBReplicationLag");
    expect(new Set(lags.map(({ alarm }) => alarm["threshold"]))).toEqual(new Set([60_000]));
    expect(new Set(lags.map(({ stack }) => regionOf(stack)))).toEqual(new Set(["us-east-1", "us-west-2"]));
  });

  it("missing data of that lag is not breaching in any role: the fence reports a standby without a lag", () => {
    for (const { alarm } of alarmsOn("AuroraGlobalDBReplicationLag")) expect(alarm["treat_missing_data"]).toBe("notBreaching");
    const silent = alarmsOn("ReplicationSilent");
    expect(new Set(silent.map(({ stack }) => regionOf(stack)))).toEqual(new Set(["us-east-1", "us-west-2"]));
    for (const { alarm } of silent) expect(alarm).toMatchObject({ comparison_operator: "GreaterThanThreshold", threshold: 0 });
  });

  it("the alarm on a function's duration fires before the timeout, and not while half of the time is left", () => {
    const durations = alarmsOn("Duration");
    expect(durations.length).toBeGreaterThan(0);
    for (const { stack, alarm } of durations) {
      const name = watched(alarm).dimensions["FunctionName"];
      const lambda = stack.all("aws_lambda_function").find(({ function_name: function_ }) => function_ === name);
      const milliseconds = Number(lambda?.["timeout"]) * 1000;
      expect(alarm["threshold"]).toBeLessThan(milliseconds);
      expect(alarm["threshold"]).toBeGreaterThan(milliseconds / 2);
    }
  });

  it("the alarm of a canary evaluates one run at a time: a shorter period would contain no run", () => {
    const canaries = alarmsOn("SuccessPercent");
    const periods = canaries.map(({ stack, alarm }) => {
      const name = watched(alarm).dimensions["CanaryName"];
      const canary = stack.all("aws_synthetics_canary").find((candidate) => candidate["name"] === name);
      const [, minutes] = /^rate\((\d+) minutes?\)$/.exec((canary?.["schedule"] as { expression: string }).expression) ?? [];
      expect(alarm["period"]).toBe(Number(minutes) * 60);
      return alarm["period"];
    });
    expect(new Set(periods)).toEqual(new Set([60, 300]));
  });

  it("the expected number of tasks and of targets is the desired count of the service", () => {
    for (const { stack, alarm } of [...alarmsOn("RunningTaskCount"), ...alarmsOn("HealthyHostCount")]) {
      const { dimensions } = watched(alarm);
      if ("AvailabilityZone" in dimensions) {
        expect(alarm["threshold"]).toBe(1);
        continue;
      }
      const service = stack
        .all("aws_ecs_service")
        .find(
          ({ name, load_balancer: balancer }) =>
            name === dimensions["ServiceName"] ||
            ((balancer ?? []) as { target_group_arn: string }[]).some(
              ({ target_group_arn: group }) => target(group) === target(dimensions["TargetGroup"]),
            ),
        );
      expect(alarm["threshold"]).toBe(service?.["desired_count"]);
    }
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Names } from "../../config/naming";
import { loadBalancerSearch } from "../../modules/monitoring/load-balancer-search";
import { DATA, ONE_REGION, twoRegions } from "../support/config";
import { CONFIGURATIONS } from "../support/configurations";
import { type Box, boxesOf, expressionsOf, metricsOf } from "../support/dashboards";
import { everyStack, failoverStack, regionStack, type Synthesized } from "../support/synthesized";
import { evaluate, type Series } from "./metric-math";
import { finds, parseSearch, type Reading, READINGS, type StoredMetric } from "./search-grammar";

const widgets = boxesOf(failoverStack());
const titled = (words: string, all: readonly Box[] = widgets): Box[] => all.filter(({ properties }) => properties.title.includes(words));
const titlesOf = (all: readonly Box[]): string[] => all.map(({ properties }) => properties.title);

const readings = Object.keys(READINGS) as Reading[];
const SEARCHES = /SEARCH\('[^']*', '[^']*'\)/g;
const searchesOf = (box: Box): string[] => expressionsOf(box).flatMap(({ expression }) => expression.match(SEARCHES) ?? []);

/** The metrics that ELB publishes for a load balancer with one target group in one zone, under ids that AWS makes. */
function loadBalancerMetrics(loadBalancer: string, targetGroup: string, zone: string): StoredMetric[] {
  const LoadBalancer = `app/${loadBalancer}/50dc6c495c0c9188`;
  const TargetGroup = `targetgroup/${targetGroup}/943f017f100becff`;
  const AvailabilityZone = zone;
  const sets = [
    { LoadBalancer },
    { AvailabilityZone, LoadBalancer },
    { LoadBalancer, TargetGroup },
    { AvailabilityZone, LoadBalancer, TargetGroup },
  ];
  return ["RequestCount", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "HTTPCode_Target_2XX_Count", "HealthyHostCount"].flatMap(
    (name) => sets.map((dimensions) => ({ namespace: "AWS/ApplicationELB", name, dimensions })),
  );
}

describe("the dashboard over all regions", () => {
  it("shows for each region its alarms, its answers, its availability, its error budget, its capacity by zone and its deployments", () => {
    for (const words of [
      "Alarms of",
      "Answers of",
      "requests without a server error",
      "Error budget of",
      "Healthy tasks in each zone of",
      "Tasks and deployments of",
      "Canaries in",
    ])
      expect(titled(words).map(({ properties }) => /us-(east-1|west-2)/.exec(properties.title)?.[0])).toEqual(["us-east-1", "us-west-2"]);
    const ofOneRegion = widgets.filter(({ type, properties }) => type === "metric" && /us-(east-1|west-2)/.test(properties.title));
    expect(ofOneRegion.length).toBeGreaterThan(5);
    for (const { properties } of ofOneRegion) expect(properties.title).toContain(properties.region);
  });

  it("begins with the alarms, and then answers where clients are, who writes, how far the other region is behind, and whether they get answers", () => {
    expect(titlesOf(widgets).slice(0, 13)).toEqual([
      "Alarms of us-east-1",
      "Alarms of us-west-2",
      "Regions: health checks that DNS uses",
      "Clients: region to which the name of the service resolves",
      "Writer: region of the writer, and regions that allow writes",
      "Writes: commits per second",
      "Replication lag of the other regions, in milliseconds",
      "Answers of us-east-1: requests, and requests with a server error",
      "Answers of us-west-2: requests, and requests with a server error",
      "Availability of us-east-1: requests without a server error, in percent",
      "Availability of us-west-2: requests without a server error, in percent",
      "Error budget of us-east-1: percent used within 14 days",
      "Error budget of us-west-2: percent used within 14 days",
    ]);
  });

  it("asks nothing of other regions where there is one only", () => {
    const titles = titlesOf(boxesOf(failoverStack(ONE_REGION)));
    expect(titles).toEqual(expect.arrayContaining(["Writes: commits per second", "Alarms of us-east-1"]));
    expect(titles.filter((title) => /^(Clients|Writer|Replication)|us-west-2/.test(title))).toEqual([]);
  });

  it("shows the state of DNS by its health checks, which report in us-east-1", () => {
    const [box] = titled("that DNS uses");
    expect(box?.properties).toMatchObject({ region: "us-east-1" });
    expect(box?.properties.metrics).toHaveLength(2);
  });

  it("shows the clients' region, the writer and its writes, and the lags, each in the region that reports it", () => {
    const regions = ["us-east-1", "us-west-2"];
    const shown = (words: string, all: readonly Box[] = widgets) =>
      titled(words, all)
        .flatMap(metricsOf)
        .map(({ metric, region }) => `${metric} in ${region}`);
    const inEach = (...metrics: string[]): string[] => metrics.flatMap((metric) => regions.map((region) => `${metric} in ${region}`));
    expect(shown("Clients:")).toEqual(inEach("ServiceResolvesHere"));
    expect(shown("Writer:")).toEqual(inEach("DatabaseIsWriter", "WritesAllowed"));
    expect(shown("Writes:")).toEqual(inEach("CommitThroughput"));
    expect(shown("Replication lag of")).toEqual(inEach("AuroraGlobalDBReplicationLag"));
    expect(shown("Replication lag of", boxesOf(failoverStack({ ...twoRegions("hot"), ...DATA })))).toEqual(
      inEach("AuroraGlobalDBReplicationLag", "ReplicationLatency"),
    );
  });

  it("names alarms that exist in the regions", () => {
    for (const [index, region] of ["us-east-1", "us-west-2"].entries()) {
      const existing = regionStack({}, index)
        .all("aws_cloudwatch_composite_alarm")
        .map(({ alarm_name: name }) => `arn:aws:cloudwatch:${region}:123456789012:alarm:${String(name)}`);
      const [shown] = titled(`Alarms of ${region}`);
      expect(shown?.properties.alarms?.length).toBeGreaterThan(5);
      expect(shown?.properties.alarms?.filter((arn) => !existing.includes(arn))).toEqual([]);
    }
  });

  it.each(Object.entries(CONFIGURATIONS))("links to the dashboard of each region, in the console of that region: %s", (_, overrides) => {
    const stacks = everyStack(overrides);
    const existing = [...stacks]
      .filter(([stack]) => stack !== "global" && stack !== "failover")
      .map(([region, stack]) => [region, region, region, stack.only("aws_cloudwatch_dashboard")["dashboard_name"]]);
    const text = boxesOf(stacks.get("failover") ?? failoverStack()).find(({ type }) => type === "text")?.properties.markdown ?? "";
    const links = [
      ...text.matchAll(
        /\[([\w-]+)\]\(https:\/\/([\w-]+)\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=([\w-]+)#dashboards:name=([\w-]+)\)/g,
      ),
    ];
    expect(links.map((link) => link.slice(1))).toEqual(existing);
  });
});

/** Resource type and attribute of what a dimension names, in the stack of the region that has it. */
const NAMED: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  CanaryName: ["aws_synthetics_canary", "name"],
  ClusterName: ["aws_ecs_cluster", "name"],
  DBClusterIdentifier: ["aws_rds_cluster", "cluster_identifier"],
  ServiceName: ["aws_ecs_service", "name"],
};

function isNamed(dimension: string, value: string, region: string, stacks: ReadonlyMap<string, Synthesized>): boolean {
  const valuesOf = (stack: string, type: string, attribute: string): unknown[] =>
    stacks
      .get(stack)
      ?.all(type)
      .map((each) => each[attribute]) ?? [];
  switch (dimension) {
    case "Role":
      return value === "WRITER";
    case "HealthCheckId":
      return (
        stacks
          .get("failover")
          ?.all("aws_route53_health_check")
          .some(({ address }) => value === `\${${address}.id}`) ?? false
      );
    case "EnvironmentSuffix":
      return JSON.stringify(valuesOf(region, "aws_lambda_function", "environment")).includes(`"ENVIRONMENT_SUFFIX":"${value}"`);
    case "TableName":
      return [...stacks.keys()].some((stack) => valuesOf(stack, "aws_dynamodb_table", "name").includes(value));
    case "ReceivingRegion":
      return stacks.has(value) && value !== region;
    default: {
      const named = NAMED[dimension];
      if (!named) throw new Error(`${dimension} is not in NAMED`);
      return valuesOf(region, ...named).includes(value);
    }
  }
}

describe.each(Object.entries(CONFIGURATIONS))("the overview of %s", (_, overrides) => {
  const stacks = everyStack(overrides);
  const overview = boxesOf(stacks.get("failover") ?? failoverStack());

  it("shows metrics of resources that exist in the region of the metric", () => {
    const metrics = overview.flatMap(metricsOf);
    expect(metrics.length).toBeGreaterThan(2);
    const unnamed = metrics.flatMap(({ metric, dimensions, region }) =>
      Object.entries(dimensions)
        .filter(([dimension, value]) => !isNamed(dimension, value, region, stacks))
        .map(([dimension, value]) => `${metric} in ${region}: ${dimension} ${value}`),
    );
    expect(unnamed).toEqual([]);
  });

  it("finds the metrics of the load balancer of its region under the name that AWS makes, each once, and no others", () => {
    const searching = overview.filter((box) => searchesOf(box).length > 0);
    expect(new Set(searching.map(({ properties }) => properties.region)).size).toBe(stacks.size - 2);
    for (const box of searching) {
      const stack = stacks.get(box.properties.region);
      const targetGroup = String(stack?.all("aws_lb_target_group")[0]?.["name"]);
      const own = loadBalancerMetrics(String(stack?.only("aws_lb")["name"]), targetGroup, `${box.properties.region}a`);
      const others = ["alb-other", "alb-test-12", "alb-x-test-1", "alb-test"].flatMap((name) =>
        loadBalancerMetrics(name, targetGroup, "us-east-1a"),
      );
      for (const expression of searchesOf(box))
        for (const reading of readings) {
          const found = [...own, ...others].filter((metric) => finds(parseSearch(expression), metric, reading));
          const names = [...expression.matchAll(/MetricName="(\w+)"/g)].map(([, name]) => name);
          expect(found.map(({ name }) => name)).toEqual(names);
          expect(found.filter((metric) => !own.includes(metric))).toEqual([]);
        }
    }
  });
});

describe("a search for the load balancer of an environment", () => {
  const namesOf = (suffix: string): Names => new Names(suffix, "us-east-1", "123456789012");
  const isFound = (suffix: string, other: string, reading: Reading): boolean => {
    const search = parseSearch(loadBalancerSearch(namesOf(suffix), "LoadBalancer", ["RequestCount"], "Sum"));
    return loadBalancerMetrics(namesOf(other).of("lb"), "tg", "us-east-1a").some((metric) => finds(search, metric, reading));
  };

  it("finds it with any suffix", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    const suffix = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-").slice(0, 20).replace(/-$/, ""));
    fc.assert(fc.property(suffix, fc.constantFrom(...readings), (own, reading) => isFound(own, own, reading)));
  });

  it.each(["pr-42", "pr-5", "pr-14", "pr-a-4", "pr", "4", "x-pr-4", "xpr-4", "prod"])(
    "does not find that of %s with the suffix pr-4",
    (other) => {
      for (const reading of readings) expect(isFound("pr-4", other, reading)).toBe(false);
    },
  );

  it("also finds that of a suffix that continues with other tokens, which the syntax cannot exclude", () => {
    expect(readings.map((reading) => isFound("pr-4", "pr-4-b", reading))).toEqual([true, true]);
    // The documentation does not say whether 4b is one token.
    expect(readings.map((reading) => isFound("pr-4", "pr-4b", reading))).toEqual([true, false]);
    expect(readings.map((reading) => isFound("pr-4-b", "pr-4", reading))).toEqual([false, false]);
  });
});

describe("availability and error budget", () => {
  const LoadBalancer = "app/alb-test-1/50dc6c495c0c9188";
  const lines = (words: string) => titled(words).map(expressionsOf)[0] ?? [];
  const metrics = (values: Readonly<Record<string, Series>>): Map<StoredMetric, Series> =>
    new Map(
      Object.entries(values).map(([name, series]) => [{ namespace: "AWS/ApplicationELB", name, dimensions: { LoadBalancer } }, series]),
    );
  const shown = (words: string, values: Readonly<Record<string, Series>>) => Object.fromEntries(evaluate(lines(words), metrics(values)));

  it("have values while the load balancer has never had an error, for which there is no metric", () => {
    const values = { RequestCount: [100, undefined, 50] };
    expect(shown("Answers of", values)).toEqual({ requests: [100, undefined, 50], "with a server error": [0, undefined, 0] });
    expect(shown("Availability of", values)).toEqual({ percent: [100, undefined, 100] });
    expect(shown("Error budget of", values)).toEqual({ "percent of the budget": [0, undefined, 0] });
  });

  it("count the errors of the tasks, and those of the load balancer as requests, too", () => {
    const values = {
      RequestCount: [9_990, 10_000, undefined],
      HTTPCode_ELB_5XX_Count: [10, undefined, 5],
      HTTPCode_Target_5XX_Count: [undefined, 1, undefined],
    };
    expect(shown("Answers of", values)).toEqual({ requests: [10_000, 10_000, 5], "with a server error": [10, 1, 5] });
    const { percent } = shown("Availability of", values);
    expect(percent?.map((value) => Number(value?.toFixed(6)))).toEqual([99.9, 99.99, 0]);
  });

  it("measure the errors of the time range against those that the objective allows: 1 of 10,000 requests", () => {
    const allowed = shown("Error budget of", { RequestCount: [5_000, 5_000], HTTPCode_Target_5XX_Count: [undefined, 1] });
    expect(allowed["percent of the budget"]?.map((value) => Number(value?.toFixed(6)))).toEqual([0, 100]);
    const [budget] = titled("Error budget of");
    expect(budget?.properties.annotations?.horizontal).toEqual([{ value: 100, label: "all of it" }]);
  });
});

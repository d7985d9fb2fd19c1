import { describe, expect, it } from "@jest/globals";
import { boxes, type Box, expressionsOf, metricsOf } from "../support/dashboards";
import { CONFIGURATIONS } from "../support/configurations";
import { everyStack } from "../support/synthesized";
import { DASHBOARD_TABLE, shownRow } from "./dashboard-table";
import { parseSearch } from "./search-grammar";

/** The limits of a dashboard. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const COLUMNS = 24;
const MAX_WIDGETS = 500;
const MAX_ALARMS = 100;
/** Of a graph, and of a dashboard, hidden ones included. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
const MAX_METRICS = 500;
const MAX_METRICS_OF_ALL = 2500;
/** Of one graph. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const MAX_SEARCHES = 100;
/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html */
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

const SEARCHES = /SEARCH\('[^']*', '[^']*'\)/g;
const searchesOf = (box: Box): string[] => expressionsOf(box).flatMap(({ expression }) => expression.match(SEARCHES) ?? []);

const dashboardsOf = (overrides: Readonly<Record<string, unknown>>) =>
  [...everyStack(overrides).values()].flatMap((stack) => stack.all("aws_cloudwatch_dashboard"));

/** The metrics of a graph, those that its searches find included. */
function shownBy(box: Box) {
  const searched = searchesOf(box).flatMap((expression) => {
    const { schema, statistic } = parseSearch(expression);
    const dimensions = Object.fromEntries((schema?.dimensions ?? []).map((name) => [name, ""]));
    return [...expression.matchAll(/MetricName="(\w+)"/g)].map(([, metric = ""]) => ({
      namespace: schema?.namespace ?? "",
      metric,
      dimensions,
      statistic,
      region: box.properties.region,
    }));
  });
  return [...metricsOf(box), ...searched];
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe.each(Object.entries(CONFIGURATIONS))("the dashboards of %s", (_, overrides) => {
  const dashboards = dashboardsOf(overrides);
  const all = dashboards.flatMap(boxes);

  it("have names and sizes that CloudWatch accepts", () => {
    expect(dashboards.length).toBeGreaterThan(1);
    for (const dashboard of dashboards) {
      expect(dashboard["dashboard_name"]).toMatch(NAME);
      const own = boxes(dashboard);
      expect(own.length).toBeLessThanOrEqual(MAX_WIDGETS);
      expect(own.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(MAX_METRICS_OF_ALL);
    }
    for (const { type, properties } of all) {
      if (type === "metric") expect(properties.metrics?.length).toBeGreaterThan(0);
      expect((properties.metrics ?? []).length).toBeLessThanOrEqual(MAX_METRICS);
      if (type === "alarm") expect(properties.alarms?.length).toBeGreaterThan(0);
      expect((properties.alarms ?? []).length).toBeLessThanOrEqual(MAX_ALARMS);
    }
  });

  it("have no widget that lies outside the grid or covers another, and none that is too narrow", () => {
    for (const dashboard of dashboards) {
      const own = boxes(dashboard);
      expect(own.filter(({ x, y, width, height }) => x < 0 || y < 0 || width < 6 || height < 1 || x + width > COLUMNS)).toEqual([]);
      const covered = own.flatMap((box, index) => own.slice(index + 1).filter((other) => overlap(box, other)));
      expect(covered.map(({ properties }) => properties.title)).toEqual([]);
    }
  });

  it("have no two widgets with one title, and no metric twice in a widget", () => {
    for (const dashboard of dashboards) {
      const titles = boxes(dashboard).map(({ properties }) => properties.title);
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
    }
    for (const { properties } of all) {
      const lines = (properties.metrics ?? []).map((line) => JSON.stringify(line));
      expect(lines.filter((line, index) => lines.indexOf(line) !== index)).toEqual([]);
    }
  });

  it("show metrics that AWS publishes, with their dimensions and statistics, in the region that has them", () => {
    const shown = all.flatMap(shownBy);
    expect(shown.length).toBeGreaterThan(20);
    const unknown = shown.filter((metric) => !shownRow(metric));
    expect(unknown).toEqual([]);
    expect(shown.filter((metric) => (shownRow(metric)?.region ?? metric.region) !== metric.region)).toEqual([]);
  });

  it("have expressions that the documentation describes", () => {
    for (const box of all) {
      const searches = searchesOf(box);
      expect(searches.length).toBeLessThanOrEqual(MAX_SEARCHES);
      for (const search of searches) expect(() => parseSearch(search)).not.toThrow();
      const ids = new Set(expressionsOf(box).flatMap(({ id }) => id ?? []));
      for (const { expression } of expressionsOf(box)) {
        const words = expression.replaceAll(SEARCHES, "").match(/\b[a-z_]\w*/g) ?? [];
        expect(words.filter((word) => !ids.has(word))).toEqual([]);
      }
    }
  });

  it("show metrics by the minute, except the error budget, which is one of days", () => {
    const graphs = all.filter(({ type }) => type === "metric");
    const days = graphs.filter(({ properties }) => properties.start !== undefined);
    const minutes = graphs.filter((box) => !days.includes(box));
    expect(new Set(minutes.map(({ properties }) => properties.period))).toEqual(new Set([60]));
    expect(days.length).toBeGreaterThan(0);
    for (const { properties } of days) expect(properties).toMatchObject({ start: "-P14D", period: 3600 });
    expect(days.filter(({ properties }) => !properties.title.startsWith("Error budget of"))).toEqual([]);
  });
});

describe("the table of shown metrics", () => {
  it("has the page of AWS that describes each metric, and no row that no dashboard shows", () => {
    expect(DASHBOARD_TABLE.filter(({ source }) => !/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html$/.test(source))).toEqual([]);
    const shown = new Set(Object.values(CONFIGURATIONS).flatMap(dashboardsOf).flatMap(boxes).flatMap(shownBy).map(shownRow));
    expect(DASHBOARD_TABLE.filter((row) => !shown.has(row)).map(({ metric }) => metric)).toEqual([]);
  });
});

describe("the dashboard of a region", () => {
  const titlesOf = (name: string): string[] => {
    const [, stack] = [...everyStack(CONFIGURATIONS[name] ?? {})].find(([region]) => region === "us-east-1") ?? [];
    return boxes(stack?.only("aws_cloudwatch_dashboard") ?? { address: "", resourceType: "" }).map(({ properties }) => properties.title);
  };

  it("shows every tier: load balancer, services, functions, events, queues, database, cache, sessions, backups, canaries, NAT gateways, alerts", () => {
    expect([...titlesOf("everything"), ...titlesOf("hot-standby")]).toEqual(
      expect.arrayContaining([
        "Requests and errors",
        "Targets",
        "Targets of ledger",
        "Healthy targets of ledger in each zone",
        "Latency and errors of ledger",
        ...["", " of ledger", " of risk"].flatMap((of) => [`Running tasks${of}`, `CPU and memory of the tasks${of}`]),
        "Invocations of validate-payment",
        "Messages in validation-dead-letters",
        "Events",
        "Failed deliveries of events",
        "Messages in event-dead-letters",
        "Replica lag of the database",
        "Writer uptime (zero after a failover)",
        "Writer",
        "Readers",
        "Commit latency of the writer",
        "Free memory and local storage of the worst database instance",
        "Lag behind the primary region",
        "Primary nodes of the cache (a change is a failover)",
        "CPU of the cache engine",
        "Memory of the cache",
        "Replica lag of the cache",
        "Evicted keys",
        "Client connections of the cache",
        "Capacity that requests for sessions consume",
        "Throttled session requests",
        "System errors of DynamoDB (sessions)",
        "Replication latency of sessions",
        "Backups",
        "Invocations of service-export",
        "Canaries: successful runs, in percent",
        "Connections of the NAT gateways",
        "Lost connections of the NAT gateways",
        "Invocations of forward-alert",
        "Messages in alert-dead-letters",
        "Alerts in the queue for your consumers",
        "Messages in rule-dead-letters",
      ]),
    );
  });
});

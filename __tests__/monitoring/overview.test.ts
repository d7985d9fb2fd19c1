import { describe, expect, it } from "@jest/globals";
import { failoverStack, regionStack } from "../support/synthesized";

describe("the dashboard over all regions", () => {
  interface Box {
    readonly type: string;
    readonly x: number;
    readonly width: number;
    readonly properties: { readonly title: string; readonly region?: string; readonly alarms?: string[]; readonly metrics?: unknown[][] };
  }
  const { widgets } = JSON.parse(String(failoverStack().only("aws_cloudwatch_dashboard")["dashboard_body"])) as { widgets: Box[] };
  const titled = (words: string): Box[] => widgets.filter(({ properties }) => properties.title.includes(words));

  it("shows for each region its alarms, how far it is behind, its capacity by zone, its budget of errors and its deployments", () => {
    for (const words of [
      "Alarms of",
      "Replication lag of",
      "Healthy tasks in each zone of",
      "requests without a server error",
      "Tasks and deployments of",
      "Canaries in",
    ])
      expect(titled(words).map(({ properties }) => /us-(east-1|west-2)/.exec(properties.title)?.[0])).toEqual(["us-east-1", "us-west-2"]);
    const ofOneRegion = widgets.filter(({ type, properties }) => type === "metric" && !properties.title.startsWith("Regions"));
    expect(ofOneRegion.length).toBeGreaterThan(5);
    for (const { properties } of ofOneRegion) expect(properties.title).toContain(properties.region);
  });

  it("shows the state of DNS by its health checks, which report in us-east-1", () => {
    const [box] = titled("that DNS uses");
    expect(box?.properties).toMatchObject({ region: "us-east-1" });
    expect(box?.properties.metrics).toHaveLength(2);
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

  it("has no widget outside the grid", () => {
    expect(widgets.length).toBeGreaterThan(5);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });
});

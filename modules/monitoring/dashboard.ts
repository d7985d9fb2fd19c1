import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { AnyWidget, DisplayedMetric, Expression, Widget } from "./metric";

export interface DashboardProps {
  /** Makes the names of the resources. Another suffix makes another environment. */
  readonly names: Names;
  /** Distinguishes it from other dashboards, as part of its name: `overview`. @default - the dashboard of the region */
  readonly role?: string;
  /** Region of the metrics, unless a widget has its own. */
  readonly region: string;
  /** Rows of widgets. Each row has the full width, and more than one line if a widget would be too narrow to read. */
  readonly rows: readonly (readonly AnyWidget[])[];
}

const COLUMNS = 24;
const MAX_IN_LINE = 4;
const GRAPH_HEIGHT = 6;
const TEXT_HEIGHT = 2;
const PERIOD_SECONDS = 60;

/**
 * A dashboard of rows of widgets. It does not depend on their content.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { names, role, region, rows }: DashboardProps) {
    super(scope, id);
    const widgets = placed(rows.flatMap(lines)).map(({ widget, ...box }) => ({ ...box, ...content(widget, region) }));
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: names.of("cloudwatch_dashboard", role),
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

/** The lines of a row, as equal in length as possible. */
function lines(row: readonly AnyWidget[]): AnyWidget[][] {
  const count = Math.ceil(row.length / MAX_IN_LINE);
  const length = Math.ceil(row.length / count);
  return Array.from({ length: count }, (_, index) => row.slice(index * length, (index + 1) * length));
}

function placed(all: readonly (readonly AnyWidget[])[]) {
  const heights = all.map((line) => Math.max(...line.map(heightOf)));
  return all.flatMap((line, index) => {
    const width = Math.floor(COLUMNS / line.length);
    const y = heights.slice(0, index).reduce((sum, height) => sum + height, 0);
    return line.map((widget, x) => ({ widget, x: x * width, y, width, height: heightOf(widget) }));
  });
}

function heightOf(widget: AnyWidget): number {
  return "markdown" in widget ? TEXT_HEIGHT : GRAPH_HEIGHT;
}

function content(widget: AnyWidget, ownRegion: string): { type: string; properties: object } {
  if ("markdown" in widget) return { type: "text", properties: { markdown: widget.markdown } };
  if ("alarmArns" in widget) return { type: "alarm", properties: { title: widget.title, alarms: widget.alarmArns } };
  return { type: "metric", properties: graph(widget, ownRegion) };
}

function graph({ title, metrics, threshold, range, region }: Widget, ownRegion: string): object {
  return {
    title,
    region: region ?? ownRegion,
    view: "timeSeries",
    period: range?.periodSeconds ?? PERIOD_SECONDS,
    ...(range && { start: `-P${range.days}D` }),
    metrics: metrics.map(metricLine),
    ...(threshold && { annotations: { horizontal: [{ value: threshold.value, label: threshold.label }] } }),
  };
}

function metricLine(metric: DisplayedMetric | Expression): unknown[] {
  if ("expression" in metric)
    return [{ expression: metric.expression, label: metric.label, ...(metric.id && { id: metric.id, visible: metric.visible ?? false }) }];
  const { namespace, name, dimensions, statistic, label, region } = metric;
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, label, ...(region && { region }) }];
}

import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { AlarmWidget, Expression, Metric, Widget } from "./metric";

export interface DashboardProps {
  readonly names: Names;
  /** Distinguishes it from other dashboards, as part of its name: `overview`. @default - the dashboard of the region */
  readonly role?: string;
  /** Region of the metrics, unless a widget has its own. */
  readonly region: string;
  /** Rows of widgets. Each row has the full width. */
  readonly rows: readonly (readonly (Widget | AlarmWidget)[])[];
}

const COLUMNS = 24;
const HEIGHT = 6;
const PERIOD_SECONDS = 60;

/** A dashboard of rows of widgets. It does not depend on their content. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { names, role, region, rows }: DashboardProps) {
    super(scope, id);
    const widgets = rows
      .filter((row) => row.length > 0)
      .flatMap((row, y) => {
        const width = Math.floor(COLUMNS / row.length);
        return row.map((widget, x) => ({ x: x * width, y: y * HEIGHT, width, height: HEIGHT, ...content(widget, region) }));
      });
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: names.of("cloudwatch_dashboard", role),
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function content(widget: Widget | AlarmWidget, ownRegion: string): { type: string; properties: object } {
  if ("alarmArns" in widget) return { type: "alarm", properties: { title: widget.title, alarms: widget.alarmArns } };
  const { title, metrics, threshold, region = ownRegion } = widget;
  return {
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      period: PERIOD_SECONDS,
      metrics: metrics.map(line),
      ...(threshold && { annotations: { horizontal: [{ value: threshold.value, label: threshold.label }] } }),
    },
  };
}

function line(metric: Metric | Expression): unknown[] {
  if ("expression" in metric)
    return [{ expression: metric.expression, label: metric.label, ...(metric.id && { id: metric.id, visible: false }) }];
  const { namespace, name, dimensions, statistic, label } = metric;
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, label }];
}

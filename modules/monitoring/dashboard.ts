import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Metric, Widget } from "./metric";

export interface DashboardProps {
  readonly names: Names;
  readonly region: string;
  /** Each module's widgets, in the order in which a request meets the modules. */
  readonly rows: readonly (readonly Widget[])[];
}

const COLUMNS = 24;
const HEIGHT = 6;

/** Lays the modules' widgets out, one row a module, and knows nothing of what they show. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { names, region, rows }: DashboardProps) {
    super(scope, id);
    const widgets = rows.flatMap((row, y) => {
      const width = Math.floor(COLUMNS / row.length);
      return row.map((widget, x) => ({
        type: "metric",
        x: x * width,
        y: y * HEIGHT,
        width,
        height: HEIGHT,
        properties: properties(widget, region),
      }));
    });
    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: names.of("cloudwatch_dashboard"),
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

function properties({ title, metrics, threshold }: Widget, region: string): object {
  return {
    title,
    region,
    view: "timeSeries",
    period: 60,
    metrics: metrics.map(line),
    ...(threshold && { annotations: { horizontal: [{ value: threshold.value, label: threshold.label }] } }),
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function line({ namespace, name, dimensions, statistic, label }: Metric): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, label }];
}

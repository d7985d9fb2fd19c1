/** One CloudWatch metric, as alarms and dashboards name it. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Words for the legend. */
  readonly label: string;
}

/** What CloudWatch shows in one box of a dashboard; place and size come from the dashboard. */
export interface Widget {
  readonly title: string;
  readonly metrics: readonly Metric[];
  /** A line drawn across the graph, where the alarm rings. */
  readonly threshold?: { readonly value: number; readonly label: string };
}

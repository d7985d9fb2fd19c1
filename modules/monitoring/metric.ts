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

/** Metrics that are found, or counted, when somebody looks: a search, or a sum of others. */
export interface Expression {
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
  readonly expression: string;
  readonly label: string;
  /** Name for other expressions; with one it is not drawn itself. */
  readonly id?: string;
}

/** What CloudWatch shows in one box of a dashboard; place and size come from the dashboard. */
export interface Widget {
  readonly title: string;
  readonly metrics: readonly (Metric | Expression)[];
  /** @default - the dashboard's own */
  readonly region?: string;
  /** A line drawn across the graph, where the alarm rings. */
  readonly threshold?: { readonly value: number; readonly label: string };
}

/** A box with the state of alarms, of any region. */
export interface AlarmWidget {
  readonly title: string;
  readonly alarmArns: readonly string[];
}

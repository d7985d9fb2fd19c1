/** One CloudWatch metric of an alarm or a dashboard. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Text of the legend. */
  readonly label: string;
}

/** A metric expression that CloudWatch evaluates when the dashboard is opened: a search, or a sum of other metrics. */
export interface Expression {
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
  readonly expression: string;
  readonly label: string;
  /** Id by which other expressions refer to it. With an id it is not displayed itself. */
  readonly id?: string;
}

/** One widget of a dashboard with metrics. The dashboard sets position and size. */
export interface Widget {
  readonly title: string;
  readonly metrics: readonly (Metric | Expression)[];
  /** @default - the region of the dashboard */
  readonly region?: string;
  /** Horizontal line in the graph at the threshold of the alarm. */
  readonly threshold?: { readonly value: number; readonly label: string };
}

/** One widget with the states of alarms of any region. */
export interface AlarmWidget {
  readonly title: string;
  readonly alarmArns: readonly string[];
}

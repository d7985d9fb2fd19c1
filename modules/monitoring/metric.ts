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

/** A value that CloudWatch computes from metrics whenever it evaluates an alarm. */
export interface ComputedMetric {
  /** Metric math with the names of the metrics. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
  readonly expression: string;
  /** The metrics by the names that the expression uses: a lower-case letter, then letters, digits and underscores. */
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly label: string;
}

/** A metric expression that CloudWatch evaluates when the dashboard is opened: a search, or a sum of other metrics. */
export interface Expression {
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
  readonly expression: string;
  readonly label: string;
  /** Id by which other expressions refer to it. */
  readonly id?: string;
  /** Whether the graph shows it. @default - only without an id */
  readonly visible?: boolean;
}

/** A metric in a graph, which can show metrics of several regions. */
export interface DisplayedMetric extends Metric {
  /** @default - the region of the widget */
  readonly region?: string;
}

/** One widget of a dashboard with metrics. The dashboard sets position and size. */
export interface Widget {
  readonly title: string;
  /** At most 500. */
  readonly metrics: readonly (DisplayedMetric | Expression)[];
  /** @default - the region of the dashboard */
  readonly region?: string;
  /** Horizontal line in the graph at the threshold of the alarm. */
  readonly threshold?: { readonly value: number; readonly label: string };
  /**
   * Time range of the widget. The period of its data points is longer than a minute for ranges of days.
   * @default - the time range of the dashboard, by the minute
   * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudwatch.GraphWidgetProps.html
   */
  readonly range?: { readonly days: number; readonly periodSeconds: number };
}

/** One widget with the states of alarms of any region. */
export interface AlarmWidget {
  readonly title: string;
  /** 1–100. */
  readonly alarmArns: readonly string[];
}

/** One widget with text: a line with links. */
export interface TextWidget {
  /** @see https://docs.aws.amazon.com/general/latest/gr/aws-markdown.html */
  readonly markdown: string;
}

export type AnyWidget = Widget | AlarmWidget | TextWidget;

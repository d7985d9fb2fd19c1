import type { Resource, Synthesized } from "./synthesized";

/** An expression of a graph, as the body of a dashboard has it. */
export interface ShownExpression {
  readonly expression: string;
  readonly label: string;
  readonly id?: string;
  readonly visible?: boolean;
}

export type MetricLine = readonly (
  string | { readonly stat: string; readonly label: string; readonly region?: string } | ShownExpression
)[];

/** One widget in the body of a dashboard. */
export interface Box {
  readonly type: "alarm" | "metric" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    /** Empty for a text. */
    readonly title: string;
    readonly region: string;
    readonly period: number;
    readonly start?: string;
    readonly alarms?: readonly string[];
    readonly markdown?: string;
    readonly metrics?: readonly MetricLine[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly label: string }[] };
  };
}

/** The widgets of a dashboard, in the order of its body. */
export function boxes(dashboard: Resource): readonly Box[] {
  const { widgets } = JSON.parse(String(dashboard["dashboard_body"])) as { readonly widgets: readonly Box[] };
  return widgets.map((box) => ({ ...box, properties: { ...box.properties, title: box.type === "text" ? "" : box.properties.title } }));
}

/** The widgets of the only dashboard of a stack. */
export function boxesOf(stack: Synthesized): readonly Box[] {
  return boxes(stack.only("aws_cloudwatch_dashboard"));
}

/** The expressions of a graph. */
export function expressionsOf({ properties }: Box): ShownExpression[] {
  return (properties.metrics ?? []).flatMap((line) =>
    line.flatMap((part) => (typeof part === "object" && "expression" in part ? part : [])),
  );
}

/** The metrics of a graph, each with the region that publishes it. */
export function metricsOf({ properties }: Box) {
  return (properties.metrics ?? []).flatMap((line) => {
    const [namespace, metric, ...others] = line;
    const rendering = others.at(-1);
    if (typeof namespace !== "string" || typeof metric !== "string" || typeof rendering !== "object" || !("stat" in rendering)) return [];
    const words = others.slice(0, -1).map(String);
    const dimensions: Record<string, string> = Object.fromEntries(
      words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ""]] : [])),
    );
    const { stat: statistic, label, region = properties.region } = rendering;
    return [{ namespace, metric, dimensions, statistic, label, region }];
  });
}

type Values = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: "above",
  GreaterThanOrEqualToThreshold: "at or above",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at or below",
  LessThanLowerOrGreaterThanUpperThreshold: "outside the expected band",
};

/** When an alarm is in ALARM: `Maximum of AWS/RDS CPUUtilization above 90, 1 of 1 periods of 60 s`. For a composite alarm, the alarms of its rule. */
export function alarmCondition(values: Values): string {
  const rule = values["alarm_rule"];
  if (typeof rule === "string") return rule.replaceAll(/ALARM\("([^"]*)"\)/g, "$1");
  const operator = OPERATORS[String(values["comparison_operator"])];
  if (operator === undefined) throw new Error(`no words for ${String(values["comparison_operator"])}`);
  const queries = (values["metric_query"] ?? []) as readonly Values[];
  const metrics = queries.map(({ metric }) => metric as Values | undefined).filter((metric) => metric !== undefined);
  const threshold = values["threshold"] === undefined ? operator : `${operator} ${text(values["threshold"])}`;
  const period = String(values["period"] ?? metrics[0]?.["period"]);
  const points = `${String(values["datapoints_to_alarm"] ?? values["evaluation_periods"])} of ${String(values["evaluation_periods"])} periods of ${period} s`;
  return `${measured(values, queries)} ${threshold}, ${points}`;
}

function measured(values: Values, queries: readonly Values[]): string {
  if (queries.length === 0) return metricText(values, String(values["statistic"] ?? values["extended_statistic"]));
  const [expression] = queries.filter((query) => query["expression"] !== undefined);
  const metrics = queries.flatMap(({ id, metric }) => {
    const found = metric as Values | undefined;
    return found === undefined ? [] : [{ id: String(id), text: metricText(found, String(found["stat"])) }];
  });
  if (values["threshold_metric_id"] !== undefined) return metrics.map(({ text }) => text).join(", ");
  const where = metrics.map(({ id, text }) => `\`${id}\` is ${text}`).join("; ");
  return `${text(expression?.["label"])} = \`${String(expression?.["expression"])}\` (${where})`;
}

function metricText(metric: Values, statistic: string): string {
  return `${statistic} of ${String(metric["namespace"])} ${String(metric["metric_name"])}`;
}

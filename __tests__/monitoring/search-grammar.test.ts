import { describe, expect, it } from "@jest/globals";
import { finds, matchesPartly, parseSearch, type Reading, READINGS, type StoredMetric } from "./search-grammar";

const readings = Object.keys(READINGS) as Reading[];

const cpu = (namespace: string, dimensions: Readonly<Record<string, string>>): StoredMetric => ({
  namespace,
  name: "CPUUtilization",
  dimensions,
});
const lambda = (name: string, FunctionName: string): StoredMetric => ({ namespace: "AWS/Lambda", name, dimensions: { FunctionName } });

/** The examples of the documentation. */
const SYNTAX = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html";
const ERRORS_OR_INVOCATIONS = `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" OR (MetricName="Invocations" AND (ProjectA OR ProjectB))', 'Average')`;

describe(`the model of searches: the examples of ${SYNTAX}`, () => {
  it.each([
    ["count", "CustomCount1", true],
    ["COUNT", "CustomCount1", true],
    ["couNT", "CustomCount1", false],
    ["CustomCount", "CustomCount1", true],
    ["Count1", "CustomCount1", true],
    ["customcount", "CustomCount1", false],
    ["count1", "CustomCount1", false],
    ["customcount1", "CustomCount1", true],
    ["failure", "SDBFailure", true],
    ["sdb", "SDBFailure", true],
    ["project2trial333", "Project2-trial333", true],
    ["trial", "Project2-trial333", true],
    ...["network/errors", "network+errors", "network-errors", "Network_Errors"].flatMap((term) => [
      [term, "Network-Errors-2", true] as const,
      [term, "NetworkErrors2", true] as const,
    ]),
  ] as const)("%s in %s: %s", (term, value, isFound) => {
    for (const reading of readings) expect([reading, matchesPartly(term, value, reading)]).toEqual([reading, isFound]);
  });

  it.each([
    [`SEARCH('{AWS/EC2,InstanceId} MetricName="CPUUtilization"', 'Average')`, cpu("AWS/EC2", { InstanceId: "i-1" }), true],
    [`SEARCH('{AWS/EC2,InstanceId} MetricName="CPUUtilization"', 'Average')`, cpu("AWS/EC2", { InstanceType: "t2.micro" }), false],
    [`SEARCH('{AWS/EC2} MetricName="CPUUtilization"', 'Average', 300)`, cpu("AWS/EC2", { InstanceId: "i-1" }), false],
    [
      `SEARCH('{AWS/EC2,InstanceType} InstanceType=micro MetricName="CPUUtilization"', 'Average')`,
      cpu("AWS/EC2", { InstanceType: "t2.micro" }),
      true,
    ],
    [`SEARCH('InstanceType="t2" Namespace="AWS/EC2"', 'Average')`, cpu("AWS/EC2", { InstanceType: "t2.micro" }), false],
    [
      `SEARCH('{AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456', 'Average')`,
      cpu("AWS/EC2", { InstanceId: "i-1234567890123456" }),
      false,
    ],
    [
      `SEARCH('{AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456', 'Average')`,
      cpu("AWS/EC2", { InstanceId: "i-6543210987654321" }),
      true,
    ],
    [`SEARCH('NOT Namespace=AWS', 'Maximum')`, cpu("AWS/EC2", {}), false],
    [`SEARCH('NOT Namespace=AWS', 'Maximum')`, cpu("Payments", {}), true],
    [`SEARCH('(EC2 OR EBS) AND MetricName=CPUUtilization', 'Maximum')`, cpu("AWS/EC2", {}), true],
    [ERRORS_OR_INVOCATIONS, lambda("Errors", "Other"), true],
    [ERRORS_OR_INVOCATIONS, lambda("Invocations", "Other"), false],
    [ERRORS_OR_INVOCATIONS, lambda("Invocations", "ProjectA-export"), true],
    [
      String.raw`SEARCH('"Europe\\France Traffic\(Network\)"', 'Sum')`,
      { namespace: "N", name: String.raw`Europe\France Traffic(Network)`, dimensions: {} },
      true,
    ],
  ] as const)("%s", (expression, metric, isFound) => {
    for (const reading of readings) expect([reading, finds(parseSearch(expression), metric, reading)]).toEqual([reading, isFound]);
  });

  it("does not know the end of a value: a term in quotes is the whole value, and a term without quotes any tokens of it", () => {
    const metric = cpu("AWS/ApplicationELB", { LoadBalancer: "app/alb-pr-4/50dc6c495c0c9188" });
    const inQuotes = parseSearch(`SEARCH('{AWS/ApplicationELB,LoadBalancer} "app/alb-pr-4"', 'Sum')`);
    const withoutQuotes = parseSearch(`SEARCH('{AWS/ApplicationELB,LoadBalancer} LoadBalancer=app/alb-pr-4', 'Sum')`);
    expect(readings.map((reading) => [finds(inQuotes, metric, reading), finds(withoutQuotes, metric, reading)])).toEqual(
      readings.map(() => [false, true]),
    );
  });

  it.each([
    ["no statistic", `SEARCH('{AWS/EC2} CPU')`, "no search"],
    ["an unknown statistic", `SEARCH('{AWS/EC2} CPU', 'Total')`, "no search"],
    ["a parenthesis that is not closed", `SEARCH('(CPU', 'Sum')`, "not closed"],
    ["a parenthesis that is not opened", `SEARCH('CPU)', 'Sum')`, "not opened"],
    ["a quote that is not closed", `SEARCH('"CPU', 'Sum')`, "not closed"],
    ["an operator without an operand", `SEARCH('CPU OR', 'Sum')`, "no operand"],
    ["operators whose precedence is not documented", `SEARCH('CPU OR Memory Disk', 'Sum')`, "AND and OR without parentheses"],
    ["more than 1024 characters", `SEARCH('${"a".repeat(1025)}', 'Sum')`, "more than 1024 characters"],
  ])("rejects %s", (_, expression, reason) => {
    expect(() => parseSearch(expression)).toThrow(reason);
  });
});

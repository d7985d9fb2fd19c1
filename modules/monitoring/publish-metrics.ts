import type { Statement } from "../iam/policy";

/** Permission to publish metrics in one namespace. */
export function publishMetrics(Sid: string, namespace: string): Statement {
  return {
    Sid,
    Action: "cloudwatch:PutMetricData",
    everyResourceBecause: "PutMetricData has no resource type",
    Condition: { StringEquals: { "cloudwatch:namespace": namespace } },
  };
}

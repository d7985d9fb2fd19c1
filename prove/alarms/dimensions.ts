import type { Graph } from "../graph/graph";
import { exists } from "./alarms";
import type { Metric } from "./metric-alarm";
import { perGraph } from "./per-graph";
import { attributeOf, cacheThings, zonesIn } from "./things";

/** How the value of a dimension names a resource: types, and the attributes of which one is the value. */
const DIMENSIONS: Readonly<Record<string, readonly (readonly [type: string, attribute: string])[]>> = {
  LoadBalancer: [["aws_lb", "arn_suffix"]],
  TargetGroup: [["aws_lb_target_group", "arn_suffix"]],
  ClusterName: [["aws_ecs_cluster", "name"]],
  ServiceName: [["aws_ecs_service", "name"]],
  FunctionName: [["aws_lambda_function", "function_name"]],
  QueueName: [["aws_sqs_queue", "name"]],
  CanaryName: [["aws_synthetics_canary", "name"]],
  DBClusterIdentifier: [
    ["aws_rds_cluster", "cluster_identifier"],
    ["aws_rds_cluster", "id"],
  ],
  DBInstanceIdentifier: [
    ["aws_rds_cluster_instance", "identifier"],
    ["aws_rds_cluster_instance", "id"],
    ["aws_db_instance", "identifier"],
  ],
  NatGatewayId: [["aws_nat_gateway", "id"]],
  HealthCheckId: [["aws_route53_health_check", "id"]],
  TableName: [["aws_dynamodb_table", "name"]],
  BackupVaultName: [["aws_backup_vault", "name"]],
  LogGroupName: [["aws_cloudwatch_log_group", "name"]],
  SourceBucket: [["aws_s3_bucket", "bucket"]],
  DestinationBucket: [["aws_s3_bucket", "bucket"]],
  RuleName: [["aws_cloudwatch_event_rule", "name"]],
  EventBusName: [["aws_cloudwatch_event_bus", "name"]],
  WebACL: [["aws_wafv2_web_acl", "name"]],
  TopicName: [["aws_sns_topic", "name"]],
  StateMachineArn: [["aws_sfn_state_machine", "arn"]],
};

/** Dimensions whose resource may be in another region: a replica of a table is in the stack of the table. */
const ANYWHERE = ["SourceBucket", "DestinationBucket", "TableName"];

/** The values of each dimension that name a resource of a stack. */
const namesIn = perGraph((graph): Readonly<Record<string, ReadonlySet<string>>> =>
  Object.fromEntries(
    Object.entries(DIMENSIONS).map(([dimension, forms]) => [
      dimension,
      new Set(
        forms.flatMap(([type, attribute]) =>
          graph
            .all(type)
            .filter(exists)
            .map((resource) => attributeOf(graph, resource, attribute)),
        ),
      ),
    ]),
  ),
);

const valuesOf = (graph: Graph, dimension: string): ReadonlySet<string> => namesIn(graph)[dimension] ?? new Set();

/** The dimensions of a metric that name something that no stack creates. The metric has then no data. */
export function strayDimensions(graph: Graph, stacks: readonly Graph[], { dimensions }: Metric): readonly string[] {
  return Object.entries(dimensions).flatMap(([name, value]) => {
    if (name === "AvailabilityZone") {
      const zones = zonesIn(graph);
      return zones.length === 0 || zones.includes(value) ? [] : [`${name} ${value}`];
    }
    if (name === "CacheClusterId") {
      const nodes = cacheThings(graph);
      return nodes.length === 0 ||
        nodes.some(({ isOn }) => isOn({ namespace: "AWS/ElastiCache", name: "", dimensions, statistic: "", period: 0 }))
        ? []
        : [`${name} ${value}`];
    }
    if (!(name in DIMENSIONS) || value === "default") return [];
    const places = stacks.filter((stack) => stack === graph || ANYWHERE.includes(name) || stack.region === graph.region);
    const isReference = value.startsWith("${");
    if (places.some((stack) => (stack === graph || !isReference) && valuesOf(stack, name).has(value))) return [];
    // What other projects own is named by a literal or a variable: only what a reference names must be in this JSON.
    const isCreatedHere = places.some((stack) => valuesOf(stack, name).size > 0);
    return isReference ? [`${name} ${value}`] : isCreatedHere ? [`${name} ${value}`] : [];
  });
}

import { isSet } from "../alarms/alarms";
import { rulesOf } from "../alarms/events";
import { eventNotices, type Notice } from "../alarms/notifications";
import { arnIn } from "../alarms/permissions";
import { attributeOf } from "../alarms/things";
import { publishFaults, readersOf, topicOf } from "../alarms/topics";
import type { Graph } from "../graph/graph";
import { regionOf } from "../graph/regions";
import type { Resource, Values } from "../graph/values";
import { DELIVERY_CLAIM } from "./alarm-delivery";
import { type Claim, decided, notApplicable } from "./claim";

/** What AWS itself says when an execution did not succeed. */
const FAILED = ["FAILED", "TIMED_OUT", "ABORTED"];
/** Services of which an issue is one of the platform. */
const SERVICES = ["EC2", "ECS", "RDS", "ELASTICLOADBALANCING", "KMS"];
/** Where AWS Health sends the events of global services. */
const GLOBAL = ["us-east-1", "us-west-2"];

/** Claims about events of AWS: each is sent through the patterns of the rules to the people behind their targets. */
export const EVENT_CLAIMS: readonly Claim[] = [
  {
    id: "A6",
    title: "An issue of AWS in a region notifies on-call in it, and in its backup region where the platform is there, too",
    decide: (graph, stacks) => {
      const regions = [...new Set(stacks.filter(isRegional).flatMap(({ region }) => region ?? []))];
      const { region } = graph;
      if (!isRegional(graph) || region === undefined || stacks.every((stack) => rulesOf(stack).length === 0))
        return notApplicable("There is no region with event rules.");
      const others = regions.filter((other) => other !== region && backupOf(other) === region);
      const wanted = [
        ...SERVICES.flatMap((service) => [
          { of: region, event: healthIssue(region, region, service, "PUBLIC") },
          { of: region, event: healthIssue(region, region, service, "ACCOUNT_SPECIFIC") },
          ...others.map((other) => ({ of: other, event: healthIssue(other, region, service, "PUBLIC") })),
        ]),
        ...(GLOBAL.includes(region) ? [{ of: "global services", event: healthIssue("global", region, "IAM", "PUBLIC") }] : []),
      ];
      const faults = wanted
        .filter(({ event }) => heard(graph, stacks, event).length === 0)
        .map(({ of }) => `On-call is not notified in ${region} of an issue that AWS Health reports of ${of}.`);
      return decided(
        [...new Set(faults)],
        [...new Set(wanted.map(({ of }) => `${region} is notified of ${of}`))],
        "A rule sends each of them to people.",
      );
    },
  },
  {
    id: "A7",
    title: "A failover of the database, a failed one, and a failover of the global database notify on-call as events",
    requirementIds: ["S000-5.1"],
    decide: (graph, stacks) => {
      const clusters = graph.all("aws_rds_cluster");
      if (clusters.length === 0) return notApplicable("There is no database cluster.");
      const expected = clusters.flatMap((cluster) => databaseEvents(graph, cluster));
      const faults = expected
        .filter(
          ({ event, category, cluster }) => [...heard(graph, stacks, event), ...subscribed(graph, stacks, cluster, category)].length === 0,
        )
        .map(({ id, category, cluster }) => `On-call is not notified of ${id} (${category}) of ${cluster.address}.`);
      return decided(
        faults,
        expected.map(({ id, category, cluster }) => `${cluster.address}: ${id} (${category})`),
        "A rule or a subscription sends each of them to people.",
      );
    },
  },
  DELIVERY_CLAIM,
  {
    id: "A11",
    title: "AWS itself notifies on-call of a runbook that failed, timed out or was aborted",
    decide: (graph, stacks) => {
      const machines = graph.all("aws_sfn_state_machine");
      if (machines.length === 0) return notApplicable("There is no state machine.");
      const faults = machines.flatMap((machine) =>
        FAILED.filter((status) =>
          heard(graph, stacks, executionEnded(graph, machine, status)).every(({ by }) => by.type === machine.type),
        ).map((status) => `On-call is not notified of an execution of ${machine.address} that ends with ${status}.`),
      );
      return decided(
        faults,
        machines.map(({ address }) => address),
        "An event rule sends each of these states to people.",
      );
    },
  },
];

/** Whether a stack has what clients or data are in. */
const isRegional = (graph: Graph): boolean => ["aws_lb", "aws_ecs_service", "aws_rds_cluster"].some((type) => graph.all(type).length > 0);

/** @see https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html */
const backupOf = (region: string): string => (region === "us-west-2" ? "us-east-1" : "us-west-2");

/** The messages of an event by the rules of its region, in every stack. */
function heard(graph: Graph, stacks: readonly Graph[], event: Values): readonly Notice[] {
  return stacks.filter(({ region }) => region === graph.region).flatMap((stack) => eventNotices(stack, stacks, event));
}

function healthIssue(of: string, region: string, service: string, eventScopeCode: string): Values {
  return {
    source: "aws.health",
    "detail-type": "AWS Health Event",
    region,
    detail: {
      service,
      eventTypeCode: `AWS_${service}_OPERATIONAL_ISSUE`,
      eventTypeCategory: "issue",
      eventScopeCode,
      eventRegion: of,
      statusCode: "open",
      backupEvent: String(of !== region && of !== "global"),
    },
  };
}

function executionEnded(graph: Graph, machine: Resource, status: string): Values {
  const stateMachineArn = arnIn(graph, machine);
  return {
    source: "aws.states",
    "detail-type": "Step Functions Execution Status Change",
    region: graph.region,
    resources: [`${stateMachineArn}:execution`],
    detail: { stateMachineArn, executionArn: `${stateMachineArn}:execution`, name: "execution", status },
  };
}

interface DatabaseEvent {
  readonly cluster: Resource;
  readonly id: string;
  readonly category: string;
  readonly event: Values;
}

/**
 * The events of a cluster of which on-call is notified: only with a reader to fail over to, and only in a global database.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
function databaseEvents(graph: Graph, cluster: Resource): readonly DatabaseEvent[] {
  const hasReader = graph.referring("aws_rds_cluster_instance", "cluster_identifier", cluster).length > 1;
  const isGlobal = cluster.values["global_cluster_identifier"] !== undefined;
  const ids: readonly (readonly [id: string, category: string])[] = [
    ...(hasReader
      ? ([
          ["RDS-EVENT-0071", "failover"],
          ["RDS-EVENT-0069", "failover"],
        ] as const)
      : []),
    ...(isGlobal
      ? ([
          ["RDS-EVENT-0181", "global-failover"],
          ["RDS-EVENT-0185", "global-failover"],
          ["RDS-EVENT-0238", "global-failover"],
        ] as const)
      : []),
    ["RDS-EVENT-0354", "failure"],
  ];
  const SourceArn = arnIn(graph, cluster);
  return ids.map(([id, category]) => ({
    cluster,
    id,
    category,
    event: {
      source: "aws.rds",
      "detail-type": "RDS DB Cluster Event",
      region: graph.region,
      resources: [SourceArn],
      detail: {
        SourceArn,
        SourceIdentifier: attributeOf(graph, cluster, "cluster_identifier"),
        SourceType: "CLUSTER",
        EventID: id,
        EventCategories: [category],
      },
    },
  }));
}

/** The subscriptions to a category of events of a cluster that reach people. An empty list stands for all. */
function subscribed(graph: Graph, stacks: readonly Graph[], cluster: Resource, category: string): readonly Resource[] {
  const id = attributeOf(graph, cluster, "cluster_identifier");
  const includes = (values: unknown, wanted: string): boolean => {
    const list = graph.list(values).map((value) => graph.text(value));
    return list.length === 0 || list.includes(wanted);
  };
  return graph.all("aws_db_event_subscription").filter((subscription) => {
    const { values } = subscription;
    const topic = topicOf(graph, stacks, values["sns_topic"]);
    return (
      isSet(graph, values["enabled"], true) &&
      (values["source_type"] === undefined ? graph.list(values["source_ids"]).length === 0 : values["source_type"] === "db-cluster") &&
      includes(values["event_categories"], category) &&
      includes(values["source_ids"], id) &&
      topic !== undefined &&
      "resource" in topic &&
      regionOf(topic.graph, topic.resource) === regionOf(graph, subscription) &&
      publishFaults(topic, "events.rds.amazonaws.com", undefined).length === 0 &&
      readersOf(stacks, topic).length > 0
    );
  });
}

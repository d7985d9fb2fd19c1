import { alarmsOf, firing, isSet } from "../alarms/alarms";
import { intervalOf } from "../alarms/events";
import { secondsOf } from "../alarms/metric-alarm";
import { notifies } from "../alarms/notifications";
import { arnIn, attachedStatements, keyOf, mayAssume, OVER_TLS, roleAllows, roleMayUse, roleOf } from "../alarms/permissions";
import { canaryThings, lossOf, type Thing } from "../alarms/things";
import type { Graph } from "../graph/graph";
import { block, type Resource } from "../graph/values";
import { allows } from "../iam/policy";
import { type Claim, decided, notApplicable } from "./claim";

/** Seconds between two requests of a canary. */
const LIMIT = 60;

export const CANARY_CLAIMS: readonly Claim[] = [
  {
    id: "A5",
    title:
      "Canaries of each region request the public name and every other region at least every minute, and their silence notifies on-call",
    requirementIds: ["S004-8.1", "S004-8.2", "S004-8.3", "S004-S5"],
    decide: (graph, stacks) => {
      const regions = stacks.filter((stack) => entriesOf(stack).length > 0);
      const canaries = canaryThings(graph);
      const isRegion = regions.includes(graph);
      if (canaries.length === 0 && (!isRegion || regions.length < 2))
        return notApplicable("There is no canary, and no other region that it could request.");
      const wanted = isRegion
        ? [...publicNames(stacks), ...regions.filter((stack) => stack !== graph).flatMap((stack) => entriesOf(stack))]
        : [];
      const faults = [
        ...canaries.flatMap((canary) => canaryFaults(graph, stacks, canary)),
        ...[...new Set(wanted)]
          .filter((host) => !canaries.some((canary) => hostsOf(graph, canary.resource).includes(host)))
          .map((host) => `No canary in ${String(graph.region)} requests ${host}.`),
      ];
      return decided(
        faults,
        canaries.map(({ resource }) => `${resource.address}: ${hostsOf(graph, resource).join(", ")}`),
        "Each of them is started, may write its results, and has an alarm on its silence.",
      );
    },
  },
];

/** The names that a stack gives to its load balancers. */
function entriesOf(graph: Graph): readonly string[] {
  return graph
    .all("aws_route53_record")
    .filter(({ values }) => graph.target(block(values["alias"])["name"])?.type === "aws_lb")
    .map(({ values }) => graph.text(values["name"]) ?? "");
}

/** The names that resolve to one region or another, and to which no other of them resolves. */
function publicNames(stacks: readonly Graph[]): readonly string[] {
  const entries = stacks.flatMap(entriesOf);
  const records = stacks.flatMap((stack) =>
    stack
      .all("aws_route53_record")
      .filter(({ values }) => ["failover", "weighted", "latency"].some((policy) => values[`${policy}_routing_policy`] !== undefined))
      .map(({ values }) => ({
        name: stack.text(values["name"]) ?? "",
        type: stack.text(values["type"]),
        to: stack.list(values["records"]).map((record) => stack.text(record) ?? ""),
      })),
  );
  const names = records.filter(({ type }) => type === "CNAME").map(({ name }) => name);
  const reached = records.flatMap(({ to }) => to);
  return [...new Set(names)].filter((name) => !entries.includes(name) && !reached.includes(name));
}

/** The hosts of the URLs in the variables of a canary. */
function hostsOf(graph: Graph, { values }: Resource): readonly string[] {
  const variables = (block(values["run_config"])["environment_variables"] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.values(variables).flatMap((value) => {
    const url = graph.text(value) ?? "";
    return URL.canParse(url) && new URL(url).protocol === "https:" ? [new URL(url).hostname] : [];
  });
}

function canaryFaults(graph: Graph, stacks: readonly Graph[], canary: Thing): readonly string[] {
  const { address, values } = canary.resource;
  const schedule = block(values["schedule"]);
  const interval = intervalOf(graph.text(schedule["expression"]));
  const alarms = alarmsOf(graph);
  const quick = [lossOf(canary), lossOf(canary, 0)].map((fault) =>
    firing(alarms, fault).filter((alarm) => secondsOf(alarm, true) <= LIMIT && notifies(graph, stacks, alarm.name).length > 0),
  );
  const [silence = [], zero = []] = quick;
  return [
    ...(isSet(graph, values["start_canary"], false) ? [] : [`${address} is created and not started: it requests nothing.`]),
    ...(interval !== undefined && interval <= LIMIT
      ? []
      : [`${address} does not request every ${LIMIT} s: its schedule is ${String(schedule["expression"])}.`]),
    ...(Number(graph.text(schedule["duration_in_seconds"]) ?? 0) === 0
      ? []
      : [`${address} ends after ${String(schedule["duration_in_seconds"])} s.`]),
    ...(Number(graph.text(block(values["run_config"])["timeout_in_seconds"]) ?? LIMIT) <= LIMIT
      ? []
      : [`A run of ${address} may take longer than the ${LIMIT} s between two.`]),
    ...(silence.length > 0 ? [] : [`On-call is not notified within ${LIMIT} s when ${address} reports nothing.`]),
    ...(zero.length > 0 ? [] : [`On-call is not notified within ${LIMIT} s when the requests of ${address} fail.`]),
    ...resultFaults(graph, canary.resource),
  ];
}

/**
 * Why a canary may not write its results, without which each of its runs fails.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_Roles.html
 */
function resultFaults(graph: Graph, { address, values }: Resource): readonly string[] {
  const role = roleOf(graph, values["execution_role_arn"]);
  if (!role) return graph.text(values["execution_role_arn"])?.startsWith("arn:") === true ? [] : [`${address} has no role in this JSON.`];
  const location = graph.text(values["artifact_s3_location"]) ?? "";
  const [, name = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(location) ?? [];
  const bucket = graph
    .all("aws_s3_bucket")
    .find((candidate) => [graph.text(candidate.values["bucket"]), `\${${candidate.address}.bucket}`].includes(name));
  const key = keyOf(graph, block(block(values["artifact_config"])["s3_encryption"])["kms_key_arn"]);
  const bucketArn = bucket ? arnIn(graph, bucket) : `arn:aws:s3:::${name}`;
  const object = `${bucketArn}/${prefix === "" ? "" : `${prefix}/`}result.json`;
  const may = (action: string, resource: string, context = {}): readonly string[] =>
    roleAllows(role, action, resource, context)
      ? []
      : [`The role of ${address} does not allow ${action} on ${resource}: its runs have no result.`];
  const isRejected = bucket !== undefined && !accepts(graph, bucket, object, arnIn(graph, role.resource));
  return [
    ...(mayAssume(graph, role, "lambda.amazonaws.com") ? [] : [`Lambda may not assume the role of ${address}.`]),
    ...(bucket ? [] : [`${address} writes its results to ${location}, a bucket that is not in this JSON.`]),
    ...may("s3:PutObject", object),
    ...may("s3:GetBucketLocation", bucketArn),
    ...may("cloudwatch:PutMetricData", "*", { "cloudwatch:namespace": "CloudWatchSynthetics" }),
    ...(isRejected ? [`The policy of ${bucket.address} denies the results of ${address}.`] : []),
    ...(key && !roleMayUse(graph, role, key, ["kms:GenerateDataKey"], { "kms:ViaService": `s3.${String(graph.region)}.amazonaws.com` })
      ? [`The role of ${address} may not use ${key.address}, which encrypts its results.`]
      : []),
  ];
}

/** Whether the policy of a bucket denies nothing of what a role writes into it. */
function accepts(graph: Graph, bucket: Resource, object: string, principal: string): boolean {
  const statements = attachedStatements(graph, "aws_s3_bucket_policy", "bucket", bucket) ?? [];
  const denying = statements.filter(({ effect }) => effect === "Deny").map((statement) => ({ ...statement, effect: "Allow" as const }));
  return !allows(denying, {
    action: "s3:PutObject",
    resource: object,
    principal,
    context: { ...OVER_TLS, "s3:x-amz-server-side-encryption": "aws:kms", "s3:TlsVersion": "1.3" },
  });
}

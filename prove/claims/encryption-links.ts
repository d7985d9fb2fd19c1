import { bucketOf } from "../encryption/buckets";
import { DEFAULT_POLICY, oldestTls, requiresTls, tlsParameter } from "../encryption/tls";
import type { Graph } from "../graph/graph";
import { block, blocks, type Resource, text, type Values } from "../graph/values";
import { denies, type Statement } from "../iam/policy";
import { resourcePolicies, resourcePolicyOf } from "../iam/resource-policies";
import { type Claim, decided, notApplicable, unknown } from "./claim";

/** PCI DSS and browsers refuse what is older. @see https://datatracker.ietf.org/doc/html/rfc8996 */
const OLDEST_TLS = 1.2;

/** Claims about encryption on the way. */
export const LINK_CLAIMS: readonly Claim[] = [
  {
    id: "E5",
    title: "Clients reach the load balancer by TLS 1.2 or newer only, and plain HTTP gets a redirect to it",
    requirementIds: ["S003-4.6", "S004-T12"],
    decide: (graph) => {
      const listeners = graph.all("aws_lb_listener").filter(({ values }) => ["HTTP", "HTTPS", "TLS"].includes(protocolOf(graph, values)));
      if (listeners.length === 0) return notApplicable("There is no listener for HTTP or TLS.");
      return decided(
        listeners.flatMap((listener) =>
          protocolOf(graph, listener.values) === "HTTP" ? plainFaults(graph, listener) : tlsFaults(graph, listener),
        ),
        listeners.map(({ address, values }) => `${address}: ${protocolOf(graph, values)}`),
        "Each listener ends TLS, or redirects to one that does.",
      );
    },
  },
  {
    id: "E6",
    title: "Databases, proxies and caches refuse connections without TLS",
    requirementIds: ["S002-C9", "S004-T12"],
    decide: (graph) => {
      const databases = ["aws_rds_cluster", "aws_db_instance"].flatMap((type) => graph.all(type));
      const proxies = graph.all("aws_db_proxy");
      const caches = graph.all("aws_elasticache_replication_group");
      const all = [...databases, ...proxies, ...caches];
      if (all.length === 0) return notApplicable("There is no database and no cache.");
      const faults = [
        ...databases.flatMap((database) => databaseFault(graph, database) ?? []),
        ...proxies
          .filter(({ values }) => text(values["require_tls"]) !== "true")
          .map(({ address }) => `${address} accepts connections without TLS.`),
        ...caches.flatMap(({ address, values }) => {
          const { transit_encryption_enabled: on, transit_encryption_mode: mode } = values;
          if (graph.text(on) !== "true") return [`${address} does not encrypt on the way.`];
          return (graph.text(mode) ?? "required") === "required"
            ? []
            : [`${address} accepts connections without TLS: its mode is ${text(mode) ?? ""}.`];
        }),
      ];
      return decided(
        faults,
        all.map(({ address }) => address),
        "Each of them accepts TLS only.",
      );
    },
  },
  {
    id: "E7",
    title: "Buckets, topics and queues refuse every request in plain HTTP",
    requirementIds: ["S002-C9", "S004-T12"],
    decide: (graph) => {
      const stores = Object.keys(CALLS).flatMap((type) => graph.all(type));
      if (stores.length === 0) return notApplicable("There is no bucket, topic or queue.");
      if (resourcePolicies(graph).some(({ statements }) => statements === undefined))
        return unknown("A policy of a resource cannot be read.");
      const faults = stores.flatMap((store) => {
        const name = store.type === "aws_s3_bucket" ? `arn:aws:s3:::${graph.text(store.values["bucket"]) ?? ""}` : graph.arn(store);
        if (name === undefined) return [];
        const policy = store.type === "aws_s3_bucket" ? bucketPolicy(graph, store) : resourcePolicyOf(graph, store);
        const calls = (CALLS[store.type] ?? []).map(({ action, below = "" }) => ({ action, resource: `${name}${below}` }));
        const accepted = calls.find(
          (call) =>
            !denies(policy ?? [], {
              ...call,
              principal: `arn:aws:iam::${graph.account ?? ""}:role/any`,
              context: { "aws:SecureTransport": "false" },
            }),
        );
        return accepted ? [`${store.address} accepts ${accepted.action} in plain HTTP.`] : [];
      });
      return decided(
        faults,
        stores.map(({ address }) => address),
        "The policy of each denies it.",
      );
    },
  },
];

/** Calls with which data come and go. A policy that denies these to everyone denies them to each. */
const CALLS: Readonly<Record<string, readonly { readonly action: string; readonly below?: string }[]>> = {
  aws_s3_bucket: [
    { action: "s3:GetObject", below: "/any" },
    { action: "s3:PutObject", below: "/any" },
    { action: "s3:DeleteObject", below: "/any" },
    { action: "s3:ListBucket" },
  ],
  aws_sns_topic: [{ action: "sns:Publish" }],
  aws_sqs_queue: [{ action: "sqs:SendMessage" }, { action: "sqs:ReceiveMessage" }],
};

function bucketPolicy(graph: Graph, bucket: Resource): readonly Statement[] {
  return resourcePolicies(graph)
    .filter(({ policy, of }) => of?.address === bucket.address || bucketOf(graph, policy.values["bucket"])?.address === bucket.address)
    .flatMap(({ statements }) => statements ?? []);
}

const protocolOf = (graph: Graph, values: Values): string => graph.text(values["protocol"]) ?? "HTTP";

/** Every action of a listener, with those of its rules. */
function actionsOf(graph: Graph, listener: Resource): readonly { readonly of: Resource; readonly action: Values }[] {
  return [
    ...blocks(listener.values["default_action"]).map((action) => ({ of: listener, action })),
    ...graph
      .referring("aws_lb_listener_rule", "listener_arn", listener)
      .flatMap((rule) => blocks(rule.values["action"]).map((action) => ({ of: rule, action }))),
  ];
}

function plainFaults(graph: Graph, listener: Resource): readonly string[] {
  const actions = actionsOf(graph, listener);
  if (actions.length === 0) return [`${listener.address} has no action.`];
  return actions.flatMap(({ of, action }) => {
    if (action["type"] !== "redirect")
      return [`${of.address} answers requests in plain HTTP: its action is ${text(action["type"]) ?? "missing"}.`];
    const { protocol = "#{protocol}", port = "#{port}" } = block(action["redirect"]);
    if (protocol !== "HTTPS") return [`${of.address} redirects to ${text(protocol) ?? ""}, and not to HTTPS.`];
    const wanted = port === "#{port}" ? text(listener.values["port"]) : text(port);
    const listens = graph
      .all("aws_lb_listener")
      .some(
        ({ values }) =>
          graph.target(values["load_balancer_arn"])?.address === graph.target(listener.values["load_balancer_arn"])?.address &&
          text(values["port"]) === wanted &&
          protocolOf(graph, values) === "HTTPS",
      );
    return listens ? [] : [`${of.address} redirects to port ${wanted ?? ""}, on which no listener ends TLS.`];
  });
}

function tlsFaults(graph: Graph, { address, values }: Resource): readonly string[] {
  const policy = graph.text(values["ssl_policy"]) ?? DEFAULT_POLICY;
  const oldest = oldestTls(policy);
  const certificate = values["certificate_arn"] === undefined ? [`${address} has no certificate.`] : [];
  if (oldest === undefined) return [...certificate, `${address} has the security policy ${policy}, of which no version of TLS is known.`];
  return oldest < OLDEST_TLS
    ? [...certificate, `${address} accepts TLS ${oldest.toFixed(1)}, by the security policy ${policy}.`]
    : certificate;
}

/** Why a database accepts a connection without TLS, by the parameter group that it has. */
function databaseFault(graph: Graph, { address, type, values }: Resource): string | undefined {
  const reference = values[type === "aws_rds_cluster" ? "db_cluster_parameter_group_name" : "parameter_group_name"];
  const group =
    graph.target(reference) ??
    ["aws_rds_cluster_parameter_group", "aws_db_parameter_group"]
      .flatMap((kind) => graph.all(kind))
      .find((one) => reference !== undefined && graph.text(one.values["name"]) === graph.text(reference));
  const engine = `${graph.text(values["engine"]) ?? ""}${graph.text(values["engine_version"])?.split(".")[0] ?? ""}`;
  const family = group ? (graph.text(group.values["family"]) ?? engine) : engine;
  const parameters = blocks(group?.values["parameter"]).map(({ name, value }) => ({
    name: graph.text(name) ?? "",
    value: graph.text(value) ?? "",
  }));
  if (tlsParameter(family) === undefined) return undefined;
  if (reference !== undefined && !group?.type.endsWith("parameter_group"))
    return `${address} has a parameter group that is not in this JSON: ${text(reference) ?? ""}.`;
  return requiresTls(family, parameters)
    ? undefined
    : `${address} accepts connections without TLS: ${tlsParameter(family)?.name ?? ""} is not on in ${group?.address ?? "the default parameter group"}.`;
}

import type { Graph } from "../graph/graph";
import { block, type Resource, text } from "../graph/values";

export interface DnsRecord {
  readonly graph: Graph;
  readonly resource: Resource;
  /** In lower case, without a dot at the end. */
  readonly name: string;
  readonly type: string;
  /** What distinguishes its hosted zone from others: the id or the name. Undefined if a reference leads nowhere. */
  readonly zone: string | undefined;
  readonly role: string | undefined;
}

/** The failover records of one name and type. */
export interface FailoverGroup {
  readonly name: string;
  readonly type: string;
  readonly records: readonly DnsRecord[];
  readonly primary: DnsRecord | undefined;
  readonly secondary: DnsRecord | undefined;
}

export const asName = (name: string): string => name.toLowerCase().replace(/\.$/, "");

/** The records of a stack whose names are known before an apply. */
export function recordsOf(graph: Graph): readonly DnsRecord[] {
  return graph.all("aws_route53_record").flatMap((resource) => {
    const name = asName(graph.text(resource.values["name"]) ?? "");
    if (name === "" || name.includes("${")) return [];
    const role = text(block(resource.values["failover_routing_policy"])["type"]);
    return [{ graph, resource, name, type: text(resource.values["type"]) ?? "", zone: zoneOf(graph, resource), role }];
  });
}

function zoneOf(graph: Graph, { values }: Resource): string | undefined {
  const zone = graph.target(values["zone_id"]);
  if (!zone) {
    const id = graph.text(values["zone_id"]);
    return id === undefined || id.includes("${") ? undefined : id;
  }
  if (!zone.type.endsWith("aws_route53_zone")) return undefined;
  const [id, name] = ["zone_id", "name"].map((argument) => graph.text(zone.values[argument]));
  return id ?? (name === undefined ? undefined : asName(name));
}

/** The names of hosted zones, as far as they are in the JSON. */
export function zoneNames(graph: Graph): readonly string[] {
  return [...graph.all("aws_route53_zone"), ...graph.all("data.aws_route53_zone")].flatMap(({ values }) => {
    const name = graph.text(values["name"]);
    return name === undefined ? [] : [asName(name)];
  });
}

/** Whether a record distinguishes itself from others of its name, and has no policy that does. Route 53 refuses it. */
function lacksPolicy({ resource: { values } }: DnsRecord): boolean {
  return values["set_identifier"] !== undefined && Object.keys(values).every((argument) => !argument.endsWith("_routing_policy"));
}

/** Groups the records of names that have failover records. A record of such a name without a role belongs to the group as well. */
export function failoverGroups(records: readonly DnsRecord[]): readonly FailoverGroup[] {
  const groups = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const key = `${record.name} ${record.type}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || group.every((record) => record.role === undefined && !lacksPolicy(record))) return [];
    const withRole = (wanted: string): DnsRecord | undefined => group.find(({ role }) => role === wanted);
    return [{ name: first.name, type: first.type, records: group, primary: withRole("PRIMARY"), secondary: withRole("SECONDARY") }];
  });
}

import { certificatesOf, covers, unvalidatedNames } from "../dns/certificates";
import { Dns } from "../dns/dns";
import type { DnsRecord } from "../dns/records";
import { listenerOn } from "../dns/requests";
import type { Site } from "../dns/sites";
import { ALL_HEALTHY } from "../dns/states";
import type { Graph } from "../graph/graph";
import { block, text } from "../graph/values";
import { type Claim, decided, notApplicable, unknown } from "./claim";

const HTTPS_PORT = 443;

/** Claims about the name of each region: its load balancer, its listener and its certificate. */
export const ENTRY_CLAIMS: readonly Claim[] = [
  {
    id: "D9",
    title: "The name of each region resolves to its own load balancer, whose certificate covers it and every shared name",
    requirementIds: ["S000-D5", "S004-4.3"],
    decide: (graph, stacks) => {
      const dns = Dns.of(stacks);
      const region = dns.sites.find((site) => site.graph === graph)?.region;
      if (dns.groups.length === 0 || region === undefined)
        return notApplicable("No failover record resolves to a load balancer of this stack.");
      const entries = entriesOf(dns).filter(({ site }) => site.graph === graph);
      if (entries.length === 0)
        return decided([`No failover record resolves to a load balancer of ${region}: it gets no clients.`], [], "");
      const foreign = entries.filter(({ site }) => certificates(site).some(({ names, isFound }) => isFound && names === undefined));
      const faults = [
        ...zoneFaults(dns, entries),
        ...entries.flatMap((entry) => [...aliasFaults(entry), ...certificateFaults(entry, stacks)]),
      ];
      if (faults.length === 0 && foreign.length > 0) return unknown("A certificate is not in this JSON: its names are not known.");
      return decided(
        [...new Set(faults)],
        entries.map(({ host, site, shared }) => `${[host, ...shared].join(", ")}: ${site.balancer.address}`),
        "Clients of every name get an answer over HTTPS.",
      );
    },
  },
];

/** A name of a region, to which failover records resolve. */
interface Entry {
  readonly host: string;
  readonly site: Site;
  /** The record of the host. Undefined if failover records resolve to the load balancer themselves. */
  readonly record: DnsRecord | undefined;
  /** Names that clients resolve, and that resolve to the host. */
  readonly shared: readonly string[];
  readonly groupZones: readonly (string | undefined)[];
}

function entriesOf(dns: Dns): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const root of dns.roots)
    for (const record of dns.chainOf(root).flatMap(({ records }) => records)) {
      const host = dns.hostOf(record) ?? record.name;
      const isInner = dns.groups.some(({ name }) => name === host) && dns.hostOf(record) !== undefined;
      const destination = isInner ? undefined : dns.resolve(host, ALL_HEALTHY);
      if (destination?.kind !== "site") continue;
      const before = found.get(host);
      found.set(host, {
        host,
        site: destination.site,
        record: dns.hostOf(record) === undefined ? record : dns.records.find(({ name }) => name === host),
        shared: [...new Set([...(before?.shared ?? []), root.name])],
        groupZones: [...(before?.groupZones ?? []), record.zone],
      });
    }
  return [...found.values()];
}

/** Why the alias of a name is not one that Route 53 takes, or not the only one. */
function aliasFaults({ record, site }: Entry): string[] {
  if (!record) return [];
  const alias = block(record.resource.values["alias"]);
  if (record.resource.values["alias"] === undefined) return [];
  const odd = (["name", "zone_id"] as const).filter(
    (argument) => text(alias[argument]) !== `\${${site.balancer.address}.${argument === "name" ? "dns_name" : "zone_id"}}`,
  );
  return [
    ...odd.map(
      (argument) => `${record.resource.address} has a ${argument} that is not the one of ${site.balancer.address}: Route 53 refuses it.`,
    ),
    ...(["A", "AAAA"].includes(record.type)
      ? []
      : [`${record.resource.address} has the type ${record.type}, and resolves to a load balancer.`]),
  ];
}

/** Why names below each other are not found together. */
function zoneFaults(dns: Dns, entries: readonly Entry[]): string[] {
  return entries.flatMap(({ host, record, groupZones }) => {
    const same = dns.records.filter(({ name, type }) => name === host && type === record?.type);
    return [
      ...(same.length > 1 && same.every(({ role }) => role === undefined)
        ? [`${host} has ${same.length} records: one replaces the other.`]
        : []),
      ...(record && groupZones.some((zone) => zone !== record.zone) && !host.endsWith(`.${record.zone ?? ""}`)
        ? [
            `${record.resource.address} is in the hosted zone ${record.zone ?? "that is not in this JSON"}, and the records that resolve to it are in ${groupZones.join(", ")}.`,
          ]
        : []),
    ];
  });
}

function certificates({ graph, balancer }: Site) {
  const listener = listenerOn(graph, balancer, HTTPS_PORT);
  return listener ? certificatesOf(graph, listener) : [];
}

function certificateFaults({ host, shared, site }: Entry, stacks: readonly Graph[]): string[] {
  const { graph, balancer } = site;
  const listener = listenerOn(graph, balancer, HTTPS_PORT);
  if (listener?.values["protocol"] !== "HTTPS") return [`${balancer.address} has no listener for HTTPS on port ${HTTPS_PORT}.`];
  const found = certificates(site);
  const region = site.region;
  const elsewhere = found.filter(({ what }) => what.startsWith("arn:") && what.split(":")[3] !== region);
  const names = found.flatMap((certificate) => certificate.names ?? []);
  const isForeign = found.some((certificate) => certificate.names === undefined);
  return [
    ...found
      .filter(({ isFound }) => !isFound)
      .map(() => `${listener.address} has a certificate that is not in this JSON: it is no certificate.`),
    ...elsewhere.map(({ what }) => `${listener.address} has the certificate ${what}, which is not in ${region}.`),
    ...[...new Set([host, ...shared])]
      .filter((name) => !isForeign && !covers(names, name))
      .map((name) => `${listener.address} has no certificate for ${name}: clients refuse the connection.`),
    ...unvalidatedNames(stacks, graph, listener).map(
      (name) => `No record validates ${name}: the certificate of ${listener.address} is not issued.`,
    ),
  ];
}

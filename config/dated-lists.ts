import {
  AURORA_CLASSES,
  AURORA_ENGINES,
  CACHE_NODE_TYPES,
  CACHE_VERSIONS,
  CANARY_RUNTIMES,
  FARGATE_MEMORY_MIB,
  isOffered,
  SERVERLESS_CLASS,
  SSL_POLICY,
} from "./aws-limits";
import { isListedZone, REGIONS } from "./regions";
import type { RawConfig } from "./schema";
import { everyService } from "./services";
import { keepsSessionsIn } from "./stores";
import { isNewer } from "./version-order";

/** Month of the lists of what AWS offers, which AWS extends. A value of the right form that is not in them is a warning. */
const MONTH = "August 2026";

/** Warnings about values that AWS may offer although no list contains them. */
export function unlistedValues(config: RawConfig): string[] {
  const {
    database,
    cache,
    canaries,
    regions,
    removed_regions,
    load_balancer: { ssl_policy },
  } = config;
  const cached = keepsSessionsIn(config, "redis");
  const runtime = CANARY_RUNTIMES.find(({ start }) => canaries.runtime.startsWith(start));
  const values: readonly (readonly [key: string, value: string | number, listed: boolean])[] = [
    ...regions.map(({ name }, index) => [`regions[${index}].name`, name, REGIONS.includes(name)] as const),
    ...regions.flatMap(({ name, availability_zones }, index) =>
      availability_zones.map((zone) => [`regions[${index}].availability_zones`, zone, isListedZone(name, zone)] as const),
    ),
    ...removed_regions.map((name, index) => [`removed_regions[${index}]`, name, REGIONS.includes(name)] as const),
    ["load_balancer.ssl_policy", ssl_policy, SSL_POLICY.test(ssl_policy)],
    ["database.engine_version", database.engine_version, AURORA_ENGINES[database.engine].versions.includes(database.engine_version)],
    [
      "database.instance_class",
      database.instance_class,
      database.instance_class === SERVERLESS_CLASS || isOffered(AURORA_CLASSES, database.instance_class),
    ],
    ["cache.engine_version", cache.engine_version, !cached || CACHE_VERSIONS[cache.engine].includes(cache.engine_version)],
    ["cache.node_type", cache.node_type, !cached || isOffered(CACHE_NODE_TYPES, cache.node_type)],
    [
      "canaries.runtime",
      canaries.runtime,
      !canaries.enabled || !runtime || !isNewer(canaries.runtime.slice(runtime.start.length), [runtime.newest]),
    ],
    ...everyService(config).map(({ key, cpu }) => [`${key}.cpu`, cpu, FARGATE_MEMORY_MIB.has(cpu)] as const),
  ];
  return values
    .filter(([, , listed]) => !listed)
    .map(([key, value]) => `${key} ${value} is not in the list of ${MONTH}: the synth cannot check it, and AWS decides at the apply.`);
}

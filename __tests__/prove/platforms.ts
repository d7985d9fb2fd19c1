import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { everyStack } from "../support/synthesized";

/** Every stack of a configuration, by its name. */
export function stacksOf(overrides: Readonly<Record<string, unknown>>): readonly (readonly [name: string, json: TerraformJson])[] {
  return [...everyStack(overrides)].map(([name, { json }]) => [name, json as TerraformJson] as const);
}

export function graphsOf(overrides: Readonly<Record<string, unknown>>): readonly Graph[] {
  return stacksOf(overrides).map(([name, json]) => new Graph(name, json));
}

interface Choice {
  /** The key that makes the choice. */
  readonly key: string;
  readonly configurations: readonly string[];
  readonly claims: readonly string[];
}

/** What configurations give up by their own choice. */
const CHOICES: readonly Choice[] = [
  { key: 'network.nat = "single"', configurations: ["service-connect", "ephemeral"], claims: ["Z2", "L1"] },
  { key: 'service.health_check_command = ["CMD", "true"]', configurations: ["service-connect"], claims: ["S4"] },
  {
    key: 'standby = "warm": one database instance, and a task in each zone',
    configurations: ["warm-standby", "three-regions"],
    claims: ["Z4", "Z5", "S2", "B2", "F6"],
  },
  { key: 'standby = "pilot-light": no tasks', configurations: ["pilot-light", "existing-vpc-closed"], claims: ["S2", "L2"] },
  {
    key: 'standby = "pilot-light": no database instance, which RDS creates in a takeover',
    configurations: ["pilot-light", "existing-vpc-closed", "three-regions"],
    claims: ["B2", "B5", "B5b", "F7"],
  },
  { key: "ephemeral = true: one day of backups", configurations: ["ephemeral"], claims: ["B6"] },
  { key: "dns.apex = true: an alias of a load balancer has a TTL of 60 s", configurations: ["protected"], claims: ["F2", "D3", "D4"] },
  {
    key: 'standby = "pilot-light": network ACLs already allow the cache, which is created when the region becomes the primary',
    configurations: ["pilot-light", "three-regions"],
    claims: ["R6"],
  },
  { key: "protect = true, and backup.vault_lock", configurations: ["protected"], claims: ["X1", "X3"] },
];

/** The claims that each configuration gives up. */
export const GIVEN_UP = byConfiguration(CHOICES);

const IN_SUBNETS = ["Z1", "Z2", "Z3", "Z5", "Z8", "R1", "R2", "R3", "R4", "R6", "R7", "L1"];

/** Claims that cannot be decided from the JSON, because a part has another owner. */
export const OTHER_OWNERS = byConfiguration([
  { key: "regions[].vpc", configurations: ["existing-vpc", "existing-vpc-closed"], claims: IN_SUBNETS },
  { key: "regions[].vpc, with a cache", configurations: ["existing-vpc"], claims: ["B9"] },
  { key: "regions[].certificate_arn", configurations: ["own-zone"], claims: ["D9"] },
]);

function byConfiguration(choices: readonly Choice[]): Readonly<Record<string, readonly string[]>> {
  const names = [...new Set(choices.flatMap(({ configurations }) => configurations))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      [...new Set(choices.filter(({ configurations }) => configurations.includes(name)).flatMap(({ claims }) => claims))],
    ]),
  );
}

import type { Graph } from "../graph/graph";
import { everywhere, keyOf, type Located, placeOf } from "../graph/located";
import { roleOf } from "../iam/role-permissions";
import { type BackupRule, colliding, type Copy, longestGapHours, notSelected, type Selection, selectionsOf } from "./backup-plans";
import { backupRoleFaults } from "./backup-role";
import { type Claim, decided, notApplicable } from "./claim";
import { type Cluster, clustersOf, placeName } from "./clusters";
import { lockOf, vaultDenies } from "./vaults";

const MOST_HOURS = 6;
const MOST_HOURS_OF_COPIES = 24;
const LEAST_DAYS = 7;
/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html */
const LEAST_WINDOW_MINUTES = 60;

/** Claims about backups of the database. */
export const BACKUP_CLAIMS: readonly Claim[] = [
  {
    id: "B6",
    title: "The database is backed up every six hours and to any moment of a week, and once a day into another region, for at least a week",
    requirementIds: ["S000-1.4", "S003-2.3", "S004-7.1", "S004-7.4"],
    decide: (graph, stacks) => {
      const clusters = clustersOf(graph);
      if (clusters.length === 0) return notApplicable("There is no database cluster.");
      const selections = selectionsOf(graph, stacks);
      const faults = clusters.flatMap((cluster) => [...pointInTimeFaults(cluster), ...backupFaults(cluster, selections, stacks)]);
      return decided(
        faults,
        selections.flatMap(({ rules }) =>
          rules.map(({ name, schedule, copies }) => `${name}: ${String(schedule)}, ${copies.length} copies`),
        ),
        "Selection, schedules, vaults, keys, role and retention allow every backup and copy.",
      );
    },
  },
];

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html */
function pointInTimeFaults({ graph, resource }: Cluster): string[] {
  const days = Number(graph.text(resource.values["backup_retention_period"]) ?? 1);
  return days >= LEAST_DAYS ? [] : [`${resource.address} can be restored to a moment of the last ${days} days only.`];
}

function backupFaults(cluster: Cluster, selections: readonly Selection[], stacks: readonly Graph[]): string[] {
  const { graph, resource } = cluster;
  const reasons = selections.map((selection) => notSelected(graph, selection.resource, resource));
  const covering = selections.filter((_, index) => reasons[index] === undefined);
  if (covering.length === 0) return [reasons[0] ?? `No backup plan selects ${resource.address}.`];
  const rules = covering.flatMap((selection) => selection.rules);
  const refused = rules.find(({ starts }) => starts === undefined);
  const gap = longestGapHours(rules);
  return [
    ...(refused ? [`${refused.name} has the schedule ${String(refused.schedule)}, which AWS does not accept.`] : []),
    ...(gap <= MOST_HOURS ? [] : [`${resource.address} is not backed up for ${gap} hours at a time.`]),
    ...covering.flatMap((selection) => collisionFaults(selection)),
    ...rules.flatMap((rule) => ruleFaults(rule, cluster)),
    ...covering.flatMap((selection) => [...copyFaults(cluster, selection, stacks), ...backupRoleFaults(cluster, selection, stacks)]),
  ];
}

function collisionFaults({ rules }: Selection): string[] {
  const [one, other] = colliding(rules.filter(({ isContinuous }) => !isContinuous)) ?? [];
  return one && other ? [`${one.name} and ${other.name} start in the same hour, and AWS Backup keeps one of the two backups.`] : [];
}

function ruleFaults(rule: BackupRule, { region }: Cluster): string[] {
  const { name, vault, days, startWindowMinutes: start, completionWindowMinutes: completion } = rule;
  if (!vault) return [`${name} stores its backups in a vault that no stack creates in ${String(region)}.`];
  return [
    ...(rule.isRefused ? [`${name} deletes backups before they have been in cold storage for 90 days, which AWS refuses.`] : []),
    ...(days >= LEAST_DAYS ? [] : [`${name} deletes its backups after ${days} days.`]),
    ...(start >= LEAST_WINDOW_MINUTES && completion >= start + LEAST_WINDOW_MINUTES
      ? []
      : [`${name} may start within ${start} minutes and has to end within ${completion}, which AWS does not accept.`]),
    ...lockFaults(name, vault, days),
  ];
}

/** A lock makes jobs fail whose retention is not within its limits. */
function lockFaults(name: string, vault: Located, days: number): string[] {
  const lock = lockOf(vault);
  if (!lock || (days >= lock.leastDays && days <= lock.mostDays)) return [];
  return [
    `${name} keeps its backups for ${days} days, and the lock of ${vault.resource.address} allows ${lock.leastDays} to ${lock.mostDays}.`,
  ];
}

function copyFaults(cluster: Cluster, selection: Selection, stacks: readonly Graph[]): string[] {
  const { graph, region, resource } = cluster;
  const copies = selection.rules.flatMap((rule) => rule.copies.map((copy) => ({ rule, copy })));
  const faults = copies.flatMap(({ rule, copy }) => oneCopyFaults(cluster, selection, rule, copy, stacks));
  const others = [...everywhere(stacks, "aws_backup_vault"), ...everywhere(stacks, "aws_rds_cluster")].filter(
    (one) => one.region !== region,
  );
  if (others.length === 0) return faults;
  const elsewhere = selection.rules.filter((rule) =>
    rule.copies.some(({ vault }) => vault && vault.region !== region && vault.graph !== graph),
  );
  if (elsewhere.length === 0)
    return [...faults, `No backup of ${resource.address} is copied into another region: they are lost with ${placeName(cluster)}.`];
  const gap = longestGapHours(elsewhere);
  return gap <= MOST_HOURS_OF_COPIES
    ? faults
    : [...faults, `No backup of ${resource.address} is copied into another region for ${gap} hours at a time.`];
}

function oneCopyFaults(
  { graph, region }: Cluster,
  { resource }: Selection,
  { name }: BackupRule,
  { arn, vault, days }: Copy,
  stacks: readonly Graph[],
): string[] {
  const kept = days >= LEAST_DAYS ? [] : [`${name} deletes its copies after ${days} days.`];
  if (arn === undefined) return [`${name} names no vault for its copies.`];
  const place = placeOf(arn);
  // The vault of another account belongs to others.
  if (place.account !== undefined && place.account !== graph.account) return kept;
  if (!vault) return [`${name} copies its backups into ${arn}, which no stack creates.`];
  if (vault.region === region) return [`${name} copies its backups into ${arn}, in the same region.`];
  const key = keyOf(stacks, vault.graph, vault.resource.values["kms_key_arn"]);
  const role = roleOf(graph, resource.values["iam_role_arn"]);
  const principal = role && graph.arn(role);
  return [
    ...kept,
    ...(key?.kind === "key" && key.region === vault.region
      ? []
      : [
          `${vault.resource.address} in ${String(vault.region)} has no key of that region: what is copied into it cannot be encrypted there.`,
        ]),
    ...lockFaults(`${name}, by its copies,`, vault, days),
    ...(vaultDenies(vault, "backup:CopyIntoBackupVault", principal)
      ? [`The policy of ${vault.resource.address} denies copies by ${String(principal)}.`]
      : []),
  ];
}

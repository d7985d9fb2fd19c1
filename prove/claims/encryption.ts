import { bucketOf, bucketStores, encryptionOf, logDeliveries, replicatedObjects } from "../encryption/buckets";
import { keyUsers } from "../encryption/key-users";
import { type Store, storesOf } from "../encryption/stores";
import type { Graph } from "../graph/graph";
import { text } from "../graph/values";
import { identities, mayCall } from "../iam/identities";
import { type Key, keyAllows, keyDenies, type NamedKey, keyOf, keyPolicy } from "../iam/keys";
import { keyArn } from "../iam/arns";
import { isEveryone, strangers } from "../iam/principals";
import { copiedTo } from "../iam/public";
import { type Claim, decided, type Finding, notApplicable, unknown } from "./claim";

const YEAR = 365;
/** Calls that take a key from everything that it encrypts. */
const DESTRUCTION = ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy", "kms:DeleteImportedKeyMaterial"];
/** What services do with a key for a caller of the account: encrypt, decrypt, and lend it to a database. */
const USES = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:CreateGrant"];

/** Claims about encryption at rest. Those about links are in encryption-links.ts. */
export const ENCRYPTION_CLAIMS: readonly Claim[] = [
  {
    id: "E1",
    title: "Everything that keeps data is encrypted with a key of the platform, in its region",
    requirementIds: ["S000-T8", "S000-T16", "S000-S4", "S000-D10", "S002-4.3", "S004-5.4", "S004-10.3", "S004-T11"],
    decide: (graph, stacks) => {
      const stores = [...storesOf(graph), ...bucketStores(graph), ...replicatedObjects(graph)];
      const deliveries = logDeliveries(graph);
      if (stores.length === 0 && deliveries.length === 0) return notApplicable("Nothing keeps data.");
      const faults = [
        ...stores.flatMap((store) => storeFault(stacks, graph, store) ?? []),
        ...deliveries.flatMap(({ by, bucket }) => {
          const { algorithm = "nothing" } = encryptionOf(graph, bucket);
          return algorithm === "AES256"
            ? []
            : [`${by.address} cannot deliver logs to ${bucket.address}, which encrypts with ${algorithm}.`];
        }),
        ...copyFaults(stacks, graph),
        ...globalFaults(graph),
      ];
      const elsewhere = stores.filter(({ key }) => keyOf(stacks, graph, key)?.kind === "elsewhere");
      const [first] = elsewhere;
      if (faults.length === 0 && first) return unknown(`${first.argument} of ${first.resource.address} is a key of another owner.`);
      return decided([...new Set(faults)], evidence(stacks, graph, stores), "Each names a key of this JSON, and uses it.");
    },
  },
  {
    id: "E2",
    title: "The policy of each key lets those use it who encrypt with it",
    requirementIds: ["S002-C9"],
    decide: (graph, stacks) => {
      const users = keyUsers(stacks, graph);
      const keys = usedKeys(stacks, graph);
      if (keys.length === 0) return notApplicable("Nothing is encrypted with a key of this JSON.");
      const faults = [
        ...users.flatMap(({ key, store, service, actions, context }) =>
          actions
            .filter((action) => !keyAllows(key, { action, principal: service, context }))
            .map((action) => `${store.address} cannot use ${key.resource.address}: its policy does not allow ${service} ${action}.`),
        ),
        ...keys.flatMap(({ key, store }) =>
          accountMayUse(key)
            ? []
            : [`${key.resource.address} cannot be used for ${store}: its policy lets no role of the account encrypt and decrypt.`],
        ),
      ];
      return decided(
        [...new Set(faults)],
        users.map(({ store, key, service }) => `${service} may use ${key.resource.address} for ${store.address}`),
        "Each service that encrypts by its own name is allowed, and the account for all others.",
      );
    },
  },
  {
    id: "E3",
    title: "Every key is enabled, and gets new key material at least once a year",
    decide: (graph) =>
      overKeys(graph, (key) => {
        const {
          is_enabled: enabled,
          enable_key_rotation: rotates,
          rotation_period_in_days: period,
          key_usage: usage,
        } = key.resource.values;
        const spec = text(key.resource.values["customer_master_key_spec"]) ?? "SYMMETRIC_DEFAULT";
        const name = key.resource.address;
        if (text(enabled) === "false") return [`${name} is disabled: nothing that it encrypts can be read.`];
        // KMS rotates symmetric keys for encryption only. https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
        if (spec !== "SYMMETRIC_DEFAULT" || (text(usage) ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT")
          return [`KMS does not rotate ${name}: it is ${spec}.`];
        if (text(rotates) !== "true") return [`${name} never rotates its key material.`];
        const days = Number(period ?? YEAR);
        return days <= YEAR ? [] : [`${name} keeps its key material for ${days} days.`];
      }),
  },
  {
    id: "E4",
    title: "No key is open to another account or to everyone, and no role of the platform can delete or disable one",
    decide: (graph, stacks) =>
      overKeys(graph, (key) => [
        ...keyPolicy(key)
          .filter(({ effect }) => effect === "Allow")
          .flatMap((statement) => [
            ...(isEveryone(statement) ? [`${key.resource.address} is open to everyone, by ${statement.sid || "a statement"}.`] : []),
            ...strangers(statement, [graph.account, ...copiedTo(graph)]).map(
              (who) => `${key.resource.address} is open to ${who}, which is not of this account.`,
            ),
          ]),
        ...granted(graph, key),
        ...stacks.flatMap((other) =>
          identities(stacks, other).flatMap((identity) => {
            const action = DESTRUCTION.find(
              (one) => mayCall(identity, { action: one, resource: keyArn(key) }) && !refuses(key, one, identity.arn),
            );
            return action === undefined ? [] : [`${identity.resource.address} may call ${action} for ${key.resource.address}.`];
          }),
        ),
      ]),
  },
];

const refuses = (key: Key, action: string, principal: string): boolean => keyDenies(key, { action, principal });

function overKeys(graph: Graph, faultsOf: (key: Key) => readonly string[]): Finding {
  const keys = ["aws_kms_key", "aws_kms_replica_key"]
    .flatMap((type) => graph.all(type))
    .map((resource): Key => ({ kind: "key", graph, resource }));
  if (keys.length === 0) return notApplicable("There is no key.");
  return decided(
    keys.flatMap(faultsOf),
    keys.map(({ resource }) => resource.address),
    `All ${keys.length} keys.`,
  );
}

/** Why a store is not encrypted with a key of the platform. Undefined if it is. */
function storeFault(stacks: readonly Graph[], graph: Graph, { resource, argument, key, region, off }: Store): string | undefined {
  const named: NamedKey | undefined = keyOf(stacks, graph, key);
  const name = resource.address;
  if (off !== undefined) return `${name} is not encrypted with a key: ${off}.`;
  if (named === undefined)
    return `${name} has no ${argument}: AWS encrypts it with a key to which no policy of the account applies, or not at all.`;
  if (named.kind === "nowhere") return `${argument} of ${name} is ${named.text}, which is not a key of this JSON.`;
  if (named.kind === "aws") return `${name} uses ${named.text}, a key of AWS whose policy cannot be changed.`;
  if (named.kind !== "key") return undefined;
  const here = region ?? graph.placeOf(resource).region;
  const there = named.graph.placeOf(named.resource).region;
  if (argument !== "replica_kms_key_id" && here !== there)
    return `${name} is in ${String(here)}, and its key ${named.resource.address} is in ${String(there)}: a key is used in its own region only.`;
  return undefined;
}

/** Copies of objects whose key is not one of the region of their bucket. */
function copyFaults(stacks: readonly Graph[], graph: Graph): readonly string[] {
  return replicatedObjects(graph).flatMap(({ resource, key, destination }) => {
    const named = keyOf(stacks, graph, key);
    const place = stacks.flatMap((other) => {
      const bucket = bucketOf(other, destination);
      return bucket ? [other.placeOf(bucket).region] : [];
    })[0];
    const keyPlace = named?.kind === "key" ? named.graph.placeOf(named.resource).region : undefined;
    return place !== undefined && keyPlace !== undefined && keyPlace !== place
      ? [`${resource.address} encrypts copies in ${place} with a key of ${keyPlace}: a key is used in its own region only.`]
      : [];
  });
}

/** A global database has no key of its own, and encrypts its members if it says so, or if it is made from a cluster that is encrypted. */
function globalFaults(graph: Graph): readonly string[] {
  return graph
    .all("aws_rds_global_cluster")
    .filter(({ values }) => {
      const encrypted = text(values["storage_encrypted"]) ?? (values["source_db_cluster_identifier"] === undefined ? "false" : "true");
      return !/\btrue\b/.test(encrypted);
    })
    .map(({ address }) => `${address} is not encrypted, so no cluster of it is.`);
}

function usedKeys(stacks: readonly Graph[], graph: Graph): readonly { readonly key: Key; readonly store: string }[] {
  return [...storesOf(graph), ...bucketStores(graph)].flatMap(({ resource, key }) => {
    const named = keyOf(stacks, graph, key);
    return named?.kind === "key" ? [{ key: named, store: resource.address }] : [];
  });
}

/** Whether the account, or a principal that the policy names, may use a key. Services such as RDS act for a caller of the account. */
function accountMayUse(key: Key): boolean {
  const { account } = key.graph.placeOf(key.resource);
  const named = keyPolicy(key).flatMap(({ principals }) => principals?.["AWS"] ?? []);
  const context = { "kms:CallerAccount": account ?? "", "kms:GrantIsForAWSResource": "true" };
  return [`arn:aws:iam::${account ?? ""}:root`, ...named].some((principal) =>
    USES.every((action) => keyAllows(key, { action, principal, context })),
  );
}

function granted(graph: Graph, key: Key): readonly string[] {
  return graph.referring("aws_kms_grant", "key_id", key.resource).flatMap(({ address, values }) => {
    const grantee = graph.text(values["grantee_principal"]) ?? "";
    const account = /^arn:aws:iam::(\d{12}):/.exec(grantee)?.[1];
    return account !== undefined && account !== graph.account ? [`${address} lends ${key.resource.address} to ${grantee}.`] : [];
  });
}

function evidence(stacks: readonly Graph[], graph: Graph, stores: readonly Store[]): readonly string[] {
  return stores.flatMap(({ resource, key }) => {
    const named = keyOf(stacks, graph, key);
    return named?.kind === "key" ? [`${resource.address}: ${named.resource.address}`] : [];
  });
}

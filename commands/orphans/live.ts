import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import {
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  ListTagsForResourceCommand,
  paginateListHealthChecks,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { Names } from "../../config/naming";
import { findFinalSnapshots } from "../final-snapshots";
import { findByName, findRoles, type NameSearch } from "./by-name";
import { isDeleted } from "./deletion-status";
import { identify } from "./kinds";
import type { Tag } from "./ownership";

/** A resource that exists in the account. */
export interface LiveResource {
  readonly arn: string;
  /** Value of its Name tag, for resources without a name. */
  readonly nameTag?: string | undefined;
}

/** Scope of the search: the given regions, and the global services. */
export interface Search extends NameSearch {
  readonly regions: readonly string[];
  /** Domain of the environment: its records, and those below it, belong to the environment. */
  readonly domain: string;
  readonly zoneId: string | undefined;
}

/** All resources with a suffix, found by tag, or by name where a service has no search by tag. */
export async function findLive(search: Search): Promise<LiveResource[]> {
  const found = await Promise.all([...search.regions.map((region) => findInRegion(search, region)), findGlobal(search)]);
  const byArn = new Map(found.flat().map((live) => [live.arn, live]));
  const candidates = [...byArn.values()].filter(({ arn }) => identify(arn) !== undefined);
  const deleted = await Promise.all(candidates.map(({ arn }) => isDeleted(arn)));
  return candidates.filter((_, index) => !deleted[index]);
}

async function findInRegion(search: Search, region: string): Promise<LiveResource[]> {
  const live: LiveResource[] = [];
  const tagging = paginateGetResources(
    { client: new ResourceGroupsTaggingAPIClient({ region }) },
    { TagFilters: [{ Key: "EnvironmentSuffix", Values: [search.suffix] }] },
  );
  for await (const { ResourceTagMappingList = [] } of tagging)
    for (const { ResourceARN: arn, Tags = [] } of ResourceTagMappingList) if (arn) live.push({ arn, nameTag: nameTagOf(Tags) });
  const named = await findByName(search, region, new Set(live.map(({ arn }) => arn)));
  live.push(...named.map((arn) => ({ arn })));
  // They remain with the snapshot, until both are deleted by hand.
  const kept = await findFinalSnapshots(new Names(search.suffix, region, search.accountId), region);
  return live.filter(({ arn }) => !kept.some(({ keyArn }) => keyArn === arn));
}

/** IAM roles and Route 53 resources, which the Resource Groups Tagging API does not find reliably. */
async function findGlobal({ suffix, regions, domain, zoneId }: Search): Promise<LiveResource[]> {
  const live: LiveResource[] = (await findRoles(suffix, regions)).map((arn) => ({ arn }));
  const route53 = new Route53Client({ region: "us-east-1" });
  for await (const { HealthChecks = [] } of paginateListHealthChecks({ client: route53 }, {}))
    for (const { Id } of HealthChecks) {
      const { ResourceTagSet } = await route53.send(new ListTagsForResourceCommand({ ResourceType: "healthcheck", ResourceId: Id }));
      const own = ResourceTagSet?.Tags?.some(({ Key, Value }) => Key === "EnvironmentSuffix" && Value === suffix);
      if (own) live.push({ arn: `arn:aws:route53:::healthcheck/${Id}`, nameTag: nameTagOf(ResourceTagSet?.Tags ?? []) });
    }
  if (zoneId === undefined) return live;
  for await (const { Name = "", Type, SetIdentifier } of recordsOf(route53, zoneId)) {
    const name = Name.replace(/\.$/, "");
    // Validation records of certificates can be shared with other environments of the account.
    if (name.startsWith("_") || !(name === domain || name.endsWith(`.${domain}`))) continue;
    const id = [zoneId, name, Type, SetIdentifier].filter((part) => part !== undefined).join("_");
    live.push({ arn: `arn:aws:route53:::hostedzone/${zoneId}/record/${id}`, nameTag: SetIdentifier ?? name });
  }
  return live;
}

/** The SDK has no paginator for this call, which continues by three keys. */
async function* recordsOf(route53: Route53Client, HostedZoneId: string): AsyncGenerator<ResourceRecordSet> {
  let from: {
    StartRecordName?: string | undefined;
    StartRecordType?: ResourceRecordSet["Type"];
    StartRecordIdentifier?: string | undefined;
  } = {};
  for (;;) {
    const page = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...from }));
    yield* page.ResourceRecordSets ?? [];
    if (!page.IsTruncated) return;
    from = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType, StartRecordIdentifier: page.NextRecordIdentifier };
  }
}

function nameTagOf(tags: readonly Tag[]): string | undefined {
  return tags.find(({ Key }) => Key === "Name")?.Value;
}

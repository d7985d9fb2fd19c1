import { CloudWatchClient, paginateDescribeAlarms, paginateListDashboards } from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { KMSClient, paginateListAliases } from "@aws-sdk/client-kms";
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import {
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  ListTagsForResourceCommand,
  paginateListHealthChecks,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { isDeleted } from "./deletion-status";
import { identify } from "./kinds";

/** A resource that exists in the account. */
export interface LiveResource {
  readonly arn: string;
  /** Value of its Name tag, for resources without a name. */
  readonly nameTag?: string | undefined;
}

/** Scope of the search: the given regions, and the global services. */
export interface Search {
  readonly suffix: string;
  readonly accountId: string;
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

async function findInRegion({ suffix, accountId }: Search, region: string): Promise<LiveResource[]> {
  const live: LiveResource[] = [];
  const client = { region };
  const tagging = paginateGetResources(
    { client: new ResourceGroupsTaggingAPIClient(client) },
    { TagFilters: [{ Key: "EnvironmentSuffix", Values: [suffix] }] },
  );
  for await (const { ResourceTagMappingList = [] } of tagging)
    for (const { ResourceARN: arn, Tags = [] } of ResourceTagMappingList) if (arn) live.push({ arn, nameTag: nameTagOf(Tags) });
  for await (const { Aliases = [] } of paginateListAliases({ client: new KMSClient(client) }, {}))
    for (const { AliasArn: arn, AliasName } of Aliases) if (arn && hasSuffix(AliasName, suffix)) live.push({ arn });
  const cloudwatch = new CloudWatchClient(client);
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms(
    { client: cloudwatch },
    { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
  ))
    for (const { AlarmArn: arn, AlarmName } of [...MetricAlarms, ...CompositeAlarms])
      if (arn && hasSuffix(AlarmName, suffix)) live.push({ arn });
  for await (const { DashboardEntries = [] } of paginateListDashboards({ client: cloudwatch }, {}))
    for (const { DashboardName } of DashboardEntries)
      if (hasSuffix(DashboardName, `${suffix}-${region}`))
        live.push({ arn: `arn:aws:cloudwatch::${accountId}:dashboard/${DashboardName}` });
  const { Rules = [] } = await new EventBridgeClient(client).send(new ListRulesCommand({}));
  for (const { Arn: arn, Name } of Rules) if (arn && hasSuffix(Name, suffix)) live.push({ arn });
  return live;
}

/** IAM roles and Route 53 resources, which the Resource Groups Tagging API does not find reliably. */
async function findGlobal({ suffix, regions, domain, zoneId }: Search): Promise<LiveResource[]> {
  const live: LiveResource[] = [];
  const client = { region: "us-east-1" };
  for await (const { Roles = [] } of paginateListRoles({ client: new IAMClient(client) }, {}))
    for (const { Arn: arn, RoleName } of Roles)
      if (arn && regions.some((region) => hasSuffix(RoleName, `${suffix}-${region}`))) live.push({ arn });
  const route53 = new Route53Client(client);
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

/** Whether a name ends with `-<ending>`. The suffix `4` also matches names of the environment `pr-4`. */
function hasSuffix(name: string | undefined, ending: string): boolean {
  return name?.endsWith(`-${ending}`) ?? false;
}

function nameTagOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]): string | undefined {
  return tags.find(({ Key }) => Key === "Name")?.Value;
}

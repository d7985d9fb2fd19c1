import {
  CloudWatchClient,
  ListTagsForResourceCommand as ListTagsOfAlarm,
  paginateDescribeAlarms,
  paginateListDashboards,
} from "@aws-sdk/client-cloudwatch";
import { EventBridgeClient, ListRulesCommand, ListTagsForResourceCommand as ListTagsOfRule } from "@aws-sdk/client-eventbridge";
import { GetRoleCommand, IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { KMSClient, ListResourceTagsCommand, paginateListAliases } from "@aws-sdk/client-kms";
import { Names } from "../../config/naming";
import { findUntaggedLogGroups, type SynthesizedNames } from "../log-groups";
import { hasSuffix, isOfAnother, type Tag } from "./ownership";

export interface NameSearch {
  readonly suffix: string;
  readonly accountId: string;
  /** Names of its log groups and canaries in a region, from the last synth. Empty if that was of another environment. */
  readonly synthesizedIn: (region: string) => SynthesizedNames;
}

/**
 * ARNs of resources of one region that have a name of the environment: of kinds that have no tags, and of resources that AWS has
 * created again, without tags.
 * @param tagged ARNs that are already found
 */
export async function findByName({ suffix, accountId, synthesizedIn }: NameSearch, region: string, tagged: ReadonlySet<string>) {
  const found: string[] = [];
  const client = { region };
  const add = async (arn: string | undefined, name: string | undefined, tags: (arn: string) => Promise<readonly Tag[]>) => {
    if (arn === undefined || tagged.has(arn) || !hasSuffix(name, suffix)) return;
    if (!isOfAnother(await tags(arn), suffix)) found.push(arn);
  };
  const kms = new KMSClient(client);
  for await (const { Aliases = [] } of paginateListAliases({ client: kms }, {}))
    for (const { AliasArn, AliasName, TargetKeyId: KeyId } of Aliases)
      await add(AliasArn, AliasName, async () => {
        const { Tags = [] } = KeyId === undefined ? {} : await kms.send(new ListResourceTagsCommand({ KeyId }));
        return Tags.map(({ TagKey: Key, TagValue: Value }) => ({ Key, Value }));
      });
  const cloudwatch = new CloudWatchClient(client);
  const AlarmTypes: ("MetricAlarm" | "CompositeAlarm")[] = ["MetricAlarm", "CompositeAlarm"];
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client: cloudwatch }, { AlarmTypes }))
    for (const { AlarmArn, AlarmName } of [...MetricAlarms, ...CompositeAlarms])
      await add(AlarmArn, AlarmName, async (ResourceARN) => (await cloudwatch.send(new ListTagsOfAlarm({ ResourceARN }))).Tags ?? []);
  const names = new Names(suffix, region, accountId);
  // They have no tags, and there are two: of the region and of all regions.
  const dashboards = [names.of("cloudwatch_dashboard"), names.of("cloudwatch_dashboard", "overview")];
  for await (const { DashboardEntries = [] } of paginateListDashboards({ client: cloudwatch }, {}))
    for (const { DashboardName = "" } of DashboardEntries)
      if (dashboards.includes(DashboardName)) found.push(`arn:aws:cloudwatch::${accountId}:dashboard/${DashboardName}`);
  const events = new EventBridgeClient(client);
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  for (const { Arn, Name } of Rules)
    await add(Arn, Name, async (ResourceARN) => (await events.send(new ListTagsOfRule({ ResourceARN }))).Tags ?? []);
  const logGroups = await findUntaggedLogGroups(region, names, synthesizedIn(region));
  return [...found, ...logGroups.map(({ arn }) => arn)];
}

/** ARNs of the IAM roles of the environment, which the Resource Groups Tagging API does not find. */
export async function findRoles(suffix: string, regions: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const iam = new IAMClient({ region: "us-east-1" });
  for await (const { Roles = [] } of paginateListRoles({ client: iam }, {}))
    for (const { Arn, RoleName } of Roles) {
      if (Arn === undefined || !regions.some((region) => hasSuffix(RoleName, `${suffix}-${region}`))) continue;
      // The list of roles contains no tags.
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      if (!isOfAnother(Role?.Tags ?? [], suffix)) found.push(Arn);
    }
  return found;
}

import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { z } from "zod";
import { mergeTrees } from "../../../config/paths";
import { schema } from "../../../config/schema";
import { describedBy, entryOf, keysOf } from "../../../config/schema/inspect";
import { Cloud, describeSimulated } from "../../support/cloud";
import type { Pipeline } from "../../support/pipeline";
import type { PlannedChange } from "../../support/terraform";
import { APPLIED, BASE, type Change, TOGETHER } from "./table";

jest.setTimeout(40 * 60 * 1000);

const SUFFIX = "it-t";
const REGION = "us-east-1";

/** Types of resources with contents that cannot be created again. */
const STORES = ["aws_backup_vault", "aws_dynamodb_table", "aws_elasticache_replication_group", "aws_rds_cluster", "aws_s3_bucket"];

/** Types whose resources go with what they observe, permit or encrypt: their number says nothing about a change. */
const INCIDENTAL =
  /^(aws_cloudwatch_(composite_alarm|event_rule|event_target|metric_alarm)|aws_elasticache_(subnet_group|user|user_group)|aws_iam_\w+|aws_kms_alias|aws_lambda_\w+|aws_network_acl_rule|aws_s3_bucket_\w+|aws_security_group|aws_ssm_parameter|aws_vpc_security_group_\w+|terraform_data)$/;

/** Lays keys over others. The services are replaced as a whole, so that a change can remove them. */
const over = (values: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  mergeTrees(values, to, ["services", "service_images"]);

const merged = (changes: readonly Change[]): Record<string, unknown> =>
  changes.reduce<Record<string, unknown>>((values, { to }) => over(values, to), BASE);

const goneIn = (changes: readonly PlannedChange[]): string[] =>
  [...new Set(changes.filter(({ change }) => change.actions.includes("delete")).map(({ type }) => type))]
    .filter((type) => !INCIDENTAL.test(type))
    .sort();

/** What the example file says about a key. */
function textOf(key: string): string {
  let type: z.ZodType = schema;
  const texts: string[] = [];
  for (const part of key.split(".")) {
    const inner = keysOf(type)[part] ?? entryOf(type);
    if (!inner) throw new Error(`there is no key ${key}`);
    type = inner;
    const { about = "", details = "" } = describedBy(type);
    texts.push(about, details);
  }
  return texts.join(" ");
}

const CHANGES = Object.values(TOGETHER).flat();

describe("a change of a key", () => {
  it("is announced in capitals in the example file if it deletes data, and only then", () => {
    for (const { key, gone = [], deletesBackwards = false } of CHANGES) {
      const deletes = deletesBackwards || gone.some((type) => STORES.includes(type));
      expect({ key, announced: /(REPLACES|DELETES) (THE|ITS) (BUCKET|CLUSTER|DATA|VAULT)/.test(textOf(key)) }).toEqual({
        key,
        announced: deletes,
      });
    }
  });
});

describeSimulated("a deployed region", () => {
  let cloud: Cloud;
  let pipeline: Pipeline;

  beforeAll(async () => {
    cloud = await Cloud.open(SUFFIX, BASE);
    await cloud.bootstrap();
    pipeline = cloud.pipeline(SUFFIX);
    await pipeline.synth();
    await pipeline.must("apply");
  });

  afterAll(() => cloud.close());

  it.each(Object.entries(TOGETHER))("is planned for changes %s as the table says", async (_, changes) => {
    await cloud.change(merged(changes));
    await pipeline.synth();
    const expected = [...new Set(changes.flatMap(({ gone = [] }) => gone))].sort();
    expect(goneIn(await pipeline.terraform(REGION).plannedChanges())).toEqual(expected);
  });

  it.each(APPLIED)("$title: is applied in one run, and a second plan has nothing to do", async ({ values }) => {
    await cloud.change(over(BASE, values));
    expect(await pipeline.deploy()).toEqual({ code: 0, changes: "" });
  });

  it("destroys to nothing after all changes", async () => {
    await pipeline.must("destroy");
    expect(await cloud.leftovers()).toEqual([]);
    const losing = CHANGES.filter(({ gone = [] }) => gone.some((type) => STORES.includes(type)));
    process.stderr.write(
      `Changes of keys: ${CHANGES.length} planned in ${Object.keys(TOGETHER).length} plans, ${losing.length} of them delete data and say so; ` +
        `${APPLIED.length} configurations applied one after the other.\n`,
    );
  });
});

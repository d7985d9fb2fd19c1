import { describe, expect, it } from "@jest/globals";
import { DATA, EVERYTHING, MYSQL } from "../support/config";
import { GUARDS, namesOf } from "../support/invariants";
import { PLATFORMS } from "../support/platforms";
import { failoverStack, globalStack, regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

describe("every resource", () => {
  const stacks = PLATFORMS.map(([, stack]) => stack);
  it("has the suffix in its name", () => {
    const all = [...stacks, regionStack({}, 1), globalStack(), failoverStack(DATA)].flatMap((stack) => stack.all());
    const names = all.flatMap(namesOf);
    expect(names.length).toBeGreaterThan(100);
    // Names of restore testing plans cannot contain hyphens.
    expect(names.filter(({ value }) => !value.replaceAll("_", "-").includes("test-1"))).toEqual([]);
  });

  it("has the suffix in its Name tag", () => {
    const tags = everything
      .all()
      .flatMap((resource) =>
        (resource["tags"] as { Name?: string } | undefined)?.Name
          ? [{ address: resource.address, name: (resource["tags"] as { Name: string }).Name }]
          : [],
      );
    expect(tags.length).toBeGreaterThan(40);
    expect(tags.filter(({ name }) => !name.includes("test-1"))).toEqual([]);
  });

  it("gets its tags from the provider, and repeats none of them", () => {
    const provider = everything.json["provider"] as { aws: { default_tags: { tags: object }[] }[] };
    const tags = { Environment: "test-1", DisasterRecovery: "enabled", EnvironmentSuffix: "test-1", ManagedBy: "standfast" };
    expect(provider.aws.map(({ default_tags }) => default_tags)).toEqual([[{ tags }]]);
    expect(
      everything.all().filter((resource) => Object.keys((resource["tags"] as object | undefined) ?? {}).some((key) => key in tags)),
    ).toEqual([]);
  });

  it.each(GUARDS)("of type %s can be destroyed, unless protect is set: %s", (type, attribute, guarded, free) => {
    const protectedStack = regionStack({ ...EVERYTHING, protect: true });
    for (const [stack, expected] of [
      [protectedStack, guarded],
      [everything, free],
    ] as const) {
      expect(stack.all(type).length).toBeGreaterThan(0);
      for (const resource of stack.all(type)) expect(resource).toMatchObject({ [attribute]: expected });
    }
  });

  it("leaves a final snapshot with its own name if protected, and never has prevent_destroy", () => {
    const guarded = regionStack({ ...EVERYTHING, protect: true });
    expect(guarded.only("aws_rds_cluster")).toMatchObject({ final_snapshot_identifier: "final-aurora-test-1-us-east-1" });
    expect(guarded.only("aws_elasticache_replication_group")).toMatchObject({ final_snapshot_identifier: "final-cache-test-1-us-east-1" });
    expect(JSON.stringify([guarded.json, everything.json])).not.toContain("prevent_destroy");
  });

  it("belongs to the environment and not to the account: no GuardDuty detector, Config recorder or service-linked role", () => {
    expect(
      everything.all().filter(({ resourceType }) => /guardduty|config_configuration_recorder|service_linked_role/.test(resourceType)),
    ).toEqual([]);
  });

  it("has an address without a hash", () => {
    expect(everything.all().filter(({ address }) => /_[0-9A-F]{8}$/.test(address))).toEqual([]);
  });
});

/** Resources that AWS does not delete while others use them, and whose replacement has another name. */
const USED_BY_OTHERS = [
  "aws_db_parameter_group",
  "aws_elasticache_parameter_group",
  "aws_lb_target_group",
  "aws_rds_cluster_parameter_group",
  "aws_service_discovery_http_namespace",
  "aws_service_discovery_private_dns_namespace",
  "aws_service_discovery_service",
];

describe.each(USED_BY_OTHERS)("every %s", (type) => {
  it("is deleted after the update of the resources that used it", () => {
    const stacks = [everything, regionStack(MYSQL), regionStack({ ...EVERYTHING, discovery: "service-connect" })];
    // The group of a function is only used by its listener rule, which is removed with it.
    const found = stacks.flatMap((stack) => stack.all(type)).filter(({ target_type: target }) => target !== "lambda");
    expect(found.length).toBeGreaterThan(0);
    for (const resource of found) expect(resource).toMatchObject({ lifecycle: { create_before_destroy: true } });
  });
});

describe("a look-up", () => {
  const stacks = [...PLATFORMS.map(([, stack]) => stack), regionStack(), regionStack({}, 1), globalStack(), failoverStack(DATA)];
  const lookUps = stacks.flatMap((stack) =>
    Object.entries((stack.json["data"] ?? {}) as Readonly<Record<string, Readonly<Record<string, object>>>>).flatMap(([type, found]) =>
      Object.entries(found).map(([name, arguments_]) => ({ stack, address: `data.${type}.${name}`, text: JSON.stringify(arguments_) })),
    ),
  );

  it("depends on no resource that changes: its result would be unknown in the plan, and replace what has it as an argument", () => {
    expect(lookUps.length).toBeGreaterThan(10);
    for (const { stack, address, text } of lookUps) {
      const others = [...text.matchAll(/(?<!data\.)\b((?:aws|terraform)_[a-z_]+\.[\w-]+)/g)].map(([, other = ""]) => other);
      const changing = others.filter((other) => !FIXED.some((pattern) => pattern.test(other)));
      // A marker without arguments changes once, when it is created.
      for (const marker of others.filter((other) => other.endsWith("first-apply")))
        expect(Object.keys(stack.resource(marker)).sort()).toEqual(["address", "resourceType"]);
      expect({ address, changing }).toEqual({ address, changing: [] });
    }
  });

  it("replaces no replica of the sessions in the plan in which its result is unknown", () => {
    const [replica] = failoverStack(DATA).all("aws_dynamodb_table_replica");
    expect(replica).toMatchObject({ lifecycle: { ignore_changes: ["kms_key_arn"] } });
  });
});

/** The second one is the version of the password: with a new one, the look-up must wait for the apply. */
const FIXED = [/^terraform_data\.([\w-]+_)?first-apply$/, /^terraform_data\.database_secret-guard_version$/];

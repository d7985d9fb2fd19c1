import { describe, expect, it } from "@jest/globals";
import { DATA, EVERYTHING, MYSQL, ONE_REGION } from "../support/config";
import { EACH_PRESET } from "../support/configurations";
import { GUARDS, namesOf } from "../support/invariants";
import { PLATFORMS } from "../support/platforms";
import { everyStack, failoverStack, globalStack, regionStack, type Resource } from "../support/synthesized";

const everything = regionStack(EVERYTHING);

/** Types of resources that store data, or without which stored data cannot be read. */
const DATA_TYPES = [
  "aws_backup_vault",
  "aws_dynamodb_table",
  "aws_dynamodb_table_replica",
  "aws_elasticache_replication_group",
  "aws_kms_key",
  "aws_rds_cluster",
  "aws_rds_cluster_instance",
  "aws_rds_global_cluster",
  "aws_s3_bucket",
];

/** Configurations that together have all of these types. */
const WITH_EVERY_STORE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...EACH_PRESET,
  everything: EVERYTHING,
  "two-regions-data": DATA,
};

const hasPreventDestroy = ({ lifecycle }: Resource): boolean =>
  (lifecycle as { readonly prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;

const otherLifecycle = ({ address, lifecycle }: Resource): object => ({
  address,
  ...(lifecycle as object | undefined),
  prevent_destroy: undefined,
});

const everyResource = (values: Readonly<Record<string, unknown>>): Resource[] =>
  [...everyStack(values).values()].flatMap((stack) => stack.all());

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

  it.each(Object.entries(WITH_EVERY_STORE))(
    "of %s has prevent_destroy with protect if it stores data, and keeps its lifecycle",
    (_, values) => {
      const guarded = everyResource({ ...values, protect: true });
      const free = everyResource(values);
      const stores = guarded.filter(({ resourceType }) => DATA_TYPES.includes(resourceType));
      expect(stores.length).toBeGreaterThan(10);
      expect(guarded.filter(hasPreventDestroy)).toEqual(stores);
      expect(free.filter(hasPreventDestroy)).toEqual([]);
      // The policy of the vault exists only with protect.
      const inBoth = guarded.filter(({ address }) => free.some((resource) => resource.address === address));
      expect(inBoth.map(otherLifecycle)).toEqual(free.map(otherLifecycle));
    },
  );

  it("stores data in each of these types", () => {
    const found = new Set(
      Object.values(WITH_EVERY_STORE).flatMap((values) => everyResource(values).map(({ resourceType }) => resourceType)),
    );
    expect(DATA_TYPES.filter((type) => !found.has(type))).toEqual([]);
  });

  it("is rejected by the first stack of a destroy if protected, so that no other stack is destroyed before", () => {
    for (const values of [{}, ONE_REGION])
      expect(
        failoverStack({ ...values, protect: true })
          .all()
          .filter(hasPreventDestroy),
      ).not.toEqual([]);
  });

  it.each([
    ["aws_rds_cluster", "database", { engine: "aurora-postgresql", databaseName: "payments", masterUsername: "ledger_admin" }],
    ["aws_elasticache_replication_group", "cache", { engine: "redis", engineVersion: "7.1" }],
  ] as const)("of type %s has a final snapshot only with %s.final_snapshot, whatever protect is", (type, key, replacedBy) => {
    for (const protect of [true, false]) {
      expect(regionStack({ ...EVERYTHING, protect }).only(type)).not.toHaveProperty("final_snapshot_identifier");
      const stack = regionStack({ ...EVERYTHING, protect, [key]: { final_snapshot: true } });
      const snapshot = stack.only(type)["final_snapshot_identifier"];
      const identifier = stack.only(type)[type === "aws_rds_cluster" ? "cluster_identifier" : "replication_group_id"] as string;
      expect(snapshot).toBe(`final-${identifier}-\${terraform_data.${key}_final-snapshot-time.output.time}`);
      // Letters, digits and single hyphens, at most 255, and neither the first nor the last character is a hyphen.
      expect(String(snapshot).replace(/\$\{.*\}/, "20261121073000")).toMatch(/^[a-z](?!.*--)[a-z0-9-]{1,253}[a-z0-9]$/);
      expect(stack.resource(`terraform_data.${key}_final-snapshot-time`)).toMatchObject({
        input: { time: '${formatdate("YYYYMMDDhhmmss", timestamp())}' },
        triggers_replace: { ...replacedBy, key: expect.stringMatching(/aws_kms_key/) },
        lifecycle: { ignore_changes: ["input"] },
      });
    }
  });

  it("of a global database has a final snapshot in each region, since any of them can be the writer", () => {
    for (const index of [0, 1]) {
      const cluster = regionStack({ database: { final_snapshot: true } }, index).only("aws_rds_cluster");
      expect(cluster).toMatchObject({ skip_final_snapshot: false, final_snapshot_identifier: expect.stringMatching(/^final-aurora-/) });
      expect(regionStack({}, index).only("aws_rds_cluster")).toMatchObject({ skip_final_snapshot: true });
    }
  });

  it("of a final snapshot can be decrypted for as long as KMS allows: the keys wait 30 days for their deletion", () => {
    for (const [values, days] of [
      [{}, 7],
      [{ database: { final_snapshot: true } }, 30],
      [{ cache: { final_snapshot: true } }, 30],
      [{ protect: true }, 30],
    ] as const)
      for (const key of regionStack({ ...EVERYTHING, ...values }).all("aws_kms_key"))
        expect(key).toMatchObject({ deletion_window_in_days: days });
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

describe("a rule between two security groups", () => {
  it("has its port in the address, and is deleted after the deployment of the service that it allows traffic to", () => {
    const rules = (port: number) => {
      const stack = regionStack({ ...EVERYTHING, service: { ...EVERYTHING.service, port } });
      return {
        stack,
        addresses: ["ingress_rule.service_security-group_from-load-balancer", "egress_rule.load-balancer_security-group_to-service"].map(
          (rule) => `aws_vpc_security_group_${rule}-${port}`,
        ),
      };
    };
    for (const { stack, addresses } of [rules(8080), rules(9090)]) {
      for (const address of addresses) expect(stack.resource(address)).toMatchObject({ lifecycle: { create_before_destroy: true } });
      expect(stack.resource("aws_ecs_service.service_service")["depends_on"]).toEqual(expect.arrayContaining(addresses));
    }
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

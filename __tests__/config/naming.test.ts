import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { MAX_SUFFIX_LENGTH, NAMED_RESOURCES, type NamedResource, Names, SUFFIX_PATTERN } from "../../config/naming";
import { REGIONS } from "../../config/regions";
import { canaryFunctionPrefix } from "../../modules/canary/canary";

const ACCOUNT = "123456789012";
const suffix = fc.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/).filter((text) => text.length <= MAX_SUFFIX_LENGTH);
const qualifier = fc.option(fc.stringMatching(/^[a-z]{1,12}(-[a-z0-9]{1,12}){0,3}$/), { nil: undefined });
const kind = fc.constantFrom(...NAMED_RESOURCES);
const region = fc.constantFrom(...REGIONS);

/** Constraints of services that are stricter than letters, digits and hyphens, or than the longest name. */
const LIMITS: Partial<Record<NamedResource, RegExp>> = {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  lb: /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/,
  lb_target_group: /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/,
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  iam_role: /^[\w+=,.@-]{1,64}$/,
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  s3_bucket: /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
  rds_cluster: /^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
  rds_cluster_instance: /^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
  // https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
  elasticache_replication_group: /^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
  elasticache_user: /^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
  elasticache_user_group: /^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/,
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  cloudformation_stack: /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  // https://docs.aws.amazon.com/AmazonSynthetics/latest/APIReference/API_CreateCanary.html
  synthetics_canary: /^[0-9a-z_-]{1,255}$/,
  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
  cloudwatch_event_rule: /^[.\-_A-Za-z0-9]{1,64}$/,
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  security_group: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/,
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
  wafv2_web_acl: /^[\w-]{1,128}$/,
};

describe("for any valid suffix, region and qualifier, a name", () => {
  it("is accepted by its service, and contains the whole suffix", () => {
    fc.assert(
      fc.property(kind, qualifier, suffix, region, (resource, part, environment, place) => {
        const name = new Names(environment, place, ACCOUNT).of(resource, part);
        expect(name).toMatch(LIMITS[resource] ?? /^[a-z0-9-]{1,255}$/);
        expect(name).toContain(environment);
      }),
      { numRuns: 2000 },
    );
  });

  it("is deterministic", () => {
    fc.assert(
      fc.property(kind, qualifier, suffix, region, (resource, part, environment, place) => {
        expect(new Names(environment, place, ACCOUNT).of(resource, part)).toBe(new Names(environment, place, ACCOUNT).of(resource, part));
      }),
    );
  });

  it("differs from that of another qualifier", () => {
    fc.assert(
      fc.property(kind, qualifier, qualifier, suffix, (resource, one, other, environment) => {
        fc.pre(one !== other);
        const names = new Names(environment, "us-east-1", ACCOUNT);
        expect(names.of(resource, one)).not.toBe(names.of(resource, other));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("names", () => {
  const names = new Names("pr-42", "us-east-1", ACCOUNT);

  it("follow <resource-type>-<environmentSuffix>", () => {
    expect(names.of("vpc")).toBe("vpc-pr-42");
    expect(names.of("subnet", "data-us-east-1a")).toBe("subnet-data-us-east-1a-pr-42");
  });

  it("contain the region where the account is the namespace, and the account where the world is", () => {
    expect(names.of("iam_role", "ecs-task")).toBe("role-ecs-task-pr-42-us-east-1");
    expect(names.of("s3_bucket", "access-logs")).toBe("bucket-access-logs-pr-42-123456789012-us-east-1");
  });

  it("differ between two regions of one account in shared namespaces", () => {
    for (const resource of ["iam_role", "rds_cluster", "s3_bucket", "cloudwatch_dashboard"] as const)
      expect(names.of(resource)).not.toBe(names.in("us-west-2").of(resource));
  });

  it("are shortened with a hash in front of the suffix, never cut off", () => {
    const long = new Names("a-very-long-suffix-0", "ap-southeast-1", ACCOUNT);
    expect(long.of("s3_bucket", "application-data")).toMatch(
      /^bucket-[a-z-]*-?[0-9a-f]{5}-a-very-long-suffix-0-123456789012-ap-southeast-1$/,
    );
  });

  it("have a hash instead of the region where the limit leaves no room for it", () => {
    const long = new Names("a-very-long-suffix-0", "ap-southeast-1", ACCOUNT);
    expect(long.of("elasticache_replication_group")).toMatch(/^cache-a-very-long-suffix-0-[0-9a-f]{5}$/);
    expect(long.of("elasticache_replication_group")).not.toBe(long.in("ap-southeast-2").of("elasticache_replication_group"));
  });

  it("of canaries start with the suffix: the names of their functions contain 21 characters", () => {
    expect(names.of("synthetics_canary", "us-west-2")).toBe("canary-pr-42-us-west-2");
    expect(canaryFunctionPrefix(names.of("synthetics_canary", "us-west-2"))).toBe("cwsyn-canary-pr-42-us-west-");
  });

  it("of parameters and log groups are paths with the environment and the region", () => {
    expect(names.path("database", "port")).toBe("/standfast/pr-42/us-east-1/database/port");
  });

  it.each(["Prod", "under_score", "-lead", "trail-", "two--hyphens", ""])("reject the suffix %j", (text) => {
    expect(text).not.toMatch(SUFFIX_PATTERN);
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { resolve } from "../../config/resolve";
import { isNewer } from "../../config/version-order";
import { given, ONE_REGION, regionsOf, TODAY } from "../support/config";
import { describeInvalidConfigs } from "../support/invalid-configs";

const MYSQL = "8.0.mysql_aurora.3.10.4";
const database = (values: object) => ({ ...ONE_REGION, database: values });
const redis = (cache: object) => ({ ...ONE_REGION, sessions: "redis", cache });

describe("a value of the right form that no list contains is accepted with a warning:", () => {
  const notices = (overrides: object): string => resolve("test.tfvars", given({ ...overrides }), TODAY).notices.join("\n");

  it.each([
    ["a newer minor version of PostgreSQL", "database.engine_version 16.99", database({ engine_version: "16.99" }), database({})],
    ["a newer major version of PostgreSQL", "database.engine_version 18.3", database({ engine_version: "18.3" }), database({})],
    [
      "a newer version of MySQL in a listed line",
      "database.engine_version 8.0.mysql_aurora.3.10.9",
      database({ engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.9" }),
      database({ engine: "aurora-mysql", engine_version: MYSQL }),
    ],
    [
      "the next major version of MySQL",
      "database.engine_version 8.4.mysql_aurora.8.4.7",
      database({ engine: "aurora-mysql", engine_version: "8.4.mysql_aurora.8.4.7" }),
      database({ engine: "aurora-mysql", engine_version: MYSQL }),
    ],
    [
      "an instance class of a new family",
      "database.instance_class db.r9g.large",
      database({ instance_class: "db.r9g.large" }),
      database({}),
    ],
    ["a version of Redis", "cache.engine_version 7.2", redis({ engine_version: "7.2" }), redis({ engine_version: "7.1" })],
    [
      "a version of Valkey",
      "cache.engine_version 9.0",
      redis({ engine: "valkey", engine_version: "9.0" }),
      redis({ engine: "valkey", engine_version: "8.2" }),
    ],
    ["a node type", "cache.node_type cache.r8g.large", redis({ node_type: "cache.r8g.large" }), redis({ node_type: "cache.c7gn.large" })],
    [
      "a runtime of canaries",
      "canaries.runtime syn-nodejs-puppeteer-99.0",
      { canaries: { enabled: true, runtime: "syn-nodejs-puppeteer-99.0" } },
      { canaries: { enabled: true, runtime: "syn-nodejs-puppeteer-17.0" } },
    ],
    [
      "a size of Fargate",
      "service.cpu 32768",
      { ...ONE_REGION, service: { cpu: 32768, memory_mib: 249856 } },
      { ...ONE_REGION, service: { cpu: 16384, memory_mib: 122880 } },
    ],
    [
      "a security policy of the load balancer",
      "load_balancer.ssl_policy ELBSecurityPolicy-TLS13-1-2-Res-2031-01",
      { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2031-01" } },
      { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09" } },
    ],
    ["a region", "regions[0].name eu-south-2", { regions: regionsOf("hot", "eu-south-2") }, { regions: regionsOf("hot", "eu-south-1") }],
  ])("%s", (_, value, unlisted, listed) => {
    expect(notices(unlisted)).toContain(
      `${value} is not in the list of August 2026: the synth cannot check it, and AWS decides at the apply.`,
    );
    expect(notices(listed)).not.toContain("is not in the list");
  });

  it("not of a cache and of canaries that do not exist", () => {
    expect(notices({ ...ONE_REGION, cache: { node_type: "cache.r8g.large", engine_version: "7.2" } })).not.toContain("is not in the list");
    expect(notices({ ...ONE_REGION, canaries: { enabled: false, runtime: "syn-nodejs-puppeteer-99.0" } })).not.toContain(
      "is not in the list",
    );
  });
});

describeInvalidConfigs([
  {
    title: "an older minor version of PostgreSQL than the newest, which AWS has withdrawn",
    bad: database({ engine_version: "16.7" }),
    where: "database.engine_version",
    says: /no longer one of which AWS creates a cluster.*16\.8.*or a newer one/s,
    good: database({ engine_version: "16.14" }),
  },
  {
    title: "an older line of MySQL",
    bad: database({ engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.07.1" }),
    where: "database.engine_version",
    says: /no longer one of which AWS creates a cluster/,
    good: database({ engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.13.0" }),
  },
  {
    title: "a version of MySQL for PostgreSQL",
    bad: database({ engine_version: "8.4.mysql_aurora.8.4.7" }),
    where: "database.engine_version",
    says: /is not a version of aurora-postgresql/,
    good: database({ engine: "aurora-mysql", engine_version: "8.4.mysql_aurora.8.4.7" }),
  },
  {
    title: "a version that AWS runs with Extended Support only",
    bad: database({ engine_version: "13.23" }),
    where: "database.engine_version",
    says: /standard support ended on 2026-02-28/,
    good: database({ engine_version: "13.23", extended_support: true }),
  },
  {
    title: "an instance class with a size that no class has",
    bad: database({ instance_class: "db.r9g.huge" }),
    where: "database.instance_class",
    says: /an Aurora instance class, or "db\.serverless"/,
    good: database({ instance_class: "db.r9g.96xlarge" }),
  },
  {
    title: "a node type with a size that no node type has",
    bad: redis({ node_type: "cache.r8g.huge" }),
    where: "cache.node_type",
    says: /an ElastiCache node type/,
    good: redis({ node_type: "cache.r8g.large" }),
  },
  {
    title: "a security policy with a space",
    bad: { load_balancer: { ssl_policy: "ELBSecurityPolicy-TLS13 1-2" } },
    where: "load_balancer.ssl_policy",
    says: /a security policy of Elastic Load Balancing/,
    good: { load_balancer: { ssl_policy: "ELBSecurityPolicy-FS-1-2-Res-2020-10" } },
  },
  {
    title: "CPU units between two sizes of Fargate",
    bad: { service: { cpu: 768 } },
    where: "service.cpu",
    says: /not a task size of Fargate/,
    good: { service: { cpu: 32768 } },
  },
  {
    title: "CPU units above the sizes of Fargate that are no whole vCPUs",
    bad: { service: { cpu: 17000 } },
    where: "service.cpu",
    says: /not a task size of Fargate/,
    good: { service: { cpu: 17408 } },
  },
]);

describe("the order of versions", () => {
  const listed = ["16.8", "16.13", "17.4"];

  it("accepts what AWS can add: a higher number of a line, and a higher line", () => {
    expect(["16.14", "17.5", "18.0"].filter((version) => !isNewer(version, listed))).toEqual([]);
    expect(["16.9", "16.13", "15.99", "17.3"].filter((version) => isNewer(version, listed))).toEqual([]);
  });

  it("never contains a listed version", () => {
    const version = fc.tuple(fc.nat(30), fc.nat(30)).map(([line, number]) => `${line}.${number}`);
    fc.assert(fc.property(fc.array(version, { minLength: 1 }), (versions) => versions.every((one) => !isNewer(one, versions))));
  });
});

import { describe, expect, it } from "@jest/globals";
import { resolve } from "../../config/resolve";
import { given, ONE_REGION, TODAY } from "../support/config";
import { describeInvalidConfigs, problemsOf } from "../support/invalid-configs";

const MYSQL = { engine: "aurora-mysql", engine_version: "8.0.mysql_aurora.3.10.4" };
const database = (values: object) => ({ ...ONE_REGION, database: values });
const mysql = (values: object = {}) => database({ ...MYSQL, ...values });
const serverless = (max_acu: number) => ({ instance_class: "db.serverless", serverless: { min_acu: 2, max_acu } });

describeInvalidConfigs([
  {
    title: "Performance Insights on a class that does not support it with Aurora MySQL",
    bad: mysql({ instance_class: "db.t3.medium" }),
    where: "database.instance_class",
    says: /Performance Insights.*does not support it with Aurora MySQL.*"db\.t4g\.medium"/s,
    good: mysql({ instance_class: "db.t4g.medium" }),
  },
  {
    title: "Performance Insights on the same class with Aurora PostgreSQL, of a size that Aurora does not have",
    bad: database({ instance_class: "db.t3.small" }),
    where: "database.instance_class",
    says: /not an instance class of Aurora/,
    good: database({ instance_class: "db.t3.medium" }),
  },
  {
    title: "a generation that the supported versions do not run on",
    bad: mysql({ instance_class: "db.r4.large" }),
    where: "database.instance_class",
    says: /not an instance class of Aurora.*db\.r5\.large to 24xlarge/s,
    good: mysql({ instance_class: "db.r5.large" }),
  },
  {
    title: "Optimized Reads with Aurora MySQL",
    bad: mysql({ instance_class: "db.r8gd.2xlarge" }),
    where: "database.instance_class",
    says: /Optimized Reads, which Aurora PostgreSQL only supports.*"db\.r8g\.2xlarge"/s,
    good: database({ instance_class: "db.r8gd.2xlarge" }),
  },
  {
    title: "a class that is newer than the version",
    bad: database({ engine_version: "14.6", instance_class: "db.r8g.large" }),
    where: "database.instance_class",
    says: /Aurora PostgreSQL 14\.6 does not support it.*engine_version = "14\.12" or newer, or "db\.r6g\.large"/s,
    good: database({ engine_version: "14.13", instance_class: "db.r8g.large" }),
  },
  {
    title: "a class that no version of the major version supports",
    bad: database({ engine_version: "13.23", extended_support: true, instance_class: "db.r6gd.xlarge" }),
    where: "database.instance_class",
    says: /13\.23 does not support it.*a newer major version/s,
    good: database({ engine_version: "13.23", extended_support: true, instance_class: "db.r7g.xlarge" }),
  },
  {
    title: "reader scaling of serverless instances",
    bad: database({ ...serverless(16), reader_scaling: { max_readers: 5, cpu_percent: 60 } }),
    where: "database.reader_scaling",
    says: /does not support instances of class db\.serverless.*set readers to the number/s,
    good: database(serverless(16)),
  },
  {
    title: "more serverless capacity than the version supports",
    bad: database({ engine_version: "14.6", ...serverless(256) }),
    where: "database.serverless.max_acu",
    says: /14\.6 supports at most 128.*max_acu = 128/s,
    good: database({ engine_version: "14.13", ...serverless(256) }),
  },
]);

describe("serverless instances", () => {
  it("can be backtracked: AWS documents it for Aurora Serverless v2", () => {
    expect(problemsOf(mysql({ ...serverless(16), backtrack_hours: 24 }))).toEqual([]);
  });

  it("are warned of if their minimum is small for Performance Insights, except where a higher one is recommended anyway", () => {
    const notices = (overrides: object): string => resolve("test.tfvars", given({ ...overrides }), TODAY).notices.join("\n");
    const values = (min_acu: number) => ({ instance_class: "db.serverless", serverless: { min_acu, max_acu: 16 } });
    expect(notices(database(values(0.5)))).toContain("AWS recommends at least 2 with Performance Insights");
    expect(notices(database(values(2)))).not.toContain("AWS recommends");
    expect(notices({ database: values(0.5) })).not.toContain("at least 2");
  });
});

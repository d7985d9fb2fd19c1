import { promises as dns } from "node:dns";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { fence } from "../../../modules/runbooks/region-control";
import { executionIn, FakeSdk, variables, writesIn } from "./fake-sdk";

let aws: FakeSdk;
/** The target of each name. */
let names: Record<string, string>;

beforeEach(() => {
  Object.assign(process.env, variables());
  jest.spyOn(console, "warn").mockReturnValue(undefined);
  aws = new FakeSdk().install();
  names = { "pay.bank.test": "us-east-1.pay.bank.test" };
  jest.spyOn(dns, "resolveCname").mockImplementation((name) => {
    const target = names[name];
    return target === undefined ? Promise.reject(new Error("ENODATA")) : Promise.resolve([target]);
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const variable of Object.keys(variables())) Reflect.deleteProperty(process.env, variable);
});

/** us-west-2 has taken over. */
const takenOver = (): void => {
  aws.writer = "us-west-2";
  aws.parameters.set(writesIn("us-west-2"), "allowed");
  aws.holds.add("us-west-2");
  names["pay.bank.test"] = "us-west-2.pay.bank.test";
  aws.metrics.clear();
  aws.metrics.set("EngineUptime", 4000);
};

describe("the fence of a region whose cluster is not the writer", () => {
  it("freezes the writes of its own region", async () => {
    aws.parameters.set(writesIn("us-west-2"), "allowed");
    await fence();
    expect(aws.parameters.get(writesIn("us-west-2"))).toBe("frozen");
    expect(aws.parameters.get(writesIn("us-east-1"))).toBe("allowed");
  });

  it("releases its DNS hold", async () => {
    aws.holds.add("us-west-2");
    await fence();
    expect([...aws.holds]).toEqual([]);
  });

  it("changes nothing when both are as they must be", async () => {
    await fence();
    expect(aws.changes()).toEqual([]);
  });

  it("changes nothing while a takeover runs in its region, which holds DNS before it promotes the database", async () => {
    aws.parameters.set(writesIn("us-west-2"), "allowed");
    aws.holds.add("us-west-2");
    aws.executions.push({ executionArn: executionIn("us-west-2", "takeover"), startDate: new Date() });
    await fence();
    expect(aws.changes()).toEqual([]);
    expect(aws.published.get("DatabaseIsWriter")).toBe(0);
  });

  it("changes nothing while the global database has no writer, as before its first member exists", async () => {
    aws.parameters.set(writesIn("us-west-2"), "allowed");
    aws.writer = "";
    await fence();
    expect(aws.changes()).toEqual([]);
  });

  it("lists the executions directly before the change, so that a takeover that has just started is noticed", async () => {
    aws.parameters.set(writesIn("us-west-2"), "allowed");
    aws.holds.add("us-west-2");
    await fence();
    const operations = aws.calls.map(([, operation]) => operation);
    expect(operations[operations.indexOf("ListExecutionsCommand") + 1]).toBe("PutParameterCommand");
  });

  it("changes its own region only, also while the others do not respond", async () => {
    aws.lostRegions.add("us-east-1");
    aws.parameters.set(writesIn("us-west-2"), "allowed");
    await fence();
    expect(new Set(aws.calls.map(([region]) => region))).toEqual(new Set(["us-west-2"]));
    expect(aws.changes()).toEqual(["us-west-2 PutParameterCommand"]);
  });
});

describe("the fence of a region whose cluster is the writer", () => {
  it("changes nothing", async () => {
    takenOver();
    await fence();
    expect(aws.changes()).toEqual([]);
  });

  it("never allows writes: only a takeover does", async () => {
    takenOver();
    aws.parameters.set(writesIn("us-west-2"), "frozen");
    await fence();
    expect(aws.changes()).toEqual([]);
    expect(aws.published.get("ClientsWithoutWriter")).toBe(1);
  });
});

describe("the tag of the writer", () => {
  const WRITER = { Key: "standfast:writer", Value: "true" };

  it("is added to the cluster of a region that has become the primary, once", async () => {
    takenOver();
    await fence();
    expect(aws.tags).toContainEqual(WRITER);
    aws.calls.length = 0;
    await fence();
    expect(aws.calls.map(([, operation]) => operation)).not.toContain("AddTagsToResourceCommand");
  });

  it("is removed from the cluster of a region that is no longer the primary, and no other tag is", async () => {
    aws.tags.push(WRITER);
    await fence();
    expect(aws.tags).toEqual([{ Key: "EnvironmentSuffix", Value: "pr-42" }]);
  });
});

describe("the metrics of a region", () => {
  const published = async (): Promise<Record<string, number>> => {
    await fence();
    return Object.fromEntries(aws.published);
  };

  it("of a standby state that it is none of the three", async () => {
    expect(await published()).toEqual({
      DatabaseIsWriter: 0,
      ServiceResolvesHere: 0,
      WritesAllowed: 0,
      ClientsWithoutWriter: 0,
      WriterSilent: 0,
      ReplicationSilent: 0,
    });
  });

  it("of the primary state that it is all three", async () => {
    takenOver();
    expect(await published()).toMatchObject({ DatabaseIsWriter: 1, ServiceResolvesHere: 1, WritesAllowed: 1, ClientsWithoutWriter: 0 });
  });

  it("report clients that DNS routes to a standby", async () => {
    names["pay.bank.test"] = "us-west-2.pay.bank.test";
    expect(await published()).toMatchObject({ ServiceResolvesHere: 1, ClientsWithoutWriter: 1 });
  });

  it("follow the names of the failover between three regions", async () => {
    names = { "pay.bank.test": "us-west-2.next.pay.bank.test.", "us-west-2.next.pay.bank.test": "US-WEST-2.pay.bank.test." };
    expect(await published()).toMatchObject({ ServiceResolvesHere: 1 });
  });

  it("do not count a name that does not resolve, or names that form a circle", async () => {
    names = {};
    expect(await published()).toMatchObject({ ServiceResolvesHere: 0 });
    names = { "pay.bank.test": "a.bank.test", "a.bank.test": "pay.bank.test" };
    expect(await published()).toMatchObject({ ServiceResolvesHere: 0 });
  });

  it("report a standby without replication lag, and not one without an instance", async () => {
    aws.metrics.clear();
    expect(await published()).toMatchObject({ ReplicationSilent: 1, WriterSilent: 0 });
    process.env["OWN_INSTANCES"] = "0";
    expect(await published()).toMatchObject({ ReplicationSilent: 0 });
  });

  it("report a primary whose writer has no uptime", async () => {
    takenOver();
    aws.metrics.clear();
    expect(await published()).toMatchObject({ WriterSilent: 1, ReplicationSilent: 0 });
  });

  it("are missing when the global database cannot be described, so the function fails and its alarm fires", async () => {
    aws.lostRegions.add("us-west-2");
    await expect(fence()).rejects.toThrow("us-west-2 does not respond");
    expect(aws.published.size).toBe(0);
  });
});

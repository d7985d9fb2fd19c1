import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { KMSClient } from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../../modules/encryption/key-check";

const arnOf = (id: string): string => `arn:aws:kms:us-east-1:123456789012:key/${id}`;
const ALIASES = ["database", "database-secret", "alerts"].map((purpose) => `alias/key-${purpose}-pr-42`);
const KEYS = Object.fromEntries(ALIASES.map((alias, index) => [alias, arnOf(String(index))]));
const ENVIRONMENT = {
  KEYS: JSON.stringify(KEYS),
  METRIC_NAMESPACE: "Standfast",
  ENVIRONMENT_SUFFIX: "pr-42",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
};
const DELETION = new Date("2026-12-01T12:00:00Z");

type Send = (command: { readonly input: object }) => Promise<object>;

/** Metadata of the keys that are not enabled, by ARN, or the error of the call. */
const states = new Map<string, object | Error>();
let published: object[];
let described: string[];
let logged: unknown[];

beforeEach(() => {
  Object.assign(process.env, ENVIRONMENT);
  states.clear();
  published = [];
  described = [];
  logged = [];
  jest.spyOn(console, "error").mockImplementation((line) => {
    logged.push(JSON.parse(String(line)));
  });
  jest.spyOn(CloudWatchClient.prototype as unknown as { send: Send }, "send").mockImplementation(({ input }) => {
    published.push(input);
    return Promise.resolve({});
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const variable of Object.keys(ENVIRONMENT)) Reflect.deleteProperty(process.env, variable);
});

function fakeKms(): void {
  jest.spyOn(KMSClient.prototype as unknown as { send: Send }, "send").mockImplementation(({ input }) => {
    const arn = (input as { readonly KeyId: string }).KeyId;
    described.push(arn);
    const state = states.get(arn) ?? { KeyState: "Enabled" };
    return state instanceof Error ? Promise.reject(state) : Promise.resolve({ KeyMetadata: state });
  });
}

const publication = (Value: number): object[] => [
  {
    Namespace: "Standfast",
    MetricData: [{ MetricName: "UnusableKeys", Dimensions: [{ Name: "EnvironmentSuffix", Value: "pr-42" }], Value }],
  },
];

describe("the check of the keys", () => {
  beforeEach(fakeKms);

  it("reads every key, and publishes zero while all are enabled: a metric without data would be an alarm", async () => {
    expect(await handler()).toEqual({ unusable: [] });
    expect(described).toEqual(Object.values(KEYS));
    expect(published).toEqual(publication(0));
    expect(logged).toEqual([]);
  });

  it.each<[string, object, object]>([
    ["disabled", { KeyState: "Disabled" }, { state: "Disabled" }],
    [
      "scheduled for deletion",
      { KeyState: "PendingDeletion", DeletionDate: DELETION },
      { state: "PendingDeletion", deletedAt: DELETION.toISOString() },
    ],
    [
      "enabled, and has a deletion date",
      { KeyState: "Enabled", DeletionDate: DELETION },
      { state: "Enabled", deletedAt: DELETION.toISOString() },
    ],
    ["not available", { KeyState: "Unavailable" }, { state: "Unavailable" }],
    ["without a state", {}, { state: "unknown" }],
  ])("counts a key that is %s, and logs its alias, ARN and state", async (_, metadata, expected) => {
    const alias = "alias/key-database-secret-pr-42";
    states.set(arnOf("1"), metadata);
    const key = { alias, arn: arnOf("1"), ...expected };
    expect(await handler()).toEqual({ unusable: [key] });
    expect(published).toEqual(publication(1));
    expect(logged).toEqual([{ message: expect.stringContaining(`${alias} is not usable: `) as unknown, ...key }]);
  });

  it("counts a key that it cannot read, and still finds the others", async () => {
    states.set(arnOf("0"), Object.assign(new Error("no identity-based policy allows it"), { name: "AccessDeniedException" }));
    states.set(arnOf("2"), { KeyState: "Disabled" });
    const { unusable } = await handler();
    expect(unusable).toMatchObject([
      { arn: arnOf("0"), state: "AccessDeniedException: no identity-based policy allows it" },
      { arn: arnOf("2"), state: "Disabled" },
    ]);
    expect(published).toEqual(publication(2));
  });

  it("fails when it cannot publish: the alarm takes silence for a fault", async () => {
    jest.spyOn(CloudWatchClient.prototype as unknown as { send: Send }, "send").mockRejectedValue(new Error("no metric"));
    await expect(handler()).rejects.toThrow("no metric");
  });

  it.each(["KEYS", "METRIC_NAMESPACE", "ENVIRONMENT_SUFFIX"])("reports that %s is missing", async (variable) => {
    Reflect.deleteProperty(process.env, variable);
    await expect(handler()).rejects.toThrow(`the environment variable ${variable} is missing`);
    expect(published).toEqual([]);
  });
});

describe("a throttled check", () => {
  /** Calls of each key that KMS rejects before it answers. */
  let rejected: number;
  const calls = new Map<string, number>();
  const kms = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { KeyId } = JSON.parse(body) as { readonly KeyId: string };
      const count = (calls.get(KeyId) ?? 0) + 1;
      calls.set(KeyId, count);
      if (KeyId === arnOf("1") && count <= rejected) response.writeHead(400).end(JSON.stringify({ __type: "ThrottlingException" }));
      else response.writeHead(200).end(JSON.stringify({ KeyMetadata: { KeyId, KeyState: "Enabled" } }));
    });
  });

  beforeEach(async () => {
    calls.clear();
    await new Promise<void>((resolve) => kms.listen(0, "127.0.0.1", resolve));
    process.env["AWS_ENDPOINT_URL_KMS"] = `http://127.0.0.1:${(kms.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    Reflect.deleteProperty(process.env, "AWS_ENDPOINT_URL_KMS");
    await new Promise((resolve) => {
      kms.close(resolve);
      kms.closeAllConnections();
    });
  });

  it("is repeated until KMS answers", async () => {
    rejected = 3;
    expect(await handler()).toEqual({ unusable: [] });
    expect(calls.get(arnOf("1"))).toBe(4);
  });

  it("counts the key after four attempts, and still reads the others", async () => {
    rejected = Infinity;
    expect((await handler()).unusable).toMatchObject([
      { arn: arnOf("1"), state: expect.stringContaining("ThrottlingException") as unknown },
    ]);
    expect([...calls.values()].sort()).toEqual([1, 1, 4]);
    expect(published).toEqual(publication(1));
  });
});

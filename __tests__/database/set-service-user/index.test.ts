import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GetSecretValueCommandInput, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type GetParameterCommandInput, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { strFromU8, unzipSync } from "fflate";
import { build } from "../../../modules/functions/bundle";
import { FakeSession } from "./fake-session";

const connect = jest.fn<(engine: string, login: { host: string; user: string; password: string }) => Promise<FakeSession>>();
jest.mock("../../../modules/database/set-service-user/connect", () => ({ connect }));
const setTimeout = jest.fn<(milliseconds: number) => Promise<void>>().mockResolvedValue(undefined);
jest.mock("node:timers/promises", () => ({ setTimeout }));
// After the mocks.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { handler } = require("../../../modules/database/set-service-user") as typeof import("../../../modules/database/set-service-user");

type Send = (command: { readonly input: object }) => Promise<object>;

const ENVIRONMENT = {
  ENGINE: "aurora-postgresql",
  PORT: "5432",
  DATABASE: "payments",
  USERNAME: "standfast_service",
  SCHEMA_CHANGES: "false",
  HOST: "aurora.cluster-abc.us-east-1.rds.amazonaws.com",
  MASTER_SECRET_ARN: "master",
  USER_SECRET_ARN: "user",
};
const PASSWORDS = ["master-password", "user-password"];
const WRITER = [
  [/pg_is_in_recovery/, [{ standby: false, version: "160008" }]],
  [/rolsuper/, [{ superuser: false }]],
] as const;

let values: Record<string, string | undefined>;
let sessions: FakeSession[];
let log: jest.SpiedFunction<typeof console.info>[];
let hostParameter: string | undefined;
/** Parameters that were read. */
let read: string[];

beforeEach(() => {
  Object.assign(process.env, ENVIRONMENT);
  values = {
    master: JSON.stringify({ username: "ledger_admin", password: "master-password" }),
    user: JSON.stringify({ username: "standfast_service", password: "user-password" }),
  };
  hostParameter = undefined;
  sessions = [];
  read = [];
  connect.mockReset().mockImplementation(() => {
    const session = new FakeSession(WRITER);
    sessions.push(session);
    return Promise.resolve(session);
  });
  setTimeout.mockClear();
  log = (["info", "warn", "error", "log"] as const).map((level) => jest.spyOn(console, level).mockReturnValue(undefined));
  const spy = (client: { prototype: object }, answer: (command: { readonly input: object }) => object) =>
    jest.spyOn(client.prototype as { send: Send }, "send").mockImplementation((command) => Promise.resolve().then(() => answer(command)));
  spy(SecretsManagerClient, (command) => ({ SecretString: values[(command.input as GetSecretValueCommandInput).SecretId ?? ""] }));
  spy(SSMClient, (command) => {
    read.push((command.input as GetParameterCommandInput).Name ?? "");
    if (hostParameter === undefined) throw new ParameterNotFound({ message: "none", $metadata: {} });
    return { Parameter: { Value: hostParameter } };
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of [...Object.keys(ENVIRONMENT), "HOST_PARAMETER"]) Reflect.deleteProperty(process.env, name);
});

const hosts = () => connect.mock.calls.map(([, { host }]) => host);
const printed = () => log.flatMap(({ mock }) => mock.calls.map((parts) => parts.map(String).join(" "))).join("\n");

describe("an invocation", () => {
  it("connects to the cluster of Terraform as the master user, and returns and logs no password", async () => {
    expect(await handler({})).toEqual({ user: "standfast_service", host: ENVIRONMENT.HOST });
    expect(connect.mock.calls).toEqual([
      [
        "aurora-postgresql",
        { host: ENVIRONMENT.HOST, port: 5432, database: "payments", user: "ledger_admin", password: "master-password" },
      ],
    ]);
    expect(sessions[0]?.changes()).toContain("COMMIT TRANSACTION");
    expect(sessions[0]?.ended).toBe(true);
    for (const password of PASSWORDS) expect(printed()).not.toContain(password);
  });

  it("changes a user of Aurora MySQL with the statements of MySQL", async () => {
    process.env["ENGINE"] = "aurora-mysql";
    await handler({});
    expect(sessions[0]?.changes()[0]).toMatch(/^CREATE USER IF NOT EXISTS 'standfast_service'@'%'/);
  });
});

describe("the cluster", () => {
  const parameter = { HOST_PARAMETER: "/standfast/pr-42/us-east-1/database/writer-endpoint" };

  it.each([
    [
      "the one to which a rewind has switched the tasks",
      "restored.cluster-abc.us-east-1.rds.amazonaws.com",
      "restored.cluster-abc.us-east-1.rds.amazonaws.com",
    ],
    [
      "that of this region, where the tasks use the endpoint of the global database",
      "world.global-abc.global.rds.amazonaws.com",
      ENVIRONMENT.HOST,
    ],
    ["that of Terraform before the first apply of the parameter", undefined, ENVIRONMENT.HOST],
  ])("is %s", async (_, value, expected) => {
    Object.assign(process.env, parameter);
    hostParameter = value;
    await handler({});
    expect(hosts()).toEqual([expected]);
    expect(read).toEqual([parameter.HOST_PARAMETER]);
  });

  it("is the one that a rewind names, without a look at the parameter", async () => {
    Object.assign(process.env, parameter);
    await handler({ host: "restored.cluster-abc.us-east-1.rds.amazonaws.com" });
    expect(hosts()).toEqual(["restored.cluster-abc.us-east-1.rds.amazonaws.com"]);
    expect(read).toEqual([]);
  });
});

describe("IAM authentication", () => {
  beforeEach(() => {
    Reflect.deleteProperty(process.env, "USER_SECRET_ARN");
  });

  const members = [...WRITER, [/'MEMBER'/, [{ name: "standfast_service" }, { name: "rds_iam" }]]] as const;

  it("is kept while the master user can still connect with its password", async () => {
    connect.mockImplementation(() => {
      sessions.push(new FakeSession(members));
      return Promise.resolve(sessions.at(-1) as FakeSession);
    });
    await handler({});
    expect(sessions).toHaveLength(2);
    expect(sessions[0]?.changes().at(-1)).toBe("COMMIT TRANSACTION");
  });

  it("is taken back when the master user is locked out: it would be a member of rds_iam through the user that it created", async () => {
    const first = new FakeSession(members);
    connect.mockResolvedValueOnce(first).mockRejectedValue(new Error('PAM authentication failed for user "ledger_admin"'));
    await expect(handler({})).rejects.toThrow(
      /the master user could not connect .*PAM authentication failed.*Set authentication = "password"\.$/,
    );
    expect(first.changes().at(-1)).toBe('REVOKE rds_iam FROM "standfast_service"');
    expect(first.ended).toBe(true);
  });
});

describe("a failure", () => {
  it("is repeated: a new password and new permissions take effect after seconds", async () => {
    connect.mockRejectedValueOnce(new Error('password authentication failed for user "ledger_admin"'));
    await handler({});
    expect(setTimeout.mock.calls).toEqual([[5000]]);
    expect(printed()).toContain("password authentication failed");
  });

  it("ends the invocation after five attempts, with the reason", async () => {
    connect.mockRejectedValue(new Error("connect ETIMEDOUT"));
    await expect(handler({})).rejects.toThrow("connect ETIMEDOUT");
    expect(connect).toHaveBeenCalledTimes(5);
  });

  it.each([
    ["is no JSON", "user-password"],
    ["has no password", JSON.stringify({ username: "user-password" })],
    ["has an empty password", JSON.stringify({ username: "x", password: "" })],
    ["has no value", undefined],
  ])("does not show the secret when it %s", async (_, value) => {
    values["user"] = value;
    await expect(handler({})).rejects.toThrow(new Error("the secret has no user name or no password"));
    expect(printed()).not.toContain("user-password");
    expect(connect).not.toHaveBeenCalled();
  });

  it("is that of a variable that is missing", async () => {
    Reflect.deleteProperty(process.env, "DATABASE");
    await expect(handler({})).rejects.toThrow("the environment variable DATABASE is missing");
  });
});

describe("the bundle", () => {
  it("runs outside the project, with both drivers and the certificates of RDS", () => {
    const folder = mkdtempSync(join(tmpdir(), "standfast-bundle-"));
    try {
      const code = strFromU8(unzipSync(build("modules/database/set-service-user"))["index.js"] ?? new Uint8Array());
      writeFileSync(join(folder, "index.js"), code);
      expect(code).toContain("-----BEGIN CERTIFICATE-----");
      const load = "console.log(typeof require('./index.js').handler)";
      expect(execFileSync(process.execPath, ["-e", load], { cwd: folder, encoding: "utf8" }).trim()).toBe("function");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

import { ModifyDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { handler } from "../../../modules/runbooks/set-database-password";

type Send = (command: { readonly input: object }) => Promise<object>;

const SECRET_ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:secret-database-pr-42-AbCdEf";
const PASSWORD = "correct-horse-battery";
const REQUEST = { clusterIdentifier: "aurora-pr-42-us-east-1" };

/** The calls, as [operation, input]. */
const calls: [string, object][] = [];
/** Everything that is written to the log of the function. */
let log: jest.SpiedFunction<typeof process.stdout.write>[];
let secret: string | undefined;
let error: { readonly operation: string; readonly error: Error } | undefined;

beforeEach(() => {
  process.env["SECRET_ARN"] = SECRET_ARN;
  calls.length = 0;
  secret = JSON.stringify({ username: "ledger_admin", password: PASSWORD });
  error = undefined;
  log = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write").mockReturnValue(true));
  for (const client of [RDSClient, SecretsManagerClient])
    jest.spyOn(client.prototype as unknown as { send: Send }, "send").mockImplementation((command) => {
      calls.push([command.constructor.name, command.input]);
      if (error?.operation === command.constructor.name) return Promise.reject(error.error);
      return Promise.resolve(command instanceof GetSecretValueCommand ? { SecretString: secret } : { DBCluster: {} });
    });
});

afterEach(() => {
  jest.restoreAllMocks();
  Reflect.deleteProperty(process.env, "SECRET_ARN");
});

describe("the password of the secret", () => {
  it("becomes the master password of the cluster immediately", async () => {
    await handler(REQUEST);
    expect(calls).toEqual([
      [GetSecretValueCommand.name, { SecretId: SECRET_ARN }],
      [
        ModifyDBClusterCommand.name,
        { DBClusterIdentifier: "aurora-pr-42-us-east-1", MasterUserPassword: PASSWORD, ApplyImmediately: true },
      ],
    ]);
  });

  it("is neither returned nor logged", async () => {
    expect(await handler(REQUEST)).toEqual({});
    expect(log.flatMap(({ mock }) => mock.calls)).toEqual([]);
  });

  it.each([
    ["is no JSON", `{"password": ${PASSWORD}`],
    ["is no object", JSON.stringify(null)],
    ["has no password", JSON.stringify({ username: PASSWORD })],
    ["has an empty password", JSON.stringify({ password: "" })],
    ["has a password that is no text", JSON.stringify({ password: [PASSWORD] })],
    ["has no value", undefined],
  ])("changes nothing and is not in the error when the secret %s", async (_, value) => {
    secret = value;
    await expect(handler(REQUEST)).rejects.toThrow(new Error("the secret has no password"));
    expect(calls.map(([operation]) => operation)).toEqual([GetSecretValueCommand.name]);
  });
});

describe("a request fails", () => {
  it.each([
    [GetSecretValueCommand.name, "AccessDeniedException", 1],
    [ModifyDBClusterCommand.name, "InvalidDBClusterStateFault", 2],
  ])("with the error of AWS when %s is refused", async (operation, name, count) => {
    error = { operation, error: Object.assign(new Error("refused"), { name }) };
    await expect(handler(REQUEST)).rejects.toBe(error.error);
    expect(calls).toHaveLength(count);
  });

  it("when the secret is not configured", async () => {
    Reflect.deleteProperty(process.env, "SECRET_ARN");
    await expect(handler(REQUEST)).rejects.toThrow(new Error("the environment variable SECRET_ARN is missing"));
    expect(calls).toEqual([]);
  });
});

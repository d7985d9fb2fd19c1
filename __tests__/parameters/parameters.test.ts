import { describe, expect, it } from "@jest/globals";
import { EVERY_STORE, MYSQL } from "../support/config";
import { regionStack } from "../support/synthesized";

const everything = regionStack(EVERY_STORE);
const mysql = regionStack(MYSQL);

describe("parameters", () => {
  const byName = (stack = everything) =>
    new Map(
      stack.all("aws_ssm_parameter").map((parameter) => [String(parameter["name"]).replace("/standfast/test-1/us-east-1/", ""), parameter]),
    );

  it("are below one path of the environment and its region", () => {
    for (const { name } of everything.all("aws_ssm_parameter")) expect(name).toMatch(/^\/standfast\/test-1\/us-east-1\//);
    expect([...byName().keys()].sort()).toEqual([
      "cache/configuration-endpoint",
      "cache/port",
      "cache/user",
      "database/cluster-identifier",
      "database/name",
      "database/port",
      "database/reader-endpoint",
      "database/secret-arn",
      "database/writer-endpoint",
      "flags/new-ledger",
      "sessions/expiry-attribute",
      "sessions/key-attribute",
      "sessions/store",
      "sessions/table",
      "storage/application-data-bucket",
      "storage/transaction-logs-bucket",
    ]);
    expect(byName().get("sessions/store")).toMatchObject({ value: "both" });
    expect(byName().get("flags/new-ledger")).toMatchObject({ value: "on", type: "String" });
  });

  it("encrypt the ARN of the secret, and contain no secret", () => {
    expect(byName().get("database/secret-arn")).toMatchObject({ type: "SecureString", key_id: "${aws_kms_key.parameters-key_key.arn}" });
    for (const { value } of everything.all("aws_ssm_parameter")) expect(String(value)).not.toMatch(/password|secret_string/);
  });

  it("have the initial value that a takeover writes to allow writes", () => {
    const region = regionStack();
    const initial = region.all("aws_ssm_parameter").find(({ name }) => String(name).endsWith("/service/writes"))?.["value"];
    const { definition } = region.resource("aws_sfn_state_machine.region-takeover_runbook_machine");
    const written = [...String(definition).matchAll(/"(?:writes|Value)":"(allowed|frozen)"/g)].map(([, value]) => value);
    expect(new Set(written)).toEqual(new Set([initial, "frozen"]));
  });

  it("that a rewind changes are not changed back by Terraform; the others are", () => {
    const ignored = [...byName()].filter(([, { lifecycle }]) => lifecycle !== undefined);
    expect(ignored.map(([name]) => name).sort()).toEqual([
      "database/cluster-identifier",
      "database/reader-endpoint",
      "database/writer-endpoint",
    ]);
    for (const [, { lifecycle }] of ignored) expect(lifecycle).toEqual({ ignore_changes: ["value"] });
    expect([...byName(mysql).values()].filter(({ lifecycle }) => lifecycle !== undefined)).toEqual([]);
  });
});

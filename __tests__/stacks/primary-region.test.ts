import { describe, expect, it } from "@jest/globals";
import { regionsOf } from "../support/config";
import { failoverStack, globalStack, regionStack, type Synthesized } from "../support/synthesized";

const FIRST = "us-east-1";
const MOVED = "us-west-2";
/** The second region has become the primary region permanently, and the first is a warm standby. */
const moved = {
  primary_region: MOVED,
  regions: regionsOf("warm", MOVED, FIRST).reverse(),
  sessions: "dynamodb",
};
const first = regionStack(moved, 0);
const primary = regionStack(moved, 1);

describe("a primary region that is not the first of the regions", () => {
  const backend = (stack: Synthesized) => (stack.json["terraform"] as { backend: { s3: { region: string } } }).backend.s3.region;

  it("has the state of the stacks that belong to no region", () => {
    expect([globalStack(moved), failoverStack(moved)].map(backend)).toEqual([MOVED, MOVED]);
    expect([first, primary].map(backend)).toEqual([FIRST, MOVED]);
  });

  it("has the writer: its cluster gets the password, and its services may write", () => {
    const writes = (stack: Synthesized) =>
      stack.all("aws_ssm_parameter").find(({ name }) => String(name).endsWith("/service/writes"))?.["value"];
    expect(primary.only("aws_rds_cluster")).toHaveProperty("master_password_wo_version");
    expect(first.only("aws_rds_cluster")).not.toHaveProperty("master_password_wo_version");
    expect(first.only("aws_rds_cluster")["source_region"]).toBe(MOVED);
    expect([primary, first].map(writes)).toEqual(["allowed", "frozen"]);
  });

  it("runs the full capacity, and the first region that of a standby", () => {
    const least = (stack: Synthesized) => stack.only("aws_appautoscaling_target")["min_capacity"];
    expect([primary, first].map(least)).toEqual([6, 3]);
  });

  it("does not change who owns what exists once: the first region has the table of the sessions and the secret", () => {
    expect(first.all("aws_dynamodb_table").map(({ address }) => address)).toEqual(["aws_dynamodb_table.sessions"]);
    expect(primary.all("aws_dynamodb_table")).toEqual([]);
    const [provider] = (globalStack(moved).json["provider"] as { aws: { region: string; alias?: string }[] }).aws;
    expect(provider).toMatchObject({ region: FIRST });
  });

  it("changes no address of the cluster, of the global database or of the secret", () => {
    const addresses = (stack: Synthesized, types: readonly string[]) =>
      stack
        .all()
        .map(({ address }) => address)
        .filter((address) => types.includes(address.split(".")[0] ?? ""));
    const types = ["aws_rds_cluster", "aws_rds_cluster_instance", "aws_rds_global_cluster", "aws_secretsmanager_secret", "aws_kms_key"];
    const before = { regions: regionsOf("hot", FIRST, MOVED), sessions: "dynamodb" };
    expect(addresses(globalStack(moved), types)).toEqual(addresses(globalStack(before), types));
    expect(addresses(primary, types)).toEqual(addresses(regionStack(before, 1), types));
  });
});

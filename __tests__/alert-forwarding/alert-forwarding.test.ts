import { describe, expect, it } from "@jest/globals";
import { EVERYTHING } from "../support/config";
import { oneRegion, regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();

describe("alerts that go elsewhere, too", () => {
  it("have their addresses in a secret that Terraform never writes", () => {
    expect(everything.resource("aws_secretsmanager_secret.alert-forwarding_endpoints")).toMatchObject({ recovery_window_in_days: 0 });
    expect(everything.all("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("go nowhere else unless that is asked for", () => {
    expect(plain.all("aws_sns_topic_subscription").map(({ protocol }) => protocol)).toEqual(["email"]);
    expect(
      everything
        .all("aws_sns_topic_subscription")
        .map(({ protocol }) => protocol)
        .sort(),
    ).toEqual(["email", "lambda", "sqs"]);
  });
});

import { describe, expect, it, jest } from "@jest/globals";
import { toAlert } from "../../modules/alert-forwarding/forward-alert/alert";
import { send } from "../../modules/alert-forwarding/forward-alert/endpoints";
import { faultAlarms } from "../support/alarms";
import { EVERYTHING } from "../support/config";
import { oneRegion, regionStack } from "../support/synthesized";

const everything = regionStack(EVERYTHING);
const plain = oneRegion();

describe("forwarded alerts", () => {
  it("have their endpoints in a secret that Terraform never writes", () => {
    expect(everything.resource("aws_secretsmanager_secret.alert-forwarding_endpoints")).toMatchObject({ recovery_window_in_days: 0 });
    expect(everything.all("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("are not forwarded unless it is configured", () => {
    expect(plain.all("aws_sns_topic_subscription").map(({ protocol }) => protocol)).toEqual(["email"]);
    expect(
      everything
        .all("aws_sns_topic_subscription")
        .map(({ protocol }) => protocol)
        .sort(),
    ).toEqual(["email", "lambda", "lambda", "sqs"]);
  });

  it("have the severity of their alarm or their rule", () => {
    const severityOf = (Message: string) => toAlert({ MessageId: "1", Message }).severity;
    const alarms = faultAlarms(everything).map(({ alarm_description: description, tags }) => ({
      read: severityOf(JSON.stringify({ AlarmName: "alarm", NewStateValue: "ALARM", AlarmDescription: description })),
      configured: (tags as { readonly Severity: string }).Severity,
    }));
    expect(new Set(alarms.map(({ configured }) => configured))).toEqual(new Set(["critical", "warning"]));
    expect(alarms.filter(({ read: severity, configured }) => severity !== configured)).toEqual([]);
    const sentences = everything
      .all("aws_cloudwatch_event_target")
      .flatMap(
        ({ input_transformer: transformer }) => (transformer as { readonly input_template: string } | undefined)?.input_template ?? [],
      );
    expect(new Set(sentences.map(severityOf))).toEqual(new Set(["critical", "warning"]));
    for (const sentence of sentences) expect(JSON.parse(sentence)).toMatch(new RegExp(`^${severityOf(sentence).toUpperCase()}: `));
  });

  it("reach their timeout before the function does", async () => {
    const timeout = jest.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    await expect(send({ kind: "json", url: "https://alerts.example" }, toAlert({ MessageId: "1", Message: "" }), "")).rejects.toThrow();
    const milliseconds = Math.max(...timeout.mock.calls.flat());
    expect(timeout).toHaveBeenCalledTimes(1);
    timeout.mockRestore();
    const { timeout: seconds } = everything.resource("aws_lambda_function.alert-forwarding_function_function");
    expect(milliseconds / 1000).toBeLessThan(Number(seconds));
  });
});

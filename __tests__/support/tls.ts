import { expect } from "@jest/globals";
import { statements } from "./policies";
import type { Synthesized } from "./synthesized";

/** What must be told to refuse what does not come over TLS. */
const GUARDED = ["aws_s3_bucket", "aws_sns_topic", "aws_sqs_queue"];

/**
 * Clients, Aurora PostgreSQL, buckets, topics and queues of a platform of one region speak TLS only.
 * @param guarded number of its buckets, topics and queues: each refuses everything else
 */
export function expectTls(region: Synthesized, stacks: readonly Synthesized[], guarded: number): void {
  const listeners = region.all("aws_lb_listener");
  expect(listeners.find(({ port }) => port === 443)).toMatchObject({
    protocol: "HTTPS",
    ssl_policy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2-/) as unknown,
  });
  expect(listeners.filter(({ protocol }) => protocol !== "HTTPS").map(({ default_action: action }) => action)).toMatchObject([
    [{ type: "redirect", redirect: { protocol: "HTTPS" } }],
  ]);
  expect(region.only("aws_rds_cluster_parameter_group")["parameter"]).toContainEqual({ name: "rds.force_ssl", value: "1" });
  const refusing = stacks
    .flatMap(statements)
    .filter(
      ({ Effect, Principal, Condition }) =>
        Effect === "Deny" && Principal === "*" && Condition?.["Bool"]?.["aws:SecureTransport"] === "false",
    );
  expect(GUARDED.flatMap((type) => stacks.flatMap((stack) => stack.all(type)))).toHaveLength(guarded);
  expect(refusing).toHaveLength(guarded);
}

import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { type Check, checkEach, checkResource, differences } from "../check";
import type { LiveRegion } from "../live-region";

export const QUEUES: readonly Check<LiveRegion>[] = [
  {
    requirement: "Every queue exists and is encrypted with its own key",
    requirementIds: ["S004-T11"],
    appliesTo: (live) => live.resources("aws_sqs_queue").length > 0,
    violations: (live) =>
      checkEach(live.resources("aws_sqs_queue"), (queue) => {
        const QueueName = live.text(queue, "name");
        return checkResource(QueueName, async () => {
          const { QueueUrl } = await live.own.sqs.send(new GetQueueUrlCommand({ QueueName }));
          const { Attributes } = await live.own.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["KmsMasterKeyId"] }));
          return differences({ key: [Attributes?.KmsMasterKeyId, await live.referencedKey(queue, queue.values["kms_master_key_id"])] });
        });
      }),
  },
];

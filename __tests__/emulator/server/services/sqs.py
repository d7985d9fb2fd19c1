"""SQS queues."""

import json

from moto.sqs.models import Queue

from server.framework import wrap, wrap_property

REDRIVE_ALLOW_POLICY = "RedriveAllowPolicy"


def apply():
    # moto stores which queues may use a queue for dead letters, and does not return it.
    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, REDRIVE_ALLOW_POLICY]
    Queue.redrive_allow_policy = None

    # moto returns attributes without a value, and a policy with blanks that were not configured: drift.
    @wrap_property(Queue, "attributes")
    def as_aws_writes_them(attributes, queue):
        if not attributes.get(REDRIVE_ALLOW_POLICY):
            attributes.pop(REDRIVE_ALLOW_POLICY, None)
        if attributes.get("RedrivePolicy"):
            attributes["RedrivePolicy"] = json.dumps(queue.redrive_policy, separators=(",", ":"))
        return attributes

    # moto forgets a queue's policy with any change that does not mention it.
    @wrap(Queue, "_set_attributes")
    def keep_policy(original, self, attributes, *args, **kwargs):
        policy = getattr(self, "policy", None)
        original(self, attributes, *args, **kwargs)
        if "Policy" not in attributes:
            self.policy = policy

"""SNS: what topics deliver to queues and functions."""

import copy
import json

from moto.sns.models import Subscription

from server.delivery import Undeliverable, require_invocable, require_queue, to_queue
from server.framework import wrap
from server.services.lambda_invocations import invoke_asynchronously

SNS = "sns.amazonaws.com"

# {field of a message to a queue: the field of an event for a function}
FIELDS_OF_EVENT = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}


def apply():
    # moto evaluates no policy, fails if it cannot reach a subscriber, has no dead letters, and passes functions little of a message.
    @wrap(Subscription, "publish")
    def deliver(original, self, message, *args, **kwargs):
        if self.protocol not in ("lambda", "sqs"):
            return original(self, message, *args, **kwargs)
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(kwargs.get("message_attributes"), message):
            return None
        try:
            if self.protocol == "sqs":
                require_queue(self.endpoint, SNS, self.topic.arn)
                return original(with_boolean(self), message, *args, **kwargs)
            require_invocable(self.endpoint, SNS, self.topic.arn)
        except Undeliverable:
            return keep_dead_letter(self, json.dumps(envelope(self, message, *args, **kwargs)))
        return invoke_asynchronously(self.endpoint, event_of(self, envelope(self, message, *args, **kwargs)))


def with_boolean(subscription):
    """moto takes the text "false" for true."""
    corrected = copy.copy(subscription)
    raw = subscription.attributes.get("RawMessageDelivery") == "true"
    corrected.attributes = {**subscription.attributes, "RawMessageDelivery": raw}
    return corrected


def envelope(subscription, message, message_id, subject=None, message_attributes=None, message_structure=None, **_):
    if message_structure == "json":
        message = subscription._parse_message_structure(message, subscription.protocol)
    return subscription.get_post_data(message, message_id, subject, message_attributes)


def event_of(subscription, post):
    """The JSON text for a function."""
    fields = {FIELDS_OF_EVENT.get(name, name): value for name, value in post.items()}
    return json.dumps({"Records": [{
        "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription.arn,
        "Sns": {"Subject": None, "MessageAttributes": {}, **fields},
    }]})


def keep_dead_letter(subscription, body):
    policy = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    if "deadLetterTargetArn" not in policy:
        return
    try:
        to_queue(policy["deadLetterTargetArn"], body, SNS, subscription.topic.arn)
    except Undeliverable:
        pass  # lost: only a metric reports it

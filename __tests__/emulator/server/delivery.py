"""What one AWS service hands to another: messages to queues and topics, events to functions."""

import json

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from server.policies import allows


class Undeliverable(Exception):
    """The error that EventBridge and SNS report for a target that they cannot reach after all retries."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def missing(arn):
    raise Undeliverable("NO_RESOURCE", f"{arn} does not exist")


def require(allowed, service, arn):
    if not allowed:
        raise Undeliverable("NO_PERMISSIONS", f"{service} is not authorized to access {arn}")


def to_queue(arn, body, service, source_arn, **message):
    require_queue(arn, service, source_arn)
    send(arn, body, **message)


def require_queue(arn, service, source_arn):
    """Raise Undeliverable unless the queue exists and its policy lets the service send to it."""
    require(allows(find_queue(arn).policy, service, "sqs:SendMessage", arn, source_arn), service, arn)


def to_topic(arn, body, service, source_arn):
    topic = find_topic(arn)
    require(allows(topic.policy, service, "sns:Publish", arn, source_arn), service, arn)
    send(arn, body)


def find_queue(arn):
    _, _, _, region, account, name = arn.split(":", 5)
    return sqs_backends[account][region].queues.get(name) or missing(arn)


def find_topic(arn):
    _, _, _, region, account, _ = arn.split(":", 5)
    return sns_backends[account][region].topics.get(arn) or missing(arn)


def send(arn, body, attributes=None, **message):
    """Send to a queue or a topic, with the permissions of a role of this account."""
    _, _, service, region, account, name = arn.split(":", 5)
    attributes = attributes or {}
    if service == "sns":
        typed = {key: {"Type": "String", "Value": value} for key, value in attributes.items()}
        sns_backends[account][region].publish(body, arn=find_topic(arn).arn, message_attributes=typed)
        return
    typed = {key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()}
    sqs_backends[account][region].send_message(find_queue(arn).name, body, message_attributes=typed, **message)


def find_function(arn):
    """(backend, name, qualifier or None) of a function, one of its versions or its aliases."""
    _, _, _, region, account, _, name, *qualifier = arn.split(":")
    return lambda_backends[account][region], name, qualifier[0] if qualifier else None


def require_invocable(arn, service, source_arn):
    """Raise Undeliverable unless the function exists and its policy lets the service invoke it."""
    backend, name, qualifier = find_function(arn)
    try:
        function = backend.get_function(name, qualifier)
    except LambdaClientError:
        missing(arn)
    policy = json.dumps({"Statement": function.policy.statements})
    require(allows(policy, service, "lambda:InvokeFunction", arn, source_arn), service, arn)

"""EventBridge: what PutEvents delivers to the targets of rules."""

import copy
import json
import re
from datetime import datetime, timezone
from uuid import uuid4

from moto.core.exceptions import ServiceException
from moto.events.models import Rule
from moto.iam.models import iam_backends
from moto.stepfunctions.models import stepfunctions_backends

from server.delivery import Undeliverable, missing, require_invocable, to_queue, to_topic
from server.framework import wrap
from server.services.lambda_invocations import invoke_asynchronously

EVENTS = "events.amazonaws.com"

PLACEHOLDER = re.compile(r"<([\w.-]+)>")
STRING_OR_PLACEHOLDER = re.compile(r'"(?:[^"\\]|\\.)*"|' + PLACEHOLDER.pattern)


def apply():
    # moto raises NotImplementedError at the first function, topic or state machine, so that later targets get nothing;
    # and every event matches a rule without a pattern, that is a schedule.
    @wrap(Rule, "send_to_targets")
    def send_to_all(original, self, event, *args, **kwargs):
        scheduled = not self.event_pattern.get_pattern()
        if self.state == "DISABLED" or scheduled or not self.event_pattern.matches_event(event):
            return
        rest = copy.copy(self)
        rest.targets = [target for target in self.targets if service_of(target) not in DELIVERIES]
        for target in self.targets:
            if deliver := DELIVERIES.get(service_of(target)):
                body = payload(self, target, event)
                try:
                    deliver(self, target, body)
                except Undeliverable as error:
                    keep_dead_letter(self, target, json.dumps(as_sent(event)), error)
        original(rest, event, *args, **kwargs)


def service_of(target):
    return target["Arn"].split(":")[2]


def invoke(rule, target, body):
    require_invocable(target["Arn"], EVENTS, rule.arn)
    invoke_asynchronously(target["Arn"], body)


def publish(rule, target, body):
    to_topic(target["Arn"], body, EVENTS, rule.arn)


def enqueue(rule, target, body):
    to_queue(target["Arn"], body, EVENTS, rule.arn, group_id=target.get("SqsParameters", {}).get("MessageGroupId"))


def execute(rule, target, body):
    require_role(target.get("RoleArn"))
    _, _, _, region, account, _, _ = target["Arn"].split(":", 6)
    try:
        stepfunctions_backends[account][region].start_execution(target["Arn"], str(uuid4()), body)
    except ServiceException:
        missing(target["Arn"])


def require_role(arn):
    """Raise Undeliverable unless EventBridge may assume the role."""
    try:
        role = iam_backends[arn.split(":")[4]]["aws"].get_role_by_arn(arn)
    except (AttributeError, ServiceException):
        raise Undeliverable("FAILED_ASSUME_ROLE", f"{arn} does not exist") from None
    if EVENTS not in json.dumps(json.loads(role.assume_role_policy_document)):
        raise Undeliverable("FAILED_ASSUME_ROLE", f"{arn} does not trust {EVENTS}")


DELIVERIES = {"lambda": invoke, "sns": publish, "sqs": enqueue, "states": execute}


def keep_dead_letter(rule, target, body, error):
    if queue := target.get("DeadLetterConfig", {}).get("Arn"):
        try:
            to_queue(queue, body, EVENTS, rule.arn, attributes={
                "RULE_ARN": rule.arn, "TARGET_ARN": target["Arn"],
                "ERROR_CODE": error.code, "ERROR_MESSAGE": str(error)})
        except Undeliverable:
            pass  # lost: only a metric reports it


def as_sent(event):
    """The event as targets and dead letters show it."""
    return {**{name: value for name, value in event.items() if name != "ingestion-time"}, "time": iso_8601(event["time"])}


def payload(rule, target, event):
    """The JSON text for the target: its constant input, a part of the event, a filled template or the whole event."""
    ingestion_time, event = iso_8601(event["ingestion-time"]), as_sent(event)
    if "Input" in target:
        return target["Input"]
    if "InputPath" in target:
        return json.dumps(at(target["InputPath"], event))
    if "InputTransformer" not in target:
        return json.dumps(event)
    values = {
        "aws.events.event.ingestion-time": ingestion_time, "aws.events.event.json": event,
        "aws.events.rule-arn": rule.arn, "aws.events.rule-name": rule.name,
    }
    for name, path in target["InputTransformer"].get("InputPathsMap", {}).items():
        values[name] = at(path, event)
    return filled(target["InputTransformer"]["InputTemplate"], values)


def iso_8601(seconds):
    return datetime.fromtimestamp(float(seconds), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(path, event):
    """What is at a JSON path such as $.detail.items[0], None if nothing is."""
    for step in re.findall(r"[^.\[\]]+", path.removeprefix("$")):
        if isinstance(event, list):
            event = event[int(step)] if int(step) < len(event) else None
        else:
            event = event.get(step) if isinstance(event, dict) else None
    return event


def filled(template, values):
    """The template with a value's text for each placeholder within a string, and its JSON for the others."""

    def fill(match):
        if match[1]:
            return json.dumps(values.get(match[1]))
        return PLACEHOLDER.sub(lambda placeholder: text_of(values.get(placeholder[1])), match[0])

    return STRING_OR_PLACEHOLDER.sub(fill, template)


def text_of(value):
    if value is None:
        return ""
    return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]

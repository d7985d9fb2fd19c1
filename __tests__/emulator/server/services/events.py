"""EventBridge: what PutEvents delivers to Lambda functions and SNS topics."""

import copy
import json
import re
from datetime import datetime, timezone

from moto.awslambda.models import lambda_backends
from moto.events.models import Rule
from moto.sns.models import sns_backends

from server.framework import wrap

PLACEHOLDER = re.compile(r"<([\w.-]+)>")
STRING_OR_PLACEHOLDER = re.compile(r'"(?:[^"\\]|\\.)*"|' + PLACEHOLDER.pattern)


def apply():
    # moto raises NotImplementedError at the first function or topic, so that later targets get nothing; and every event
    # matches a rule without a pattern, that is a schedule.
    @wrap(Rule, "send_to_targets")
    def send_to_all(original, self, event, *args, **kwargs):
        scheduled = not self.event_pattern.get_pattern()
        if self.state == "DISABLED" or scheduled or not self.event_pattern.matches_event(event):
            return
        rest = copy.copy(self)
        rest.targets = [target for target in self.targets if service_of(target) not in DELIVERIES]
        for target in self.targets:
            if deliver := DELIVERIES.get(service_of(target)):
                deliver(target["Arn"], payload(self, target, event))
        original(rest, event, *args, **kwargs)


def service_of(target):
    return target["Arn"].split(":")[2]


def invoke(arn, body):
    _, _, _, region, account, _, name, *qualifier = arn.split(":")
    function = lambda_backends[account][region].get_function(name, qualifier[0] if qualifier else None)
    function.invoke(body, {"x-amz-invocation-type": "Event"}, {})


def publish(arn, body):
    _, _, _, region, account, _ = arn.split(":")
    sns_backends[account][region].publish(message=body, arn=arn)


DELIVERIES = {"lambda": invoke, "sns": publish}


def payload(rule, target, event):
    """The JSON text for the target: its constant input, a part of the event, a filled template or the whole event."""
    event = {**event, "time": iso_8601(event["time"])}
    ingestion_time = iso_8601(event.pop("ingestion-time"))
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

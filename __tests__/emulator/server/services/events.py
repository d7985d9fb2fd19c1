"""EventBridge: buses, patterns, archives and replays."""

import functools
import json

from moto.core.utils import unix_time
from moto.events.exceptions import InvalidEventPatternException
from moto.events.models import (
    Archive,
    EventBus,
    EventPattern,
    EventPatternParser,
    EventsBackend,
    Replay,
    ReplayState,
    events_backends,
)
from moto.events.responses import EventsHandler

from server.event_patterns import Invalid, check, matches
from server.framework import operation, wrap

# What UpdateEventBus changes: {parameter: attribute of the bus}.
CHANGEABLE_OF_BUS = {
    "DeadLetterConfig": "dead_letter_config", "Description": "description", "KmsKeyIdentifier": "kms_key_identifier"}

events_operation = functools.partial(operation, EventsHandler)


class Statement:
    """A statement of a bus's policy as configured: moto needs its Sid and drops what it does not support."""

    def __init__(self, given):
        self.given = given
        self.principal = given.get("Principal")

    def describe(self):
        return self.given


def apply():
    correct_buses()
    correct_patterns()
    correct_archives()

    # moto looks a resource up by the last part of its ARN, which a rule and a bus may share.
    EventsBackend.list_tags_for_resource = lambda self, arn: self.tagger.list_tags_for_resource(arn)
    EventsBackend.tag_resource = lambda self, arn, tags: self.tagger.tag_resource(arn, tags)
    EventsBackend.untag_resource = lambda self, arn, names: self.tagger.untag_resource_using_names(arn, names)


def correct_buses():
    # moto adds a policy to the one before; AWS replaces that.
    @wrap(EventBus, "add_policy")
    def replace_policy(original, self, policy):
        self._statements = {
            given.get("Sid", str(position)): Statement(given) for position, given in enumerate(policy["Statement"])}

    # moto has no such operation; the provider calls it for every change of a bus.
    @events_operation("UpdateEventBus")
    def update(response, request):
        bus = response.events_backend.describe_event_bus(request.get("Name"))
        for parameter, attribute in CHANGEABLE_OF_BUS.items():
            setattr(bus, attribute, request.get(parameter))
        bus.last_modified_time = unix_time()
        return {"Arn": bus.arn, "Name": bus.name, **{parameter: request.get(parameter) for parameter in CHANGEABLE_OF_BUS}}


def correct_patterns():
    # moto accepts unknown operators, which then match everything, and does not evaluate arrays of objects.
    @wrap(EventPatternParser, "_validate_event_pattern")
    def validate(original, self, pattern):
        try:
            check(pattern)
        except Invalid as reason:
            raise InvalidEventPatternException(str(reason)) from None

    @wrap(EventPattern, "matches_event")
    def match(original, self, event):
        return matches(self.get_pattern(), event)

    # moto returns nothing.
    @events_operation("TestEventPattern")
    def test(response, request):
        return {"Result": EventPattern.load(request["EventPattern"]).matches_event(json.loads(request["Event"]))}


def correct_archives():
    # moto goes on archiving by the pattern before.
    @wrap(Archive, "update")
    def update_rule(original, self, description, event_pattern, retention):
        original(self, description, event_pattern, retention)
        pattern = {**json.loads(self.event_pattern.dump() or "{}"), "replay-name": [{"exists": False}]}
        self.rule.event_pattern = EventPattern.load(json.dumps(pattern))

    # moto replays events of any time, to every rule, and without the targets' inputs.
    @wrap(Replay, "replay_events")
    def replay_what_was_asked(original, self, archive):
        bus = events_backends[self.account_id][self.region].describe_event_bus(archive.event_bus_name)
        asked = self.destination.get("FilterArns")
        rules = [rule for rule in bus.rules.values() if not asked or rule.arn in asked]
        for event in list(archive.events):
            if self.event_start_time <= float(event["time"]) <= self.event_end_time:
                for rule in rules:
                    rule.send_to_targets({**event, "replay-name": self.name})
        self.state, self.end_time = ReplayState.COMPLETED, unix_time()

"""S3."""

import json
import re

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker
from moto.s3.responses import S3Response

from server.framework import wrap

INTEGERS_IN_REPLICATION = ("Minutes", "Priority")

# AWS' default, which the provider sets too.
TRANSITION_SIZE = "all_storage_classes_128K"


def apply():
    # moto crashes on Principal "*" in the log bucket's policy, and requires single strings where AWS accepts lists.
    FakeBucket._log_permissions_enabled_policy = staticmethod(may_deliver_logs)

    # moto cannot delete a delete marker of a bucket whose versioning is suspended; force_destroy does.
    FakeDeleteMarker.dispose = lambda self: None

    # moto ignores Condition, so that a policy denying plain HTTP denies everything.
    @wrap(FakeBucket, "get_permission")
    def skip_conditional_statements(original, self, action, resource):
        if self.policy is None:
            return original(self, action, resource)
        policy = json.loads(self.policy.decode())
        policy["Statement"] = [statement for statement in as_list(policy["Statement"]) if "Condition" not in statement]
        if not policy["Statement"]:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps(policy)).is_action_permitted(action, resource)

    # moto returns only part of a replication rule; the provider compares all of it.
    @wrap(S3Response, "get_bucket_replication")
    def answer_whole_rules(original, self):
        replication = self.backend.get_bucket_replication(self.bucket_name)
        if not replication:
            return original(self)
        self.data["Action"] = "GetBucketReplication"
        rules = [replication_rule(rule) for rule in replication["Rule"]]
        return self.serialized(ActionResult({"ReplicationConfiguration": {"Role": replication["Role"], "Rules": rules}}))

    # moto drops the number of noncurrent versions and the sizes in filters; the provider waits 3 minutes for them.
    @wrap(FakeBucket, "set_lifecycle")
    def keep_whole_lifecycle(original, self, rules):
        original(self, rules)
        self.emulator_lifecycle = rules

    @wrap(S3Response, "get_bucket_lifecycle")
    def answer_whole_lifecycle(original, self):
        bucket = self.backend.get_bucket(self.bucket_name)
        if not bucket.rules:
            return original(self)
        self.data["Action"] = "GetBucketLifecycleConfiguration"
        rules = [lifecycle_rule(rule) for rule in bucket.emulator_lifecycle]
        return self.serialized(ActionResult({"Rules": rules, "TransitionDefaultMinimumObjectSize": TRANSITION_SIZE}))

    # moto drops how the keys of logs are partitioned.
    @wrap(S3Response, "get_bucket_logging")
    def answer_key_format(original, self):
        logging = self.backend.get_bucket_logging(self.bucket_name)
        if "TargetObjectKeyFormat" not in (logging or {}):
            return original(self)
        self.data["Action"] = "GetBucketLogging"
        return self.serialized(ActionResult({"LoggingEnabled": with_empty_strings(logging)}))


def as_list(value):
    return value if isinstance(value, list) else [value]


def may_deliver_logs(target_bucket, target_prefix):
    if not target_bucket.policy:
        return False
    log = f"arn:aws:s3:::{target_bucket.name}/{target_prefix or ''}log"
    return any(grants_log_delivery(statement, log) for statement in as_list(json.loads(target_bucket.policy)["Statement"]))


def grants_log_delivery(statement, log):
    principal = statement.get("Principal")
    return (
        statement.get("Effect") == "Allow"
        and isinstance(principal, dict)
        and "logging.s3.amazonaws.com" in as_list(principal.get("Service"))
        and not {"s3:PutObject", "s3:*", "*"}.isdisjoint(as_list(statement.get("Action")))
        and any(re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), log) for pattern in as_list(statement.get("Resource")))
    )


def replication_rule(stored):
    """The rule as parsed from XML, where all values are strings, with AWS' defaults."""
    rule = with_integers({"DeleteMarkerReplication": {"Status": "Disabled"}, **stored})
    rule["Filter"] = rule.get("Filter") or {"Prefix": ""}
    return rule


def with_integers(node):
    return {
        key: with_integers(value) if isinstance(value, dict) else int(value) if key in INTEGERS_IN_REPLICATION else value
        for key, value in (node or {}).items()
    }


def lifecycle_rule(stored):
    """The rule as parsed from XML, with the lists whose names are in the plural in the response."""
    rule = with_empty_strings(stored)
    for name in ("Transition", "NoncurrentVersionTransition"):
        if name in rule:
            rule[f"{name}s"] = as_list(rule.pop(name))
    if "Filter" in rule:
        rule["Filter"] = rule["Filter"] or {}
        if "Tag" in rule["Filter"].get("And", {}):
            rule["Filter"]["And"]["Tags"] = as_list(rule["Filter"]["And"].pop("Tag"))
    return rule


def with_empty_strings(node):
    """A copy in which empty XML elements, parsed as None, are empty strings."""
    return {
        key: with_empty_strings(value) if isinstance(value, dict) else "" if value is None else value
        for key, value in node.items()
    }

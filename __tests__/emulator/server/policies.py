"""Whether a resource's policy lets an AWS service in: as much of IAM's language as such policies need."""

import json
import re

# {operator, without Not and IfExists: whether the value is the one that the policy names}
OPERATORS = {
    "ArnEquals": lambda value, wanted: like(wanted, value),
    "ArnLike": lambda value, wanted: like(wanted, value),
    "Bool": lambda value, wanted: value == str(wanted).lower(),
    "StringEquals": lambda value, wanted: value == wanted,
    "StringLike": lambda value, wanted: like(wanted, value),
}
OPERATOR = re.compile(r"(Arn|String|Bool)(Not)?(Equals|Like)?(IfExists)?")


def allows(policy, service, action, resource, source_arn):
    """Whether the policy, a JSON text, lets the service act on the resource on behalf of source_arn."""
    effects = {
        statement["Effect"] for statement in listed(json.loads(policy or "{}").get("Statement"))
        if is_meant(statement.get("Principal"), service)
        and named(statement, "Action", action) and named(statement, "Resource", resource)
        and all(holds(*condition) for condition in conditions(statement, context_of(service, source_arn)))}
    return effects == {"Allow"}


def like(pattern, value):
    """Whether the value is what the pattern, with its wildcards, describes."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value, re.DOTALL) is not None


def context_of(service, source_arn):
    """The condition keys, in lower case, with their values."""
    return {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": service,
        "aws:securetransport": "true",
        "aws:sourceaccount": source_arn.split(":")[4],
        "aws:sourcearn": source_arn,
    }


def listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_meant(principal, service):
    if isinstance(principal, dict):
        return "*" in listed(principal.get("AWS")) or service in listed(principal.get("Service"))
    return principal == "*"


def named(statement, element, value):
    """Whether Action or Resource names the value, or NotAction or NotResource does not."""
    if f"Not{element}" in statement:
        return not any(like(pattern, value) for pattern in listed(statement[f"Not{element}"]))
    return any(like(pattern, value) for pattern in listed(statement.get(element)))


def conditions(statement, context):
    for operator, wanted in statement.get("Condition", {}).items():
        for key, values in wanted.items():
            yield operator, context.get(key.lower()), listed(values)


def holds(operator, value, wanted):
    parts = OPERATOR.fullmatch(operator)
    if parts is None:
        return False
    kind, negated, comparison, if_exists = parts.groups()
    if value is None:
        return bool(negated or if_exists)
    return bool(negated) != any(OPERATORS[kind + (comparison or "")](value, each) for each in wanted)

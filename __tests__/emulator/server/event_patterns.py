"""Event patterns as EventBridge checks and matches them."""

import ipaddress
import json
import re
from operator import eq, ge, gt, le, lt

COMPARISONS = {"<": lt, "<=": le, "=": eq, ">=": ge, ">": gt}

# Stands for a field that an event does not have.
ABSENT = object()


class Invalid(Exception):
    """The reason for which EventBridge rejects a pattern."""


def check(pattern):
    """Raise Invalid unless the pattern, parsed, is one that EventBridge accepts."""
    if not isinstance(pattern, dict):
        raise Invalid("Filter is not an object")
    for name, wanted in pattern.items():
        if name == "$or":
            check_alternatives(wanted)
        elif isinstance(wanted, dict):
            if not wanted:
                raise Invalid("Empty objects are not allowed")
            check(wanted)
        elif isinstance(wanted, list):
            if not wanted:
                raise Invalid("Empty arrays are not allowed")
            for each in wanted:
                check_filter(each)
        else:
            raise Invalid(f'"{name}" must be an object or an array')


def check_alternatives(alternatives):
    if not isinstance(alternatives, list) or len(alternatives) < 2:
        raise Invalid("$or must be an array of at least two objects")
    for alternative in alternatives:
        check(alternative)


def check_filter(wanted):
    if not isinstance(wanted, dict):
        if isinstance(wanted, list):
            raise Invalid("Array must not contain an array")
        return
    if len(wanted) != 1:
        raise Invalid("Only one key allowed in match expression")
    (name, argument), = wanted.items()
    if name not in OPERATORS:
        raise Invalid(f"Unrecognized match type {name}")
    is_valid, _ = OPERATORS[name]
    if not is_valid(argument):
        raise Invalid(f"Value of {name} is not valid: {json.dumps(argument)}")


def matches(pattern, event):
    """Whether the event, or one of its objects if it is an array, matches the pattern."""
    if isinstance(event, list):
        return any(matches(pattern, element) for element in event)
    fields = event if isinstance(event, dict) else {}
    return all(field_matches(name, wanted, fields) for name, wanted in pattern.items())


def field_matches(name, wanted, fields):
    if name == "$or":
        return any(matches(alternative, fields) for alternative in wanted)
    if isinstance(wanted, dict):
        return matches(wanted, fields.get(name))
    return any(fits(each, fields.get(name, ABSENT)) for each in wanted)


def fits(wanted, value):
    if isinstance(value, dict):  # only a leaf is there for a filter
        value = ABSENT
    if isinstance(wanted, dict) and "exists" in wanted:
        return (value is not ABSENT) == wanted["exists"]
    if value is ABSENT:
        return False
    if isinstance(value, list):
        return any(fits(wanted, element) for element in value)
    if not isinstance(wanted, dict):
        return same(wanted, value)
    (name, argument), = wanted.items()
    _, applies = OPERATORS[name]
    return applies(value, argument)


def same(wanted, value):
    # In JSON, unlike Python, true is not 1.
    return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)


def listed(value):
    return value if isinstance(value, list) else [value]


def is_text(argument):
    return isinstance(argument, str)


def is_number(argument):
    return isinstance(argument, (int, float)) and not isinstance(argument, bool)


def is_affix(argument):
    """"text" or {"equals-ignore-case": "text"}."""
    return is_text(argument) or (
        isinstance(argument, dict) and list(argument) == ["equals-ignore-case"] and is_text(argument["equals-ignore-case"]))


def is_range(argument):
    """[">", 0, "<=", 5]"""
    if not isinstance(argument, list) or len(argument) not in (2, 4):
        return False
    return all(name in COMPARISONS for name in argument[::2]) and all(map(is_number, argument[1::2]))


def is_exclusion(argument):
    """Scalars, or {"prefix": texts} and the like."""
    if isinstance(argument, dict):
        (name, texts), = argument.items() if len(argument) == 1 else ((None, None),)
        return name in EXCLUDABLE and bool(texts) and all(map(is_text, listed(texts)))
    return argument != [] and all(not isinstance(each, (dict, list)) for each in listed(argument))


def is_network(argument):
    try:
        ipaddress.ip_network(argument)
    except ValueError:
        return False
    return True


def affix(method):
    """A match at the start or the end of a text."""

    def applies(value, argument):
        if not is_text(value):
            return False
        if isinstance(argument, dict):
            value, argument = value.lower(), argument["equals-ignore-case"].lower()
        return method(value, argument)

    return applies


def ignoring_case(value, argument):
    return is_text(value) and value.lower() == argument.lower()


def like(value, argument):
    pattern = re.sub(r"\\(.)|(\*)|(.)", lambda part: ".*" if part[2] else re.escape(part[1] or part[3]), argument)
    return is_text(value) and re.fullmatch(pattern, value, re.DOTALL) is not None


def in_range(value, argument):
    return is_number(value) and all(
        COMPARISONS[name](value, limit) for name, limit in zip(argument[::2], argument[1::2]))


def in_network(value, argument):
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(argument)
    except ValueError:
        return False


def anything_but(value, argument):
    if isinstance(argument, dict):
        (name, texts), = argument.items()
        _, applies = OPERATORS[name]
        return not any(applies(value, text) for text in listed(texts))
    return not any(same(each, value) for each in listed(argument))


EXCLUDABLE = ("equals-ignore-case", "prefix", "suffix", "wildcard")

# {operator: (whether an argument is valid, whether a value matches with an argument)}
OPERATORS = {
    "anything-but": (is_exclusion, anything_but),
    "cidr": (is_network, in_network),
    "equals-ignore-case": (is_text, ignoring_case),
    "exists": (lambda argument: isinstance(argument, bool), None),
    "numeric": (is_range, in_range),
    "prefix": (is_affix, affix(str.startswith)),
    "suffix": (is_affix, affix(str.endswith)),
    "wildcard": (is_text, like),
}

"""What an API model says of a value, and where a value breaks it: botocore itself checks types, minima and what is required."""

import re
from numbers import Number

from server.patterns import compiled, fits
from server.parameters import Malformed

# {type of a shape: types that it has in Python}. Timestamps have several formats and are not checked.
TYPES = {
    "blob": (bytes, str), "boolean": bool, "double": Number, "float": Number, "integer": int, "list": list, "long": int,
    "map": dict, "string": str, "structure": dict,
}

# Members that may be secret though their shape is not marked as sensitive.
SECRET = re.compile(r"password|secret|token|credential|environment|variables", re.IGNORECASE)
LONGEST = 60


def violations(shape, value, path=""):
    """(path of the member, rule, value shortened) of each constraint that the value breaks."""
    if isinstance(value, Malformed) or not isinstance(value, TYPES.get(shape.type_name, object)):
        yield path, f"type {shape.type_name}", ""
    elif shape.type_name == "structure":
        yield from violations_of_structure(shape, value, path)
    else:
        for rule in broken_rules(shape, value):
            yield path, rule, shortened(shape, value, path)
        if shape.type_name == "list":
            for member in value:
                yield from violations(shape.member, member, f"{path}[]")
        if shape.type_name == "map":
            for key, member in value.items():
                yield from violations(shape.key, key, f"{path}{{key}}")
                yield from violations(shape.value, member, f"{path}{{}}")


def violations_of_structure(shape, value, path):
    if shape.is_document_type:
        return
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"{path}.{name}".lstrip("."), "required", ""
    if shape.is_tagged_union and len(value) != 1:
        yield path, "union", ", ".join(value)
    for name, member in value.items():
        if member is not None:
            yield from violations(shape.members[name], member, f"{path}.{name}".lstrip("."))


def broken_rules(shape, value):
    """The rules of a value of its own that it breaks."""
    constraints = shape.metadata
    if isinstance(value, bool):
        return
    size = value if isinstance(value, Number) else len(value)
    measure = "value" if isinstance(value, Number) else "length"
    if size < constraints.get("min", size):
        yield f"{measure} of at least {constraints['min']}"
    if size > constraints.get("max", size):
        yield f"{measure} of at most {constraints['max']}"
    if shape.type_name == "string":
        if constraints.get("enum") and value not in constraints["enum"]:
            yield "enum"
        pattern = constraints.get("pattern")
        if pattern and compiled(pattern) and not fits(value, pattern):
            yield f"pattern {pattern}"


def shortened(shape, value, path):
    if shape.metadata.get("sensitive") or shape.type_name == "blob" or SECRET.search(path):
        return "(hidden)"
    return str(value)[:LONGEST]


def unreadable_patterns(shape, seen=None):
    """The patterns of a shape that Python cannot compile, and that are therefore not checked."""
    seen = set() if seen is None else seen
    if shape.name in seen:
        return
    seen.add(shape.name)
    if "pattern" in shape.metadata and compiled(shape.metadata["pattern"]) is None:
        yield shape.metadata["pattern"]
    for member in members_of(shape):
        yield from unreadable_patterns(member, seen)


def members_of(shape):
    if shape.type_name == "structure":
        return shape.members.values()
    if shape.type_name == "map":
        return [shape.key, shape.value]
    return [shape.member] if shape.type_name == "list" else []

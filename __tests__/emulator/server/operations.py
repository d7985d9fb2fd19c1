"""Names the operation of a request: REST services identify it only by method, path and query."""

import re
from functools import lru_cache
from urllib.parse import parse_qs

from moto.core.utils import get_service_model

REST = {"s3", "route53", "lambda", "backup", "synthetics", "arc-zonal-shift"}
S3_CONTROL = "/v20180820/"

# {name that requests are signed for: botocore's name of the model, where it is another one}
MODELS = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "servicequotas": "service-quotas",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}


def operation_of(service, method, path, query):
    """The operation's name in AWS's own model of the service, and the parameters in the path; or (None, {})."""
    given = set(parse_qs(query, keep_blank_values=True))
    matches = [
        (len(needed), literal, name, found.groupdict())
        for name, verb, pattern, needed, literal in operations(model_name(service, path))
        if verb == method and needed <= given and (found := pattern.fullmatch(path))
    ]
    # The most specific of several: ?lifecycle does not list objects, and /tags/... is not a path with a free name.
    return max(matches, key=lambda match: match[:3])[2:] if matches else (None, {})


def model_name(service, path):
    """botocore's name of the model that describes a service's requests, which are signed for another name at times."""
    if service == "s3" and path.startswith(S3_CONTROL):
        return "s3control"
    return MODELS.get(service, service)


@lru_cache(maxsize=None)
def operations(service):
    model = get_service_model(service)
    # Directory buckets have their own hosts.
    names = [name for name in model.operation_names if name != "ListDirectoryBuckets"]
    rules = [rule(model.operation_model(name)) for name in names]
    return [found for found in rules if found]


def rule(operation):
    """Name, method, pattern of the path, parameters that are needed, and how much of the path is literal."""
    members = operation.input_shape.members if operation.input_shape else {}
    required = [members[name].serialization for name in (operation.input_shape.required_members if operation.input_shape else [])]
    # A copy differs from a write by a header only, and needs no other right on what it writes.
    if any(member.get("name") == "x-amz-copy-source" for member in required):
        return None
    uri, _, query = operation.http["requestUri"].partition("?")
    parts = re.split(r"(\{[^}]+\})", uri.rstrip("/"))
    # A name may contain what separates names elsewhere: ARNs do.
    pattern = "".join(re.escape(part) if not part.startswith("{") else name_pattern(operation, part) for part in parts)
    needed = set(parse_qs(query, keep_blank_values=True))
    needed |= {member["name"] for member in required if member.get("location") == "querystring"}
    literal = sum(len(part) for part in parts if not part.startswith("{"))
    return operation.name, operation.http["method"], re.compile(pattern + "/?"), needed, literal


def name_pattern(operation, part):
    characters = "[^/]+" if operation.service_model.service_name == "s3" and not part.endswith("+}") else ".+"
    return f"(?P<{part.strip('{+}')}>{characters})"

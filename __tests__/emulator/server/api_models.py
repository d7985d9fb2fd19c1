"""Checks every request against the API models that AWS publishes, which botocore contains: moto checks next to nothing.

GET /emu/violations: {"requests": how many were checked, "operations": how many different ones, "violations": those that
are not known, "known": those that are, "unchecked_patterns": those that Python cannot compile}.
"""

import json
import threading
from collections import Counter

from botocore.exceptions import UnknownServiceError
from botocore.model import OperationNotFoundError

from server.constraints import unreadable_patterns, violations
from server.errors import aws_error
from server.known_violations import is_known
from server.operations import model_name
from server.parameters import operation_model, parameters

KEY = "service", "operation", "member", "rule"

BAD_REQUEST = "400 Bad Request"

# {service: (code of a missing parameter, code of any other violation)}
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
CODES = {
    "ec2": ("MissingParameter", "InvalidParameterValue"),
    "route53": ("InvalidInput", "InvalidInput"),
    "s3": ("MalformedXML", "MalformedXML"),
}
# The common errors of the services with the query protocol, and of those with JSON.
# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html#Programming.Errors.MessagesAndCodes
QUERY_CODE, JSON_CODE = "ValidationError", "ValidationException"

_lock = threading.Lock()
_requests = Counter()
_found = {}
_unreadable = {}


def refusal(environ, body, service, name, in_path):
    """Record what the request violates. Returns the response that refuses it, or None."""
    if not service:  # not signed, so none of AWS's operations that are used here
        return None
    try:
        operation = operation_model(model_name(service, environ["PATH_INFO"]), name)
    except (UnknownServiceError, OperationNotFoundError):
        # It cannot be compared with any model, which must not go unnoticed.
        record(service, name or f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", [("", "operation", "")])
        return None
    count(service, name, operation)
    unknown = record(service, name, violations_of(operation, environ, body, in_path))
    # Services ignore members that they do not know: those are only recorded.
    refused = [violation for violation in unknown if violation["rule"] != "unknown"]
    return aws_error(environ, service, BAD_REQUEST, *error_of(operation, service, refused)) if refused else None


def count(service, name, operation):
    with _lock:
        if (service, name) not in _requests and operation.input_shape:
            _unreadable.update(dict.fromkeys(unreadable_patterns(operation.input_shape)))
        _requests[service, name] += 1


def violations_of(operation, environ, body, in_path):
    given, unknown = parameters(operation, environ, body, in_path)
    found = [(member, "unknown", "") for member in unknown]
    if operation.input_shape:
        found += violations(operation.input_shape, given)
    return found


def record(service, name, found):
    """Count the violations, and return those that are not known."""
    unknown = []
    for member, rule, value in found:
        key = service, name, member, rule
        violation = dict(zip(KEY, key)) | {"value": value}
        with _lock:
            _found.setdefault(key, violation | {"count": 0})["count"] += 1
        if not is_known(*key):
            unknown.append(violation)
    return unknown


def error_of(operation, service, refused):
    """(code, message) of the service's error, with AWS's words."""
    default = QUERY_CODE if operation.service_model.protocol == "query" else JSON_CODE
    code_of_missing, code_of_others = CODES.get(service, (default, default))
    constraints = "; ".join(
        f"Value '{violation['value']}' at '{violation['member']}' failed to satisfy constraint: {violation['rule']}"
        for violation in refused)
    code = code_of_missing if all(violation["rule"] == "required" for violation in refused) else code_of_others
    return code, f"{len(refused)} validation error{'s' if len(refused) > 1 else ''} detected: {constraints}"


def respond():
    with _lock:
        found = list(_found.values())
        counted = {"requests": sum(_requests.values()), "operations": len(_requests), "unchecked_patterns": list(_unreadable)}
    known = [violation for violation in found if is_known(*(violation[part] for part in KEY))]
    answer = counted | {"violations": [violation for violation in found if violation not in known], "known": known}
    return "200 OK", [("Content-Type", "application/json")], json.dumps(answer, indent=1).encode()

"""How the services correct moto: add or wrap an operation, store what moto drops, and reject what is missing.

    @operation(CloudWatchResponse, "PutCompositeAlarm")
    def put_composite_alarm(response, request): ...

botocore's model parses the input and serialises the output and errors, whatever the service's protocol.
"""

import contextlib
import functools
import threading
from datetime import timezone

from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol, normalize_request
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

from server.errors import aws_error

_lock = threading.RLock()
_thread = threading.local()


@contextlib.contextmanager
def locked():
    """Process one request at a time: moto's read-modify-writes are not safe under threads, and services call others.

    Deleting a scaling policy, for example, deletes its alarms in CloudWatch.
    """
    with _lock:
        _thread.serves = True
        try:
            yield
        finally:
            _thread.serves = False


@contextlib.contextmanager
def unlocked():
    """Let other requests in while this one waits for a program that sends some."""
    if not getattr(_thread, "serves", False):  # a thread of moto's own, which serves no request
        yield
        return
    _lock.release()
    try:
        yield
    finally:
        _lock.acquire()


def state(owner, kind):
    """A dictionary that hangs off a moto backend, so that it is per account and region and a reset clears it."""
    return vars(owner).setdefault(f"emulator_{kind}", {})


class Fault(ServiceException):
    """An AWS error. moto finds its model through the raising class' module, which must not be one of moto.core."""


def fail(code, message):
    raise Fault(code, message)


def in_utc(moment):
    """A time as moto stores it: without a time zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def wrap(owner, *names):
    """Replace each owner.name by decorated(original, self, ...)."""

    def decorate(replacement):
        for name in names:
            _replace(owner, name, replacement)
        return replacement

    return decorate


def _replace(owner, name, replacement):
    original = getattr(owner, name)

    @functools.wraps(original)
    def wrapper(self, *args, **kwargs):
        return replacement(original, self, *args, **kwargs)

    setattr(owner, name, wrapper)


def wrap_property(owner, name):
    """Replace the value of owner.name, a property, by decorated(value, self)."""

    def decorate(replacement):
        getter = getattr(owner, name).fget
        setattr(owner, name, property(lambda self: replacement(getter(self), self)))
        return replacement

    return decorate


def operation(response_class, *names, routes=None):
    """Add operations, given as decorated(response, parsed request) -> output, to a service.

    A service with a REST protocol needs routes, the url_paths of moto's module.
    """

    def decorate(handler):
        service = get_service_model(response_class().boto3_service_name)
        for name in names:
            _add(response_class, service, name, handler)
            if routes is not None:
                _add_route(response_class, service.operation_model(name).http["requestUri"], routes)
        return handler

    return decorate


def _add(response_class, service, name, handler):
    model = service.operation_model(name)

    def method(self):
        return ActionResult(handler(self, _parse(self, service, model)) or {})

    method.__name__ = camelcase_to_underscores(name)
    setattr(response_class, method.__name__, method)


def _add_route(response_class, uri, routes):
    # Of the SDKs only boto3 sends a slash at the end, where the model has one; Flask then takes both.
    routes["{0}" + BaseResponse.uri_to_regexp(uri.split("?")[0]).removeprefix("^")] = response_class.dispatch


def _parse(response, service, model):
    normalized = normalize_request(response.emulator_request)
    parser = PROTOCOL_PARSERS[determine_request_protocol(service, normalized.content_type)](model, map_type=dict)
    parsed = parser.parse({
        "method": normalized.method, "values": normalized.values, "headers": normalized.headers,
        "body": normalized.data, "url_path": normalized.path,
        "url_params": response.uri_match.groupdict() if response.uri_match else {},
    })
    return parsed or {}


@wrap(BaseResponse, "setup_class")
def _keep_request(original, self, request, *args, **kwargs):
    # moto stores only fragments of the request, not enough to parse it again for an added operation.
    self.emulator_request = request
    return original(self, request, *args, **kwargs)


@wrap(BaseResponse, "call_action")
def _refuse_missing_operation(original, self):
    # moto returns 500, which SDKs retry for minutes; 501 is final, and Terraform prints the name.
    try:
        return original(self)
    except NotImplementedError as error:
        status, headers, body = not_implemented(
            self.emulator_request.environ, self.service_name, self._get_action(), str(error))
        return int(status[:3]), dict(headers), body


def not_implemented(environ, service, action, reason):
    """(status, headers, body) that no SDK retries and that names what is missing."""
    return aws_error(environ, service, "501 Not Implemented", "NotImplemented",
                     f"emulator: {service} {action} is not implemented ({reason})")

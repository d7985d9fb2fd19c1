"""Lambda: permissions to invoke a function, and the results of asynchronous invocations."""

import functools
import json
from uuid import uuid4

from moto.awslambda.models import LambdaBackend
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse
from moto.core.utils import utcnow

from server.delivery import Undeliverable, find_function, send
from server.framework import fail, operation, state, wrap

DEFAULT_RETRIES = 2

# The parameters of an event invoke configuration that an update may leave out.
OPTIONAL = ("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts")

ASYNCHRONOUS = {"x-amz-invocation-type": "Event"}


class EventInvokeConfig:
    """The configuration of asynchronous invocations. moto stores it per function, regardless of the qualifier, permanently."""

    def __init__(self, arn):
        self.answer = {"FunctionArn": arn}

    def update(self, request):
        self.answer.update({name: request[name] for name in OPTIONAL if name in request}, LastModified=utcnow())


def event_invoke_configs(backend):
    """{"function:qualifier": configuration}"""
    return state(backend, "event_invoke_configs")


def key_of(name, qualifier):
    return f"{name}:{qualifier or '$LATEST'}"


def apply():
    correct_policies()
    correct_event_invoke_configs()

    # moto returns the handler's response to an asynchronous invocation, and discards failed ones.
    @wrap(LambdaBackend, "invoke")
    def invoke(original, self, function_name, qualifier, body, headers, response_headers):
        function = self.get_function(function_name, qualifier)
        if headers.get("X-Amz-Invocation-Type") == "Event":
            response_headers["Content-Length"] = "0"
            invoke_later(self, function, key_of(*name_of(function_name, qualifier)), body)
            return ""
        if is_throttled(self, function):
            fail("TooManyRequestsException", "Rate Exceeded.")
        return original(self, function_name, qualifier, body, headers, response_headers)


def name_of(function_name, qualifier):
    """(name, qualifier) of a function that may be given by its ARN, or with its qualifier."""
    name, _, own_qualifier = function_name.split(":function:")[-1].partition(":")
    return name, own_qualifier or qualifier


def is_throttled(backend, function):
    return backend.get_function(function.function_name).reserved_concurrency == 0


def invoke_asynchronously(arn, body):
    """Let an AWS service, which does not wait for the response, invoke a function."""
    backend, name, qualifier = find_function(arn)
    invoke_later(backend, backend.get_function(name, qualifier), key_of(name, qualifier), body)


def invoke_later(backend, function, key, body):
    """Invoke, and retry without waiting up to the configured number of attempts; then send the event to the configured destination."""
    config = event_invoke_configs(backend).get(key)
    config = config.answer if config else {}
    error = {"ErrorCode": "429", "ErrorMessage": "Rate Exceeded."}
    for _ in range(0 if is_throttled(backend, function) else 1 + config.get("MaximumRetryAttempts", DEFAULT_RETRIES)):
        headers = {}
        answer = function.invoke(body, ASYNCHRONOUS, headers)
        if "x-amz-function-error" not in headers:
            return deliver(config, "OnSuccess", body)
        error = {"ErrorCode": "200", "ErrorMessage": answer[:1024]}
    if queue := function.emulator_kept.get("DeadLetterConfig", {}).get("TargetArn"):
        send_quietly(queue, body, {"RequestID": str(uuid4()), **error})
    return deliver(config, "OnFailure", body)


def deliver(config, outcome, body):
    if destination := config.get("DestinationConfig", {}).get(outcome, {}).get("Destination"):
        send_quietly(destination, body, {})


def send_quietly(arn, body, attributes):
    # Only a metric reports that a dead letter could not be delivered.
    try:
        send(arn, body, attributes)
    except Undeliverable:
        pass


lambda_operation = functools.partial(operation, LambdaResponse)


def correct_policies():
    # moto accepts a statement identifier twice.
    @wrap(Policy, "add_statement")
    def refuse_duplicate(original, self, raw, qualifier=None):
        before = list(self.statements)
        statement, revision = original(self, raw, qualifier)
        if any(is_same(statement, other) for other in before):
            self.statements[:] = before
            fail("ResourceConflictException", f"The statement id ({statement['Sid']}) provided already exists.")
        return statement, revision

    # moto takes the statements of a function, its versions and its aliases all together.
    @lambda_operation("GetPolicy")
    def get(response, request):
        function, arn = function_of(response, request)
        own = [statement for statement in function.policy.statements if statement["Resource"] == arn]
        if not own:
            fail("ResourceNotFoundException", "The resource you requested does not exist.")
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": own}
        return {"Policy": json.dumps(policy), "RevisionId": function.policy.revision}

    @lambda_operation("RemovePermission")
    def remove(response, request):
        function, arn = function_of(response, request)
        removed = {"Sid": request["StatementId"], "Resource": arn}
        kept = [statement for statement in function.policy.statements if not is_same(statement, removed)]
        if len(kept) == len(function.policy.statements):
            fail("ResourceNotFoundException", f"Statement {request['StatementId']} is not found in resource policy.")
        function.policy.statements[:] = kept


def function_of(response, request):
    """(function, the ARN that the request means)"""
    name, qualifier = name_of(request["FunctionName"], request.get("Qualifier"))
    function = response.backend.get_function(name, qualifier)
    arn = response.backend.get_function(name).function_arn
    return function, f"{arn}:{qualifier}" if qualifier else arn


def is_same(statement, other):
    return all(statement[field] == other[field] for field in ("Sid", "Resource"))


def correct_event_invoke_configs():
    @lambda_operation("PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig")
    def put(response, request):
        _, arn = function_of(response, request)
        configs, key = event_invoke_configs(response.backend), config_key(request)
        if response._get_action().startswith("Put"):
            configs.pop(key, None)
        config = configs.setdefault(key, EventInvokeConfig(arn if ":" in arn.split(":function:")[1] else f"{arn}:$LATEST"))
        config.update(request)
        return config.answer

    @lambda_operation("GetFunctionEventInvokeConfig")
    def get(response, request):
        return find_config(response, request).answer

    @lambda_operation("ListFunctionEventInvokeConfigs")
    def list_configs(response, request):
        prefix = f"{name_of(request['FunctionName'], None)[0]}:"
        configs = event_invoke_configs(response.backend).items()
        return {"FunctionEventInvokeConfigs": [config.answer for key, config in configs if key.startswith(prefix)]}

    @lambda_operation("DeleteFunctionEventInvokeConfig")
    def delete(response, request):
        find_config(response, request)
        del event_invoke_configs(response.backend)[config_key(request)]

    @wrap(LambdaBackend, "delete_function")
    def delete_configs(original, self, function_name, qualifier=None):
        original(self, function_name, qualifier)
        name, qualifier = name_of(function_name, qualifier)
        for key in [key for key in event_invoke_configs(self) if key.startswith(f"{name}:{qualifier or ''}")]:
            del event_invoke_configs(self)[key]


def config_key(request):
    return key_of(*name_of(request["FunctionName"], request.get("Qualifier")))


def find_config(response, request):
    config = event_invoke_configs(response.backend).get(config_key(request))
    if config is None:
        _, arn = function_of(response, request)
        fail("ResourceNotFoundException", f"The function {arn} doesn't have an EventInvokeConfig")
    return config

"""CloudWatch Synthetics canaries. They never run."""

import functools
import re
from uuid import uuid4

from moto.core.utils import utcnow
from moto.synthetics.responses import SyntheticsResponse
from moto.synthetics.urls import url_paths

from server.framework import fail, operation, state

# {family of runtimes: the last one that AWS has deprecated}; a family that is not here has been deprecated as a whole.
DEPRECATED = {
    "syn-nodejs": (2, 2),
    "syn-nodejs-playwright": (0, 0),
    "syn-nodejs-puppeteer": (7, 0),
    "syn-python-selenium": (3, 0),
}
RUNTIME = re.compile(r"(syn[a-z-]*?)-(\d+)\.(\d+)")

DEFAULTS = {"SuccessRetentionPeriodInDays": 31, "FailureRetentionPeriodInDays": 31}
DEFAULT_RUN = {"TimeoutInSeconds": 60, "MemoryInMB": 1000, "ActiveTracing": False}

# Fields of a request that no response contains.
NOT_ANSWERED = ("Code", "DryRunId", "ProvisionedResourceCleanup", "ResourcesToReplicateTags", "VisualReference")


class Canary:
    """moto's canary returns its times as text, which the provider cannot read, and has no engine."""

    def __init__(self, backend, request):
        # 6 + 21 + 1 + 36 characters: the limit of Lambda.
        function = f"cwsyn-{request['Name'][:21]}-{uuid4()}"
        self.arn = f"arn:aws:synthetics:{backend.region_name}:{backend.account_id}:canary:{request['Name']}"
        lambda_arn = f"arn:aws:lambda:{backend.region_name}:{backend.account_id}"
        self.answer = {
            **DEFAULTS, "Id": str(uuid4()), "Tags": {},
            "Code": {"SourceLocationArn": f"{lambda_arn}:layer:{function}:1"},
            "EngineArn": f"{lambda_arn}:function:{function}:1",
            "RunConfig": DEFAULT_RUN, "Schedule": {"DurationInSeconds": "0"},
            "Timeline": {"Created": utcnow()},
        }
        self.enter("READY", "CREATE_COMPLETE")
        self.update(request)

    def update(self, request):
        refuse_deprecated(request.get("RuntimeVersion"))
        answer = self.answer
        answer.update({
            key: value for key, value in request.items() if key not in (*NOT_ANSWERED, "RunConfig", "Schedule")})
        # AWS returns no environment variables.
        run = {key: value for key, value in request.get("RunConfig", {}).items() if key != "EnvironmentVariables"}
        answer["RunConfig"] = {**answer["RunConfig"], **run}
        answer["Schedule"] = {**answer["Schedule"], **request.get("Schedule", {})}
        answer["Code"]["Handler"] = request.get("Code", {}).get("Handler", answer["Code"].get("Handler"))
        answer["Timeline"]["LastModified"] = utcnow()

    def enter(self, name, reason):
        self.answer["Status"] = {"State": name, "StateReason": "", "StateReasonCode": reason}

    @property
    def runs(self):
        return self.answer["Status"]["State"] == "RUNNING"


def refuse_deprecated(runtime):
    if runtime is None:
        return
    parts = RUNTIME.fullmatch(runtime)
    last = DEPRECATED.get(parts[1]) if parts else None
    if last is None or (int(parts[2]), int(parts[3])) <= last:
        fail("ValidationException", f"Deprecated runtime version specified: {runtime}")


synthetics_operation = functools.partial(operation, SyntheticsResponse, routes=url_paths)


def canaries_of(backend):
    return state(backend, "canaries")


def canaries(response):
    return canaries_of(response.synthetics_backend)


def find(response, name):
    if name not in canaries(response):
        fail("ResourceNotFoundException", f"Canary not found: {name}")
    return canaries(response)[name]


def find_by_arn(response, request):
    return find(response, request["ResourceArn"].rsplit(":", 1)[1])


def apply():
    add_canaries()
    add_runs()
    add_tags()


def add_canaries():
    @synthetics_operation("CreateCanary")
    def create(response, request):
        name = request["Name"]
        if name in canaries(response):
            fail("ConflictException", f"A canary with the name {name} already exists.")
        canaries(response)[name] = Canary(response.synthetics_backend, request)
        return {"Canary": canaries(response)[name].answer}

    @synthetics_operation("GetCanary")
    def get(response, request):
        return {"Canary": find(response, request["Name"]).answer}

    @synthetics_operation("DescribeCanaries")
    def describe(response, request):
        return {"Canaries": [
            canary.answer for name, canary in canaries(response).items() if name in request.get("Names", [name])]}

    @synthetics_operation("UpdateCanary")
    def update(response, request):
        find(response, request["Name"]).update(request)

    @synthetics_operation("DeleteCanary")
    def delete(response, request):
        if find(response, request["Name"]).runs:
            fail("ConflictException", f"Canary {request['Name']} is in state RUNNING and cannot be deleted.")
        del canaries(response)[request["Name"]]


def add_runs():
    @synthetics_operation("StartCanary")
    def start(response, request):
        canary = find(response, request["Name"])
        if canary.runs:
            fail("ConflictException", f"Canary {request['Name']} is already running.")
        canary.enter("RUNNING", "CREATE_COMPLETE")
        canary.answer["Timeline"]["LastStarted"] = utcnow()

    @synthetics_operation("StopCanary")
    def stop(response, request):
        canary = find(response, request["Name"])
        if not canary.runs:
            fail("ConflictException", f"Canary {request['Name']} is not running.")
        canary.enter("STOPPED", "UPDATE_COMPLETE")
        canary.answer["Timeline"]["LastStopped"] = utcnow()


def add_tags():
    @synthetics_operation("TagResource")
    def tag(response, request):
        find_by_arn(response, request).answer["Tags"].update(request["Tags"])

    @synthetics_operation("UntagResource")
    def untag(response, request):
        for key in request["TagKeys"]:
            find_by_arn(response, request).answer["Tags"].pop(key, None)

    @synthetics_operation("ListTagsForResource")
    def list_tags(response, request):
        return {"Tags": find_by_arn(response, request).answer["Tags"]}

"""ARC zonal shift, which moto lacks as a whole: zonal shifts of load balancers, and zonal autoshift.

AWS never starts an autoshift or a practice run here.
"""

import json
import re
from datetime import timedelta
from uuid import uuid4

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.common_models import CloudFormationModel
from moto.core.utils import get_service_model, utcnow
from moto.elbv2.models import elbv2_backends

from server.framework import fail

SERVICE = "arc-zonal-shift"

LONGEST = timedelta(hours=72)
MAX_SHIFTS_AT_ONCE = 1
ALARM = re.compile(r"arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:(.+)")


class Refused(Exception):
    def __init__(self, code, message, reason=None):
        super().__init__(message)
        self.code = code
        self.answer = {"message": message} | ({"reason": reason} if reason else {})


class ZonalShiftBackend(BaseBackend):
    def __init__(self, region_name, account_id):
        super().__init__(region_name, account_id)
        # Every shift since the start, which AWS lists too: no resources, as their name tells the inventory.
        self.shift_events = {}
        # {load balancer: its practice run configuration and the status of autoshift}
        self.autoshift_configurations = {}

    def balancer(self, identifier):
        balancers = elbv2_backends[self.account_id][self.region_name].load_balancers
        found = balancers.get(identifier)
        if found is None or found.attrs.get("zonal_shift.config.enabled") != "true":
            raise Refused("ResourceNotFoundException", f"The resource {identifier} is not registered for zonal shift")
        return found

    def active(self, identifier):
        return [
            shift for shift in self.shift_events.values()
            if shift["resourceIdentifier"] == identifier and status_of(shift) == "ACTIVE"]

    def shift(self, request):
        found = self.shift_events.get(request["zonalShiftId"])
        if found is None:
            raise Refused("ResourceNotFoundException", f"There is no zonal shift {request['zonalShiftId']}")
        if status_of(found) != "ACTIVE":
            raise Refused("ConflictException", "The zonal shift is not active", "ZonalShiftStatusNotActive")
        return found

    def configure(self, identifier, practice, status):
        self.balancer(identifier)
        alarms = cloudwatch_backends[self.account_id][self.region_name].alarms
        for condition in practice["outcomeAlarms"]:
            name = ALARM.fullmatch(condition["alarmIdentifier"])
            if condition["type"] != "CLOUDWATCH" or not name or name[1] not in alarms:
                raise Refused("ValidationException", f"There is no alarm {condition['alarmIdentifier']}", "InvalidAlarmCondition")
        self.autoshift_configurations[identifier] = {"practiceRunConfiguration": practice, "zonalAutoshiftStatus": status}


zonal_shift_backends = BackendDict(ZonalShiftBackend, SERVICE)


def status_of(shift):
    if shift["status"] == "ACTIVE" and shift["expiryTime"] <= utcnow():
        shift["status"] = "EXPIRED"
    return shift["status"]


def expiry(text):
    number, unit = int(text[:-1]), text[-1]
    duration = timedelta(minutes=number) if unit == "m" else timedelta(hours=number)
    if duration > LONGEST:
        raise Refused("ValidationException", f"{text} is longer than 72 hours", "InvalidExpiresIn")
    return utcnow() + duration


def start(backend, request):
    identifier = request["resourceIdentifier"]
    zones = {subnet.availability_zone_id for subnet in backend.balancer(identifier).subnets}
    if request["awayFrom"] not in zones:
        raise Refused("ValidationException", f"{identifier} is not in the zone {request['awayFrom']}", "UnsupportedAz")
    if len(backend.active(identifier)) >= MAX_SHIFTS_AT_ONCE:
        raise Refused("ConflictException", "A zonal shift is already active for the resource", "ZonalShiftAlreadyExists")
    shift = {
        "zonalShiftId": str(uuid4()), "resourceIdentifier": identifier, "awayFrom": request["awayFrom"],
        "expiryTime": expiry(request["expiresIn"]), "startTime": utcnow(), "status": "ACTIVE", "comment": request["comment"],
    }
    backend.shift_events[shift["zonalShiftId"]] = shift
    return shift


def update(backend, request):
    shift = backend.shift(request)
    if "expiresIn" in request:
        shift["expiryTime"] = expiry(request["expiresIn"])
    shift["comment"] = request.get("comment", shift["comment"])
    return shift


def cancel(backend, request):
    shift = backend.shift(request)
    shift["status"] = "CANCELED"
    return shift


def get(backend, request):
    identifier = request["resourceIdentifier"]
    balancer = backend.balancer(identifier)
    active = backend.active(identifier)
    away = {shift["awayFrom"] for shift in active}
    configuration = backend.autoshift_configurations.get(identifier, {"zonalAutoshiftStatus": "DISABLED"})
    return {
        "arn": identifier, "name": balancer.name, "autoshifts": [], **configuration,
        "appliedWeights": {zone: 0.0 if zone in away else 1.0 for zone in (s.availability_zone_id for s in balancer.subnets)},
        "zonalShifts": [
            {key: value for key, value in shift.items() if key != "status"} | {"appliedStatus": "APPLIED", "shiftType": "ZONAL_SHIFT"}
            for shift in active],
    }


def list_shifts(backend, request):
    return {"items": [
        shift | {"shiftType": "ZONAL_SHIFT"} for shift in backend.shift_events.values()
        if status_of(shift) == request.get("status", shift["status"])
        and shift["resourceIdentifier"] == request.get("resourceIdentifier", shift["resourceIdentifier"])]}


OPERATIONS = {
    "StartZonalShift": start, "UpdateZonalShift": update, "CancelZonalShift": cancel,
    "GetManagedResource": get, "ListZonalShifts": list_shifts,
}


def respond(name, in_path, query, body, region):
    """(status, headers, body) of a request. None for an operation that is not implemented."""
    if name not in OPERATIONS:
        return None
    given = {key: values[0] for key, values in query.items()}
    backend = zonal_shift_backends[DEFAULT_ACCOUNT_ID][region]
    model = get_service_model(SERVICE)
    try:
        answer = OPERATIONS[name](backend, {**json.loads(body or b"{}"), **given, **in_path})
        return response(model.operation_model(name).http.get("responseCode", 200), answer)
    except Refused as refused:
        code = model.shape_for(refused.code).metadata["error"]["httpStatusCode"]
        return response(code, refused.answer, ("x-amzn-ErrorType", refused.code))


def response(code, answer, *headers):
    return str(code), [("Content-Type", "application/json"), *headers], json.dumps(answer, default=lambda time: time.timestamp()).encode()


class ZonalAutoshiftConfiguration(CloudFormationModel):
    """The resource of CloudFormation. moto finds it among the subclasses of its model."""

    def __init__(self, identifier):
        self.identifier = identifier

    @property
    def physical_resource_id(self):
        return self.identifier

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return "AWS::ARCZonalShift::ZonalAutoshiftConfiguration"

    @classmethod
    def has_cfn_attr(cls, attr):
        return False

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        properties = cloudformation_json["Properties"]
        identifier, status = properties["ResourceIdentifier"], properties.get("ZonalAutoshiftStatus", "DISABLED")
        practice = uncapitalized(properties.get("PracticeRunConfiguration", {}))
        if not practice.get("outcomeAlarms"):
            fail("ValidationError", "A practice run configuration requires an outcome alarm")
        try:
            zonal_shift_backends[account_id][region_name].configure(identifier, practice, status)
        except Refused as refused:  # CloudFormation would begin the stack, and roll it back
            fail("ValidationError", str(refused))
        return cls(identifier)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        identifier = cloudformation_json["Properties"]["ResourceIdentifier"]
        zonal_shift_backends[account_id][region_name].autoshift_configurations.pop(identifier, None)

    def delete(self, account_id, region_name):
        zonal_shift_backends[account_id][region_name].autoshift_configurations.pop(self.identifier, None)

    def is_created(self):
        return True


def uncapitalized(value):
    """Members of CloudFormation are named as those of the API, with a capital first letter."""
    if isinstance(value, list):
        return [uncapitalized(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key[0].lower() + key[1:]: uncapitalized(inner) for key, inner in value.items()}


def apply():
    """Nothing of moto is replaced."""

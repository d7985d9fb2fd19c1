"""KMS."""

import json

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from server.framework import wrap
from server.inventory import provided_by_aws

DEFAULT_ROTATION_DAYS = 365


def requested_key(response):
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]


def apply():
    # moto drops the period of rotation; the provider reads it back.
    @wrap(KmsResponse, "enable_key_rotation")
    def keep_period(original, self):
        answer = original(self)
        requested_key(self).emulator_rotation_days = self._get_param("RotationPeriodInDays") or DEFAULT_ROTATION_DAYS
        return answer

    @wrap(KmsResponse, "get_key_rotation_status")
    def tell_period(original, self):
        status, key = json.loads(original(self)), requested_key(self)
        if status["KeyRotationEnabled"]:
            status["RotationPeriodInDays"] = key.emulator_rotation_days
        return json.dumps({**status, "KeyId": key.arn})

    # moto accepts the ARN of a key in other operations only.
    for operation in ("cancel_key_deletion", "enable_key", "schedule_key_deletion"):
        @wrap(KmsBackend, operation)
        def accept_arn(original, self, key_id, *others):
            return original(self, self.get_key_id(key_id), *others)

    # moto creates alias/aws/<service> at its first use and takes it for a customer's key.
    @wrap(KmsBackend, "_generate_default_keys")
    def mark_managed_key(original, self, alias_name):
        key_id = original(self, alias_name)
        if key_id:
            provided_by_aws(self, "keys", key_id)
        return key_id

"""Secrets Manager."""

import json

from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend

from server.framework import wrap


def apply():
    # moto encrypts every replica with the default key, regardless of the requested one: drift.
    @wrap(FakeSecret, "create_replicas")
    def keep_keys(original, self, replica_regions, force_overwrite):
        replicas = original(self, replica_regions, force_overwrite)
        for replica, requested in zip(replicas, replica_regions):
            replica.config["KmsKeyId"] = requested.get("KmsKeyId") or replica.config["KmsKeyId"]
        return replicas

    # moto does not read the policy of a replica; AWS responds as for any secret.
    @wrap(SecretsManagerBackend, "get_resource_policy")
    def read_policy_of_replica(original, self, secret_id):
        secret = self.secrets[secret_id] if self._is_valid_identifier(secret_id) else None
        if isinstance(secret, ReplicaSecret):
            return json.dumps({"ARN": secret.arn, "Name": secret.name})
        return original(self, secret_id)

"""Users in databases. The emulator has no database, so the function that creates a user in one does not run: instead, the cluster
remembers the user, if the function could connect as the master user and read what it needs."""

import json

from moto.awslambda.models import LambdaFunction
from moto.rds.models import rds_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from server.framework import wrap

CREATES_USER = "function-set-service-user-"
# The domain of the writer endpoint of a global database.
GLOBAL = ".global.rds.amazonaws.com"


class Refused(Exception):
    """The error that the function would end with."""


def apply():
    @wrap(LambdaFunction, "_invoke_lambda")
    def remember_user(original, self, event=None):
        if not self.function_name.startswith(CREATES_USER):
            return original(self, event)
        try:
            answer, failed = set_user(self, event if isinstance(event, dict) else json.loads(event or "{}")), False
        except Refused as reason:
            answer, failed = {"errorType": "Error", "errorMessage": str(reason)}, True
        return json.dumps(answer), failed, ""


def set_user(function, event):
    environment = function.environment_vars
    master = secret_of(function, environment["MASTER_SECRET_ARN"])
    cluster = find_cluster(function, event.get("host") or live_host(function))
    if not cluster.members:
        raise Refused(f"connect ETIMEDOUT {cluster.endpoint}: the cluster has no instance")
    if cluster.replication_source_identifier:
        raise Refused("The cluster of this region is not the writer")
    if getattr(cluster, "_master_user_password", None) not in (None, master["password"]):
        raise Refused(f"password authentication failed for user \"{master['username']}\"")
    password = secret_of(function, environment["USER_SECRET_ARN"])["password"] if "USER_SECRET_ARN" in environment else None
    cluster.emulator_users = {environment["USERNAME"]: {"password": password, "schema_changes": environment["SCHEMA_CHANGES"]}}
    return {"user": environment["USERNAME"], "host": cluster.endpoint}


def secret_of(function, arn):
    found = secretsmanager_backends[function.account_id][function.region].get_secret_value(arn, "", "")
    return json.loads(found["SecretString"])


def live_host(function):
    environment = function.environment_vars
    name = environment.get("HOST_PARAMETER")
    found = ssm_backends[function.account_id][function.region].get_parameters([name]) if name else {}
    value = found[name].value if name in found else environment["HOST"]
    return environment["HOST"] if value.endswith(GLOBAL) else value


def find_cluster(function, host):
    for cluster in rds_backends[function.account_id][function.region].clusters.values():
        if cluster.endpoint == host:
            return cluster
    raise Refused(f"getaddrinfo ENOTFOUND {host}")

"""GET /emu/inventory: every live object of every moto backend, less what AWS itself puts into an account.

/moto-api/data.json is no proof of destruction: it lists every instance ever constructed.
"""

import json
import re

from moto.core.base_backend import AccountSpecificBackend, BackendDict

from server.framework import wrap

# AWS, and moto with it, goes on showing these for a while after they are deleted.
GONE = {"deleted", "DELETED", "INACTIVE", "PendingDeletion"}

# Bookkeeping of moto that outlives the resources: no resources themselves.
BOOKKEEPING = re.compile(
    r"tag|idempotency|events$|resource_map|delegation_sets|metric_data|multi_region_configuration|^emulator_provided$")


def respond():
    return "200 OK", [("Content-Type", "application/json")], json.dumps(inventory(), indent=1).encode()


def inventory():
    """{service/account/region/attribute: [key, ...]}"""
    found = {}
    for services in list(BackendDict._instances):
        for account, regions in list(services.items()):
            for region, backend in list(regions.items()):
                for attribute, keys in _contents(backend).items():
                    if created := sorted(keys - backend.emulator_provided.get(attribute, set())):
                        found[f"{services.service_name}/{account}/{region}/{attribute}"] = created
    return found


def provided_by_aws(backend, attribute, key):
    """Mark an object that AWS itself puts into an account later, at its first use."""
    backend.emulator_provided.setdefault(attribute, set()).add(key)


def _contents(backend):
    return {
        attribute: set(_keys(value))
        for attribute, value in list(vars(backend).items())
        if isinstance(value, (dict, list, set)) and not BOOKKEEPING.search(attribute)
    }


def _keys(container, depth=0):
    if not isinstance(container, dict):
        return [_name(member) for member in container]
    keys = []
    for key, value in list(container.items()):
        if _gone(value):
            continue
        if isinstance(value, (dict, list)) and depth < 2:
            keys += [f"{key}/{inner}" for inner in _keys(value, depth + 1)]
        else:
            keys.append(str(key))
    return keys


def _name(member):
    for attribute in ("id", "name", "arn"):
        if value := getattr(member, attribute, None):
            return str(value)
    return str(member)[:80]


def _gone(value):
    states = (getattr(value, attribute, None) for attribute in ("state", "status", "key_state"))
    return any(isinstance(state, str) and state in GONE for state in states)


def apply():
    # A new backend holds the default VPC, AWS-managed policies and the like: remember them as created by nobody.
    @wrap(AccountSpecificBackend, "__init__")
    def remember_what_aws_provides(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        construct = self.backend

        def construct_and_remember(region, account_id):
            backend = construct(region, account_id=account_id)
            backend.emulator_provided = _contents(backend)
            return backend

        self.backend = construct_and_remember

"""GET /emu/inventory: every live object of every moto backend, less what AWS itself puts into an account.

/moto-api/data.json is no proof of destruction: it lists every instance ever constructed.
"""

import json
import re

from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.utilities.utils import CaseInsensitiveDict

from server.framework import wrap

# AWS, and moto with it, goes on showing these for a while after they are deleted.
GONE = {"deleted", "DELETED", "INACTIVE", "PendingDeletion"}

# Bookkeeping of moto that outlives the resources: no resources themselves.
BOOKKEEPING = re.compile(
    r"tag|idempotency|events$|resource_map|delegation_sets|metric_data|multi_region_configuration"
    r"|message_public_keys|(backup|restore)_jobs$|^operations$|^replays$|^deleted_stacks$|^_pages$|^_pagination_tokens$|^emulator_provided$")

# RDS stores its resources in the second, which is not a dict.
MAPPINGS = (dict, CaseInsensitiveDict)

# Classes of moto whose objects store resources for a backend: functions, layers, rules, metric filters.
HOLDERS = {"EventBus", "LambdaStorage", "LayerStorage", "MetricFilters"}


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
    return {name: set(_keys(value)) for name, value in _attributes(backend) if isinstance(value, (*MAPPINGS, list, set))}


def _attributes(owner):
    for attribute, value in list(vars(owner).items()):
        if BOOKKEEPING.search(attribute):
            continue
        yield attribute, value
        for key, holder in _holders(value):
            yield from ((f"{attribute}{key}.{inner}", held) for inner, held in _attributes(holder))


def _holders(value):
    """(what to add to the attribute's name, holder) of the holder or of the mapping of holders that value is."""
    members = [("", value)]
    if isinstance(value, MAPPINGS):
        members = [(f"/{key}", member) for key, member in list(value.items())]
    return [(key, member) for key, member in members if type(member).__name__ in HOLDERS]


def _keys(container, depth=0):
    if not isinstance(container, MAPPINGS):
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
    for attribute in ("id", "name", "arn", "function_arn"):
        if value := getattr(member, attribute, None):
            return str(value)
    return str(member)[:80]


def _gone(value):
    states = (getattr(value, attribute, None) for attribute in ("state", "status", "key_state"))
    return any(isinstance(state, str) and state in GONE for state in states)


def apply():
    # A new backend contains the default VPC, AWS-managed policies and similar: record them as not created by a client.
    @wrap(AccountSpecificBackend, "__init__")
    def remember_what_aws_provides(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        construct = self.backend

        def construct_and_remember(region, account_id):
            backend = construct(region, account_id=account_id)
            backend.emulator_provided = _contents(backend)
            return backend

        self.backend = construct_and_remember

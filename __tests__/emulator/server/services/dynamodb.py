"""DynamoDB global tables."""

from copy import deepcopy

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from server.framework import wrap

PER_REPLICA = ("KMSMasterKeyId", "TableClassOverride")


def apply():
    # moto ignores ReplicaUpdates, and the provider waits 30 minutes for the replica. Here a replica shares the items.
    @wrap(DynamoHandler, "update_table")
    def update_replicas(original, self):
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        for update in self.body.get("ReplicaUpdates", []):
            if wanted := update.get("Create") or update.get("Update"):
                put_replica(self.current_account, table, wanted)
            if unwanted := update.get("Delete"):
                delete_replica(self.current_account, table, unwanted["RegionName"])
        return original(self)

    # moto's description has no Replicas; the provider polls them.
    @wrap(Table, "describe")
    def describe_replicas(original, self, base_key="TableDescription"):
        description = original(self, base_key)
        others = {region: replica for region, replica in replicas_of(self).items() if region != self.region_name}
        if others:
            description[base_key]["GlobalTableVersion"] = "2019.11.21"
            description[base_key]["Replicas"] = [
                {"RegionName": region, "ReplicaStatus": "ACTIVE", **replica} for region, replica in others.items()]
        return description


def replicas_of(table):
    """{region: settings}, one dictionary that all replicas of a table share."""
    return vars(table).setdefault("emulator_replicas", {})


def put_replica(account, table, wanted):
    replicas, region = replicas_of(table), wanted["RegionName"]
    replicas.setdefault(table.region_name, {})
    replicas[region] = {key: wanted[key] for key in PER_REPLICA if key in wanted}
    backend = dynamodb_backends[account][region]
    if table.name in backend.tables:
        return
    encryption = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": wanted.get("KMSMasterKeyId")}
    replica = backend.create_table(
        table.name, schema=deepcopy(table.schema), attr=deepcopy(table.attr), billing_mode=table.billing_mode,
        streams=deepcopy(table.stream_specification), sse_specification=encryption if table.sse_specification else None,
        throughput=None, indexes=None, global_indexes=None, tags=[], deletion_protection_enabled=False, warm_throughput=None)
    replica.global_indexes, replica.ttl = deepcopy(table.global_indexes), table.ttl
    replica.items, replica.emulator_replicas = table.items, replicas


def delete_replica(account, table, region):
    replicas_of(table).pop(region, None)
    dynamodb_backends[account][region].tables.pop(table.name, None)

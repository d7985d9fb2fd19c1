"""DynamoDB: global tables."""

from copy import deepcopy

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.kms.models import kms_backends

from server.framework import fail, wrap
from server.inventory import provided_by_aws

PER_REPLICA = ("KMSMasterKeyId", "TableClassOverride")


def apply():
    # moto ignores ReplicaUpdates, and the provider waits 30 minutes for the replica. Here a replica shares the items.
    @wrap(DynamoHandler, "update_table")
    def update_replicas(original, self):
        table = self.dynamodb_backend.get_table(self.body["TableName"])
        for update in self.body.get("ReplicaUpdates", []):
            refuse_own_region(table, update)
            if wanted := update.get("Create"):
                create_replica(self.current_account, table, wanted)
            if changed := update.get("Update"):
                update_replica(self.current_account, table, changed)
            if unwanted := update.get("Delete"):
                delete_replica(self.current_account, table, unwanted["RegionName"])
        return original(self)

    # moto's description has no Replicas; the provider polls them, in the region of the table and of the replica.
    @wrap(Table, "describe")
    def describe_replicas(original, self, base_key="TableDescription"):
        description = original(self, base_key)
        others = {region: replica for region, replica in replicas_of(self).items() if region != self.region_name}
        if others:
            description[base_key]["GlobalTableVersion"] = "2019.11.21"
            description[base_key]["Replicas"] = [
                {"RegionName": region, "ReplicaStatus": "ACTIVE", **replica} for region, replica in others.items()]
        return description

    # A deleted table is a replica no more.
    @wrap(DynamoDBBackend, "delete_table")
    def leave_global_table(original, self, name):
        deleted = original(self, name)
        replicas_of(deleted).pop(self.region_name, None)
        return deleted

    # moto appends a changed tag to the old one, and the provider reads either.
    @wrap(DynamoDBBackend, "tag_resource")
    def replace_tags(original, self, table_arn, tags):
        self.untag_resource(table_arn, [tag["Key"] for tag in tags])
        original(self, table_arn, tags)

    # moto creates alias/aws/dynamodb at its first use and takes it for a customer's key.
    @wrap(Table, "_get_default_encryption_key")
    def mark_managed_key(original, self, account_id, region):
        self.emulator_managed_key = original(self, account_id, region)
        provided_by_aws(kms_backends[account_id][region], "keys", self.emulator_managed_key.rsplit("/", 1)[1])
        return self.emulator_managed_key


def replicas_of(table):
    """{region: settings}, one dictionary that all replicas of a table share."""
    return vars(table).setdefault("emulator_replicas", {})


def refuse_own_region(table, update):
    if any(action["RegionName"] == table.region_name for action in update.values()):
        fail("ValidationException",
             "Cannot add, delete, or update the local region through ReplicaUpdates. "
             "Use CreateTable, DeleteTable, or UpdateTable as required.")


def create_replica(account, table, wanted):
    region, backend = wanted["RegionName"], dynamodb_backends[account][wanted["RegionName"]]
    if table.name in backend.tables:
        fail("ValidationException", f"Failed to create a replica: {table.name} already exists in {region}")
    if (table.stream_specification or {}).get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        fail("ValidationException", "Table must have stream enabled with StreamViewType NEW_AND_OLD_IMAGES")
    if ("KMSMasterKeyId" in wanted) != has_customer_key(table):
        fail("ValidationException", "All replicas must be encrypted with the same kind of key")
    replicas = replicas_of(table)
    replicas.setdefault(table.region_name, own_settings(table))
    replicas[region] = {key: wanted[key] for key in PER_REPLICA if key in wanted}
    replica = backend.create_table(
        table.name, schema=deepcopy(table.schema), attr=deepcopy(table.attr), billing_mode=table.billing_mode,
        streams=deepcopy(table.stream_specification), sse_specification=encryption(table, wanted.get("KMSMasterKeyId")),
        throughput=None, indexes=None, global_indexes=None, tags=[], deletion_protection_enabled=False,
        warm_throughput=None)
    replica.global_indexes, replica.indexes = deepcopy(table.global_indexes), deepcopy(table.indexes)
    replica.items, replica.ttl, replica.emulator_replicas = table.items, table.ttl, replicas


def own_settings(table):
    return {"KMSMasterKeyId": table.sse_specification["KMSMasterKeyId"]} if has_customer_key(table) else {}


def has_customer_key(table):
    key = (table.sse_specification or {}).get("KMSMasterKeyId")
    return key is not None and key != getattr(table, "emulator_managed_key", None)


def encryption(table, key):
    if key:
        return {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    return {"Enabled": True, "SSEType": "KMS"} if table.sse_specification else None


def find_replica(account, table, region):
    if region not in replicas_of(table):
        # The provider goes on only after these words.
        fail("ValidationException",
             "Replica specified in the Replica Update or Replica Delete action of the request was not found.")
    return dynamodb_backends[account][region].tables[table.name]


def update_replica(account, table, changed):
    replica = find_replica(account, table, changed["RegionName"])
    replicas_of(table)[changed["RegionName"]].update({key: changed[key] for key in PER_REPLICA if key in changed})
    if "KMSMasterKeyId" in changed:
        replica.sse_specification = encryption(table, changed["KMSMasterKeyId"])


def delete_replica(account, table, region):
    find_replica(account, table, region)
    dynamodb_backends[account][region].delete_table(table.name)

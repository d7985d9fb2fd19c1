"""ElastiCache: replication groups and the cache clusters that are their members."""

from moto.core.responses import ActionResult
from moto.elasticache.responses import ElastiCacheResponse

from server.framework import fail, operation, wrap
from server.services.elasticache_model import (
    ReplicationGroup,
    family_of,
    find_parameter_group,
    find_subnet_group,
    find_user_group,
)


def find(response, request):
    name = request["ReplicationGroupId"]
    if name not in response.elasticache_backend.replication_groups:
        fail("ReplicationGroupNotFoundFault", f"Replication group {name} not found.")
    return response.elasticache_backend.replication_groups[name]


def apply():
    add_groups()
    add_changes()

    # moto has no member clusters; the provider reads half of a replication group's attributes from the first one.
    @wrap(ElastiCacheResponse, "describe_cache_clusters")
    def describe_members(original, self):
        backend, wanted = self.elasticache_backend, self._get_param("CacheClusterId")
        if wanted in backend.cache_clusters:
            return original(self)
        groups = backend.replication_groups.values()
        clusters = [group.describe_cluster(member) for group in groups for member in group.members()]
        if wanted is None:
            return ActionResult({"CacheClusters": clusters + list(backend.cache_clusters.values())})
        found = [cluster for cluster in clusters if cluster["CacheClusterId"] == wanted]
        return ActionResult({"CacheClusters": found}) if found else original(self)


def add_groups():
    # moto's operations support only its own replication groups.
    @operation(ElastiCacheResponse, "CreateReplicationGroup")
    def create(response, request):
        backend, tags = response.elasticache_backend, request.pop("Tags", [])
        if request["ReplicationGroupId"] in backend.replication_groups:
            fail("ReplicationGroupAlreadyExists", f"{request['ReplicationGroupId']} already exists.")
        group = ReplicationGroup(backend, request)
        refuse(group)
        backend.replication_groups[group.name] = group
        backend.tagging_service.tag_resource(group.arn("replicationgroup", group.name), tags)
        for member in group.members():
            backend.tagging_service.tag_resource(group.arn("cluster", member.cluster_id), tags)
        return {"ReplicationGroup": {**group.describe(), "Status": "creating"}}

    @operation(ElastiCacheResponse, "DescribeReplicationGroups")
    def describe(response, request):
        groups = response.elasticache_backend.replication_groups.values()
        wanted = [find(response, request)] if "ReplicationGroupId" in request else groups
        return {"ReplicationGroups": [group.describe() for group in wanted]}

    @operation(ElastiCacheResponse, "DeleteReplicationGroup")
    def delete(response, request):
        group, backend = find(response, request), response.elasticache_backend
        if snapshot := request.get("FinalSnapshotIdentifier"):
            backend.create_snapshot(snapshot, group.name, None, group.parameters.get("KmsKeyId"), [])
        del backend.replication_groups[group.name]
        backend.tagging_service.delete_all_tags_for_resource(group.arn("replicationgroup", group.name))
        for member in group.members():
            backend.tagging_service.delete_all_tags_for_resource(group.arn("cluster", member.cluster_id))
        return {"ReplicationGroup": {**group.describe(), "Status": "deleting"}}


def add_changes():
    # moto has none of these operations.
    @operation(ElastiCacheResponse, "ModifyReplicationGroup")
    def modify(response, request):
        group = find(response, request)
        return change(group, {
            **request, "UserGroupIds": changed_user_groups(group, request),
            "LogDeliveryConfigurations": changed_logs(group, request)})

    @operation(ElastiCacheResponse, "IncreaseReplicaCount", "DecreaseReplicaCount")
    def change_replicas(response, request):
        return change(find(response, request), {"ReplicasPerNodeGroup": request["NewReplicaCount"]})

    @operation(ElastiCacheResponse, "ModifyReplicationGroupShardConfiguration")
    def change_shards(response, request):
        return change(find(response, request), {"NumNodeGroups": request["NodeGroupCount"]})

    # Makes the next node of the shard its primary.
    @operation(ElastiCacheResponse, "TestFailover")
    def fail_over(response, request):
        group, node_group = find(response, request), request["NodeGroupId"]
        if node_group not in group.node_group_ids():
            fail("NodeGroupNotFoundFault", f"Replication group {group.name} has no node group {node_group}.")
        if not group.parameters["AutomaticFailoverEnabled"]:
            fail("InvalidReplicationGroupState", f"Replication group {group.name} has no automatic failover.")
        group.primaries[node_group] = (group.primaries.get(node_group, 0) + 1) % group.nodes_per_group()
        return {"ReplicationGroup": group.describe()}


def change(group, parameters):
    before = group.parameters
    group.parameters = {**before, **parameters}
    try:
        refuse(group)
    except Exception:
        group.parameters = before
        raise
    return {"ReplicationGroup": group.describe()}


def changed_user_groups(group, request):
    removed = request.get("UserGroupIdsToRemove", [])
    kept = [] if request.get("RemoveUserGroups") else group.parameters["UserGroupIds"]
    return [user_group for user_group in kept if user_group not in removed] + request.get("UserGroupIdsToAdd", [])


def changed_logs(group, request):
    deliveries = group.parameters.get("LogDeliveryConfigurations", []) + request.get("LogDeliveryConfigurations", [])
    return list({delivery["LogType"]: delivery for delivery in deliveries}.values())


def refuse(group):
    """Refuse, as AWS does and no plan of Terraform, what cannot be combined and what does not exist."""
    if "CacheSubnetGroupName" in group.parameters:
        find_subnet_group(group.backend, group.parameters["CacheSubnetGroupName"])
    refuse_parameter_group(group)
    refuse_topology(group)
    for user_group in group.parameters["UserGroupIds"]:
        refuse_user_group(group, find_user_group(group.backend, user_group))


def refuse_parameter_group(group):
    name = group.parameters["CacheParameterGroupName"]
    if name.startswith("default."):
        return
    found = find_parameter_group(group.backend, name).cache_parameter_group_family
    expected = family_of(group.parameters)
    if found != expected:
        fail("InvalidParameterCombination",
             f"Expected a parameter group of family {expected} but found one of family {found}")


def refuse_topology(group):
    failover, nodes = group.parameters["AutomaticFailoverEnabled"], group.nodes_per_group()
    if group.clustered and not failover:
        fail("InvalidParameterValue",
             "Redis with cluster mode enabled cannot be created with auto failover turned off.")
    if not group.clustered and len(group.node_group_ids()) > 1:
        fail("InvalidParameterCombination",
             "More than one node group needs a parameter group with cluster mode enabled.")
    if not group.clustered and failover and nodes < 2:
        fail("InvalidParameterCombination",
             "When using automatic failover, there must be at least 2 cache clusters in the replication group.")
    if group.parameters["MultiAZEnabled"] and (not failover or nodes < 2):
        fail("InvalidParameterCombination", "Multi-AZ needs automatic failover and at least one replica.")


def refuse_user_group(group, user_group):
    if not group.parameters["TransitEncryptionEnabled"]:
        fail("InvalidParameterCombination",
             "User group based access control requires encryption-in-transit to be enabled on the replication group.")
    # The other way round is allowed: Valkey takes user groups of both engines.
    if user_group.engine == "valkey" and group.parameters["Engine"] == "redis":
        fail("InvalidParameterCombination",
             f"User group {user_group.user_group_id} of engine valkey cannot be used with redis.")

"""ElastiCache: what moto lacks, with the fields of AWS' responses: parameter groups, user groups, replication groups."""

from collections import namedtuple

from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends

from server.framework import fail, state

DEFAULTS = {
    "AtRestEncryptionEnabled": False, "AutoMinorVersionUpgrade": True, "AutomaticFailoverEnabled": False,
    "Engine": "redis", "IpDiscovery": "ipv4", "MultiAZEnabled": False, "NetworkType": "ipv4", "Port": 6379,
    "PreferredMaintenanceWindow": "sun:05:00-sun:06:00", "SecurityGroupIds": [], "SnapshotRetentionLimit": 0,
    "SnapshotWindow": "03:00-04:00", "TransitEncryptionEnabled": False, "UserGroupIds": [],
}
NEWEST_VERSION = {"redis": "7.1", "valkey": "8.1"}

# Parameters that the descriptions repeat.
IN_BOTH = (
    "AtRestEncryptionEnabled", "AutoMinorVersionUpgrade", "CacheNodeType", "Engine", "IpDiscovery", "NetworkType",
    "ReplicationGroupId", "SnapshotRetentionLimit", "SnapshotWindow", "TransitEncryptionEnabled",
    "TransitEncryptionMode",
)
IN_GROUP = ("KmsKeyId", "UserGroupIds")
IN_CLUSTER = ("CacheSubnetGroupName", "PreferredMaintenanceWindow")

SLOTS = 16384

Member = namedtuple("Member", "cluster_id zone role")


class ParameterGroup:
    """moto has none."""

    def __init__(self, backend, request):
        self.cache_parameter_group_name = request["CacheParameterGroupName"]
        self.cache_parameter_group_family = request["CacheParameterGroupFamily"]
        self.description = request["Description"]
        self.is_global = False
        self.parameters = {}
        name = self.cache_parameter_group_name
        self.arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:parametergroup:{name}"


class UserGroup:
    """moto has none."""

    def __init__(self, backend, request):
        self.backend = backend
        self.user_group_id = request["UserGroupId"]
        self.engine = request["Engine"].lower()
        self.user_ids = request.get("UserIds", [])
        self.status = "active"
        self.minimum_engine_version = "6.0"
        self.arn = f"arn:aws:elasticache:{backend.region_name}:{backend.account_id}:usergroup:{self.user_group_id}"

    @property
    def replication_groups(self):
        groups = self.backend.replication_groups.items()
        return [identifier for identifier, group in groups if self.user_group_id in group.parameters["UserGroupIds"]]


class ReplicationGroup:
    """The parameters of its creation and later changes, from which everything that AWS reports about it is derived.

    moto's has no member clusters, cannot be modified and is never deleted.
    """

    def __init__(self, backend, parameters):
        self.backend = backend
        self.parameters = {**DEFAULTS, **parameters}
        self.parameters.setdefault("EngineVersion", NEWEST_VERSION[self.parameters["Engine"]])
        self.parameters.setdefault("CacheParameterGroupName", self.default_parameter_group())
        self.name = parameters["ReplicationGroupId"]
        self.clustered = is_clustered(backend, self.parameters["CacheParameterGroupName"])
        self.primaries = {}  # {node group: number of its primary, if not the first node}
        self.created = utcnow()

    def default_parameter_group(self):
        clustered = ".cluster.on" if self.parameters.get("ClusterMode") == "enabled" else ""
        return f"default.{family_of(self.parameters)}{clustered}"

    def arn(self, kind, name):
        return f"arn:aws:elasticache:{self.backend.region_name}:{self.backend.account_id}:{kind}:{name}"

    def endpoint(self, prefix):
        host = f"{self.name}.emulator.{self.backend.region_name}.cache.amazonaws.com"
        return {"Address": f"{prefix}.{host}", "Port": self.parameters["Port"]}

    def node_group_ids(self):
        configured = len(self.parameters.get("NodeGroupConfiguration", []))
        return [f"{number + 1:04}" for number in range(self.parameters.get("NumNodeGroups") or configured or 1)]

    def nodes_per_group(self):
        if "ReplicasPerNodeGroup" in self.parameters:
            return self.parameters["ReplicasPerNodeGroup"] + 1
        return self.parameters.get("NumCacheClusters", 1)

    def zones(self):
        if "CacheSubnetGroupName" not in self.parameters:
            return [f"{self.backend.region_name}{letter}" for letter in "abc"]
        subnets = self.backend.cache_subnet_groups[self.parameters["CacheSubnetGroupName"]].subnet_ids
        ec2 = ec2_backends[self.backend.account_id][self.backend.region_name]
        return sorted({ec2.get_subnet(subnet).availability_zone for subnet in subnets})

    def members_of(self, node_group):
        zones, first_zone = self.zones(), int(node_group) - 1
        prefix = f"{self.name}-{node_group}" if self.clustered else self.name
        return [
            Member(f"{prefix}-{node + 1:03}", zones[(first_zone + node) % len(zones)],
                   "primary" if node == self.primaries.get(node_group, 0) else "replica")
            for node in range(self.nodes_per_group())]

    def members(self):
        return [member for node_group in self.node_group_ids() for member in self.members_of(node_group)]

    @property
    def node_groups(self):
        return [self.describe_node_group(node_group) for node_group in self.node_group_ids()]

    def describe_node_group(self, node_group):
        described = {
            "NodeGroupId": node_group, "Status": "available",
            "NodeGroupMembers": [self.describe_node(member) for member in self.members_of(node_group)]}
        if self.clustered:
            width, number = SLOTS // len(self.node_group_ids()), int(node_group)
            last = SLOTS if number == len(self.node_group_ids()) else number * width
            return {**described, "Slots": f"{(number - 1) * width}-{last - 1}"}
        return {**described, "PrimaryEndpoint": self.endpoint("master"), "ReaderEndpoint": self.endpoint("replica")}

    def describe_node(self, member):
        node = {
            "CacheClusterId": member.cluster_id, "CacheNodeId": "0001", "PreferredAvailabilityZone": member.zone}
        if self.clustered:  # AWS does not report the roles
            return node
        return {**node, "CurrentRole": member.role, "ReadEndpoint": self.endpoint(member.cluster_id)}

    def repeat(self, *names):
        return {name: self.parameters[name] for name in names if name in self.parameters}

    def describe(self):
        return {
            **self.repeat(*IN_BOTH, *IN_GROUP),
            "ARN": self.arn("replicationgroup", self.name),
            "AuthTokenEnabled": "AuthToken" in self.parameters,
            "AutomaticFailover": enabled(self.parameters["AutomaticFailoverEnabled"]),
            "ClusterEnabled": self.clustered,
            "ClusterMode": enabled(self.clustered),
            "ConfigurationEndpoint": self.endpoint("clustercfg") if self.clustered else None,
            "DataTiering": enabled(self.parameters.get("DataTieringEnabled")),
            "Description": self.parameters["ReplicationGroupDescription"],
            "LogDeliveryConfigurations": self.log_deliveries(),
            "MemberClusters": [member.cluster_id for member in self.members()],
            "MultiAZ": enabled(self.parameters["MultiAZEnabled"]),
            "NodeGroups": self.node_groups,
            "ReplicationGroupCreateTime": self.created,
            "Status": "available",
        }

    def log_deliveries(self):
        deliveries = self.parameters.get("LogDeliveryConfigurations", [])
        return [{**delivery, "Status": "active"} for delivery in deliveries if delivery.get("Enabled", True)]

    def describe_cluster(self, member):
        topic = self.parameters.get("NotificationTopicArn")
        parameter_group = self.parameters["CacheParameterGroupName"]
        return {
            **self.repeat(*IN_BOTH, *IN_CLUSTER),
            "ARN": self.arn("cluster", member.cluster_id),
            "AuthTokenEnabled": "AuthToken" in self.parameters,
            "CacheClusterId": member.cluster_id,
            "CacheClusterStatus": "available",
            "CacheNodes": [{
                "CacheNodeId": "0001", "CacheNodeStatus": "available", "CustomerAvailabilityZone": member.zone,
                "Endpoint": self.endpoint(member.cluster_id)}],
            "CacheParameterGroup": {"CacheParameterGroupName": parameter_group, "ParameterApplyStatus": "in-sync"},
            "EngineVersion": full_version(self.parameters["EngineVersion"]),
            "NotificationConfiguration": {"TopicArn": topic, "TopicStatus": "active"} if topic else None,
            "NumCacheNodes": 1,
            "PreferredAvailabilityZone": member.zone,
            "SecurityGroups": [
                {"SecurityGroupId": group, "Status": "active"} for group in self.parameters["SecurityGroupIds"]],
        }


def enabled(value):
    return "enabled" if value else "disabled"


def full_version(version):
    return f"{version}.0" if version.count(".") == 1 else version


def family_of(parameters):
    engine, version = parameters["Engine"], parameters["EngineVersion"].split(".")
    if engine == "redis" and version[0] == "6":
        return "redis6.x"
    return engine + (version[0] if int(version[0]) > 6 else ".".join(version[:2]))


def is_clustered(backend, parameter_group):
    if parameter_group.startswith("default."):
        return parameter_group.endswith(".cluster.on")
    return find_parameter_group(backend, parameter_group).parameters.get("cluster-enabled") == "yes"


def parameter_groups(backend):
    return state(backend, "parameter_groups")


def find_parameter_group(backend, name):
    if name not in parameter_groups(backend):
        fail("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    return parameter_groups(backend)[name]


def find_subnet_group(backend, name):
    if name not in backend.cache_subnet_groups:
        fail("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    return backend.cache_subnet_groups[name]


def user_groups(backend):
    return state(backend, "user_groups")


def find_user(backend, user_id):
    if user_id not in backend.users:
        fail("UserNotFound", f"User {user_id} not found.")
    return backend.users[user_id]


def find_user_group(backend, user_group_id):
    if user_group_id not in user_groups(backend):
        fail("UserGroupNotFound", f"User group {user_group_id} not found.")
    return user_groups(backend)[user_group_id]

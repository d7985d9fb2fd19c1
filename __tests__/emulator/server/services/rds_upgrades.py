"""RDS: engine upgrades of clusters and of global databases, and the parameter groups that they need."""

from moto.rds.models import RDSBackend
from moto.rds.responses import RDSResponse

from server.framework import fail, wrap
from server.services.rds import family, find_cluster
from server.services.rds_global_clusters import find, global_clusters


def apply():
    # moto upgrades on every condition, and leaves the instances with a parameter group of the former version.
    @wrap(RDSBackend, "modify_db_cluster")
    def upgrade(original, self, kwargs):
        cluster = find_cluster(self, kwargs["db_cluster_identifier"])
        if cluster.engine.startswith("aurora-"):
            refuse_impossible(self, cluster, kwargs)
        group = kwargs.get("db_instance_parameter_group_name")
        modified = original(self, kwargs)
        for instance in instances_of(self, modified) if group else []:
            instance.db_parameter_group_name = group
        return modified

    # moto has no such operation, and its substitute leaves the members as they are.
    @wrap(RDSResponse, "modify_global_cluster")
    def upgrade_members(original, self):
        request = self.params
        cluster, version = find(self, request), request.get("EngineVersion")
        if version and version != cluster.engine_version:
            refuse_impossible_global(self, cluster, version)
            for member in cluster.members:
                if family(member.engine, version) != family(member.engine, member.engine_version):
                    # "All DB parameter groups are set to the defaults of the new version": ModifyGlobalCluster.
                    member.parameter_group = f"default.{family(member.engine, version)}"
                    for instance in instances_of(member.backend, member):
                        instance.db_parameter_group_name = None
                member.engine_version = version
        return original(self)

    # moto deletes parameter groups that are used.
    @wrap(RDSBackend, "delete_db_cluster_parameter_group")
    def refuse_used(original, self, db_cluster_parameter_group_name):
        name = db_cluster_parameter_group_name
        refuse_members(name, [cluster.db_cluster_identifier for cluster in self.clusters.values() if cluster.parameter_group == name])
        return original(self, name)

    @wrap(RDSBackend, "delete_db_parameter_group")
    def refuse_used_by_instances(original, self, db_parameter_group_name):
        name = db_parameter_group_name
        databases = self.databases.values()
        refuse_members(name, [database.db_instance_identifier for database in databases if database.db_parameter_group_name == name])
        return original(self, name)


def refuse_members(group, members):
    if members:
        fail("InvalidDBParameterGroupState", f"One or more database instances are still members of this parameter group {group}: {members}")


def instances_of(backend, cluster):
    return [instance for instance in backend.databases.values() if instance.db_cluster_identifier == cluster.db_cluster_identifier]


def number_of(version):
    """16.10 is newer than 16.9."""
    return [int(part) for part in version.replace("mysql_aurora.", "").split(".")]


def refuse_impossible(backend, cluster, request):
    version = request.get("engine_version") or cluster.engine_version
    is_major = family(cluster.engine, version) != family(cluster.engine, cluster.engine_version)
    group = request.get("db_instance_parameter_group_name")
    # The provider recognizes this text.
    if group and not is_major:
        fail("InvalidParameterCombination",
             "The parameter db-instance-parameter-group-name can only be specified for a major engine version upgrade.")
    if number_of(version) < number_of(cluster.engine_version):
        fail("InvalidParameterCombination", f"Cannot upgrade {cluster.engine} from {cluster.engine_version} to {version}")
    if version != cluster.engine_version:
        refuse_in_global_database(cluster, version, is_major)
    if is_major:
        refuse_major(backend, cluster, request, version)


def refuse_major(backend, cluster, request, version):
    if not request.get("allow_major_version_upgrade"):
        fail("InvalidParameterCombination",
             "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
    group = request.get("db_instance_parameter_group_name")
    custom = {instance.db_parameter_group_name for instance in instances_of(backend, cluster)} - {None}
    # https://github.com/aws/aws-cdk/issues/26072
    if custom and not group:
        fail("InvalidParameterCombination",
             f"The current DB instance parameter group {sorted(custom)} is custom. You must explicitly specify a new DB instance "
             "parameter group, either default or custom, for the engine version upgrade.")
    if group and not group.startswith("default."):
        found = backend.db_parameter_groups[group].family
        if found != family(cluster.engine, version):
            fail("InvalidParameterCombination", f"The parameter group {group} is of family {found}.")


def refuse_in_global_database(cluster, version, is_major):
    for found in global_clusters(cluster.account_id).values():
        if cluster not in found.members:
            continue
        # https://github.com/hashicorp/terraform-provider-aws/issues/28761
        if is_major:
            fail("InvalidParameterCombination",
                 "Major Version Upgrade isn't supported in a single member of a global cluster. Use ModifyGlobalCluster.")
        # https://github.com/hashicorp/terraform-provider-aws/issues/36107
        behind = [member for member in found.members if not member.is_writer and member.engine_version != version]
        if cluster.is_writer and behind:
            fail("InvalidParameterValue",
                 f"Cannot upgrade DB cluster '{cluster.db_cluster_identifier}' to engine version {version} as global replica(s) "
                 "are running lower version. Please upgrade global replicas first.")


def refuse_impossible_global(response, cluster, version):
    is_major = any(family(member.engine, version) != family(member.engine, member.engine_version) for member in cluster.members)
    # https://github.com/hashicorp/terraform-provider-aws/issues/45398
    if not is_major and any(member.engine == "aurora-mysql" for member in cluster.members):
        fail("InvalidParameterValue",
             "Amazon RDS can't perform minor version upgrades through ModifyGlobalCluster for this database engine.")
    if headless := [member.db_cluster_identifier for member in cluster.members if not instances_of(member.backend, member)]:
        fail("InvalidDBClusterStateFault", f"Cannot modify engine version without a primary instance in DB cluster {headless}")

"""RDS: Aurora global databases."""

import copy

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster, GlobalCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from server.framework import fail, operation, wrap, wrap_property
from server.unreachable import is_unreachable


def global_clusters(account):
    """moto stores them in one region, regardless of the caller's."""
    return rds_backends[account]["us-east-1"].global_clusters


def find(response, request):
    identifier = request["GlobalClusterIdentifier"]
    cluster = global_clusters(response.current_account).get(identifier)
    if cluster is None or not is_known_in(response.region, cluster):
        fail("GlobalClusterNotFoundFault", f"Global cluster {identifier} not found")
    return cluster


def is_known_in(region, cluster):
    """A region returns a global cluster that was created there or has a member there."""
    return region in (cluster.emulator_region, *(member.region for member in cluster.members))


# What a global cluster takes from the cluster that it is created from: {parameter: attribute of that cluster}.
FROM_SOURCE = {
    "DatabaseName": "database_name", "Engine": "engine", "EngineVersion": "engine_version", "StorageEncrypted": "storage_encrypted",
}


def apply():
    correct_global_clusters()
    correct_creation_from_a_cluster()
    correct_members()
    refuse_wrong_order()
    add_role_swaps()

    # The ARN of a global cluster names no region, and moto looks for one.
    @wrap(RDSBackend, "_get_resource_for_tagging")
    def find_global_cluster(original, self, arn):
        if ":global-cluster:" in arn:
            return global_clusters(self.account_id)[arn.rsplit(":", 1)[1]]
        return original(self, arn)


def correct_global_clusters():
    # moto drops the database's name (a replacement for Terraform), the tags and the kind of support.
    @wrap(RDSResponse, "create_global_cluster")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        cluster = answer.result["GlobalCluster"]
        source = self.params.get("SourceDBClusterIdentifier")
        cluster.database_name = find_by_arn(self.current_account, source).database_name if source else self.params.get("DatabaseName")
        cluster.engine_lifecycle_support = self.params.get("EngineLifecycleSupport")
        cluster.tags = self.params.get("Tags") or []
        cluster.emulator_region = self.region
        return answer

    # moto returns every global cluster, regardless of the requested one.
    @operation(RDSResponse, "DescribeGlobalClusters")
    def describe(response, request):
        if request.get("GlobalClusterIdentifier"):
            return {"GlobalClusters": [find(response, request)]}
        clusters = global_clusters(response.current_account).values()
        return {"GlobalClusters": [cluster for cluster in clusters if is_known_in(response.region, cluster)]}

    # moto has no such operation; the provider calls it for every change of a global cluster.
    @operation(RDSResponse, "ModifyGlobalCluster")
    def modify(response, request):
        cluster = find(response, request)
        cluster.deletion_protection = request.get("DeletionProtection", cluster.deletion_protection)
        cluster.engine_version = request.get("EngineVersion", cluster.engine_version)
        return {"GlobalCluster": cluster}


def find_by_arn(account, arn):
    region, identifier = arn.split(":")[3], arn.rsplit(":", 1)[1]
    cluster = rds_backends[account][region].clusters.get(identifier)
    return cluster if cluster else fail("DBClusterNotFoundFault", f"DBCluster {arn} not found")


def correct_creation_from_a_cluster():
    @wrap(RDSResponse, "create_global_cluster")
    def refuse_what_the_source_has(original, self):
        if self.params.get("SourceDBClusterIdentifier"):
            for parameter in FROM_SOURCE:
                if self.params.get(parameter) is not None:
                    fail("InvalidParameterCombination",
                         f"When creating global cluster from existing db cluster, value for {parameter} should not be "
                         "specified since it will be inherited from source cluster")
        return original(self)

    # moto looks for the source in one region only, replaces an existing global cluster, and makes the source no writer.
    @wrap(RDSBackend, "create_global_cluster")
    def create(original, self, global_cluster_identifier, source_db_cluster_identifier, **kwargs):
        if global_cluster_identifier in self.global_clusters:
            fail("GlobalClusterAlreadyExistsFault", f"Global cluster {global_cluster_identifier} already exists")
        if source_db_cluster_identifier is None:
            return original(self, global_cluster_identifier, None, **kwargs)
        source = find_by_arn(self.account_id, source_db_cluster_identifier)
        if any(source in cluster.members for cluster in self.global_clusters.values()):
            fail("InvalidDBClusterStateFault", f"{source_db_cluster_identifier} is a member of a global cluster already.")
        created = original(self, global_cluster_identifier, None, **{
            **kwargs, "engine": source.engine, "engine_version": source.engine_version, "storage_encrypted": source.storage_encrypted,
        })
        created.members.append(source)
        source.is_writer, source.global_cluster_identifier = True, global_cluster_identifier
        return created


def refuse_wrong_order():
    # moto lets a cluster without a user become the first member, and so the writer.
    @wrap(RDSBackend, "create_db_cluster")
    def refuse_first_member_without_user(original, self, kwargs):
        identifier = kwargs.get("global_cluster_identifier")
        cluster = global_clusters(self.account_id).get(identifier) if identifier else None
        if cluster and not cluster.members and not kwargs.get("master_username"):
            fail("InvalidParameterValue", "The parameter MasterUsername must be provided and must not be blank.")
        return original(self, kwargs)

    # moto deletes the writer while it has secondaries, and its last instance.
    # https://github.com/hashicorp/terraform-provider-aws/issues/26236
    @wrap(RDSBackend, "delete_db_cluster")
    def refuse_writer(original, self, cluster_identifier, *args, **kwargs):
        if has_secondaries(self.clusters.get(cluster_identifier)):
            fail("InvalidGlobalClusterStateFault",
                 "Unable to delete cluster that is a primary member of global cluster while there are other global cluster members")
        return original(self, cluster_identifier, *args, **kwargs)

    # https://github.com/rebuy-de/aws-nuke/issues/570
    @wrap(RDSBackend, "delete_db_instance")
    def refuse_last_instance(original, self, db_instance_identifier, *args, **kwargs):
        instance = self.databases.get(db_instance_identifier)
        cluster = self.clusters.get(instance.db_cluster_identifier) if instance else None
        if has_secondaries(cluster) and len(cluster.members) == 1:
            fail("InvalidDBClusterStateFault",
                 "Cannot delete the last instance of the master cluster. "
                 "Delete the replica cluster before deleting the last master cluster instance.")
        return original(self, db_instance_identifier, *args, **kwargs)


def has_secondaries(cluster):
    return cluster is not None and any(
        cluster is writer_of(found) and len(found.members) > 1 for found in global_clusters(cluster.account_id).values())


def correct_members():
    # moto returns nothing about the source of a secondary cluster.
    @wrap(RDSBackend, "create_db_cluster")
    def link(original, self, kwargs):
        created = original(self, kwargs)
        for cluster in global_clusters(self.account_id).values():
            if created in cluster.members:
                link_members(cluster)
        return created

    # moto takes one instance of a secondary cluster for its writer.
    @wrap_property(DBCluster, "db_cluster_members")
    def only_primary_writes(instances, cluster):
        secondary = cluster.replication_source_identifier is not None
        return [{**instance, "IsClusterWriter": instance["IsClusterWriter"] and not secondary} for instance in instances]

    # moto has neither of these states.
    @wrap_property(GlobalCluster, "global_cluster_members")
    def tell_states(answers, cluster):
        for answer, member in zip(answers, cluster.members):
            answer["SynchronizationStatus"] = "pending-resync" if is_unreachable(member.region) else "connected"
            if not member.is_writer and member.global_write_forwarding_requested:
                answer["GlobalWriteForwardingStatus"] = "enabled"
        return answers

    # moto looks for the global cluster and its member in the caller's region only, so that it never gets empty.
    @wrap(RDSResponse, "remove_from_global_cluster")
    def remove_member_of_any_region(original, self):
        return ActionResult({"GlobalCluster": remove_member(self.current_account, self.params.get("DbClusterIdentifier"))})

    @wrap(RDSBackend, "delete_db_cluster")
    def leave_global_cluster(original, self, cluster_identifier, *args, **kwargs):
        deleted = original(self, cluster_identifier, *args, **kwargs)
        for cluster in global_clusters(self.account_id).values():
            if deleted in cluster.members:
                cluster.members.remove(deleted)
                link_members(cluster)
        return deleted


def writer_of(cluster):
    return next((member for member in cluster.members if member.is_writer), None)


def link_members(cluster):
    """Set on every member the cluster that it replicates, or the clusters that replicate it."""
    writer = writer_of(cluster)
    for member in cluster.members:
        member.replication_source_identifier = None if writer in (None, member) else writer.db_cluster_arn
        member.read_replica_identifiers = cluster.readers if member is writer else []


def remove_member(account, member_identifier):
    for cluster in global_clusters(account).values():
        for member in list(cluster.members):
            if member_identifier in (member.db_cluster_arn, member.db_cluster_identifier):
                # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-detaching.html
                if has_secondaries(member):
                    fail("InvalidGlobalClusterStateFault",
                         "Unable to remove cluster that is a primary member of global cluster while there are other global cluster members")
                cluster.members.remove(member)
                link_members(cluster)
                member.global_cluster_identifier = member.replication_source_identifier = None
                # Each cluster alone is one that writes.
                member.is_writer = True
                return cluster
    # The provider recognizes this text, when a member has left since its last refresh.
    return fail("InvalidParameterValue", f"{member_identifier} is not found in global cluster")


def add_role_swaps():
    # moto has neither; both promote another member to the writer.
    @operation(RDSResponse, "SwitchoverGlobalCluster", "FailoverGlobalCluster")
    def swap(response, request):
        cluster, lossy = find(response, request), request.get("AllowDataLoss", False)
        if lossy and request.get("Switchover"):
            fail("InvalidParameterCombination", "AllowDataLoss and Switchover cannot be specified together.")
        target = find_target(cluster, request["TargetDbClusterIdentifier"])
        source = writer_of(cluster)
        refuse_impossible(cluster, source, target, lossy)
        for member in cluster.members:
            member.is_writer = member is target
        link_members(cluster)
        # The response has the state at the beginning.
        begun = copy.copy(cluster)
        begun.status = "failing-over" if lossy else "switching-over"
        begun.failover_state = {
            "Status": "pending", "FromDbClusterArn": source.db_cluster_arn, "ToDbClusterArn": target.db_cluster_arn,
            "IsDataLossAllowed": lossy}
        return {"GlobalCluster": begun}


def find_target(cluster, arn):
    member = next((member for member in cluster.members if member.db_cluster_arn == arn), None)
    if member is None:
        fail("DBClusterNotFoundFault", f"{arn} is no member of {cluster.global_cluster_identifier}")
    return member


def refuse_impossible(cluster, source, target, lossy):
    name = cluster.global_cluster_identifier
    if source is None:
        fail("InvalidGlobalClusterStateFault", f"{name} has no primary cluster.")
    if target is source:
        fail("InvalidGlobalClusterStateFault", f"{target.db_cluster_arn} is the primary cluster of {name} already.")
    if target.status != "available":
        fail("InvalidDBClusterStateFault", f"{target.db_cluster_arn} is not available.")
    lost = [member.region for member in cluster.members if is_unreachable(member.region)]
    if lost and not lossy:
        fail("InvalidGlobalClusterStateFault", f"{name} is not healthy in {lost}: only a failover that allows data loss is possible.")

"""RDS: Aurora clusters and global databases."""

from datetime import datetime

from moto.core.responses import ActionResult
from moto.rds.models import DBCluster, RDSBackend, rds_backends
from moto.rds.responses import RDSResponse

from server.framework import fail, operation, wrap, wrap_property

# Parameters that moto drops and the provider reads back: {parameter: attribute of the answer}.
KEPT = {
    "EngineLifecycleSupport": "engine_lifecycle_support",
    "MonitoringInterval": "monitoring_interval",
    "MonitoringRoleArn": "monitoring_role_arn",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
    "DatabaseInsightsMode": "database_insights_mode",
}

# What AWS answers as AllocatedStorage of an Aurora cluster, whose storage grows by itself.
AURORA_GIB = 1

DEFAULT_CERTIFICATE, INVENTED_CERTIFICATE = "rds-ca-rsa2048-g1", "rds-ca-default"

# The provider crashes on a certificate without an end; this is that of the default one.
CERTIFICATE_VALID_TILL = datetime(2061, 5, 22)

FREE_PERFORMANCE_INSIGHTS_DAYS = 7


def global_clusters(account):
    """moto keeps them in one region, whatever the caller's."""
    return rds_backends[account]["us-east-1"].global_clusters


def apply():
    correct_global_clusters()
    correct_clusters()
    correct_instances()
    correct_event_subscriptions()

    # moto gives no Source; the provider counts only the user's parameters as its own.
    @wrap(RDSResponse, "describe_db_parameters")
    def tell_source(original, self):
        answer = original(self)
        wanted = answer.result["Parameters"] if self.params.get("Source") in (None, "user") else []
        answer.result["Parameters"] = [{"Source": "user", **parameter} for parameter in wanted]
        return answer


def correct_global_clusters():
    # moto has neither; both make another member the writer.
    @operation(RDSResponse, "SwitchoverGlobalCluster", "FailoverGlobalCluster")
    def swap_roles(response, request):
        cluster = global_clusters(response.current_account).get(request["GlobalClusterIdentifier"])
        target = request["TargetDbClusterIdentifier"]
        if cluster is None or target not in [member.db_cluster_arn for member in cluster.members]:
            fail("DBClusterNotFoundFault", f"{target} is no member of {request['GlobalClusterIdentifier']}")
        for member in cluster.members:
            member.is_writer = member.db_cluster_arn == target
        return {"GlobalCluster": cluster}

    # moto drops the database's name (a replacement for Terraform), the tags and the kind of support.
    @wrap(RDSResponse, "create_global_cluster")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        cluster = answer.result["GlobalCluster"]
        cluster.database_name = self.params.get("DatabaseName")
        cluster.engine_lifecycle_support = self.params.get("EngineLifecycleSupport")
        cluster.tags = self.params.get("Tags") or []
        return answer

    # moto has no such operation; the provider calls it for every change of a global cluster.
    @operation(RDSResponse, "ModifyGlobalCluster")
    def modify_global_cluster(response, request):
        identifier = request["GlobalClusterIdentifier"]
        cluster = global_clusters(response.current_account).get(identifier)
        if cluster is None:
            fail("GlobalClusterNotFoundFault", f"Global cluster {identifier} not found")
        cluster.deletion_protection = request.get("DeletionProtection", cluster.deletion_protection)
        cluster.engine_version = request.get("EngineVersion", cluster.engine_version)
        return {"GlobalCluster": cluster}

    # The ARN of a global cluster names no region, and moto looks for one.
    @wrap(RDSBackend, "_get_resource_for_tagging")
    def find_global_cluster(original, self, arn):
        if ":global-cluster:" in arn:
            return global_clusters(self.account_id)[arn.rsplit(":", 1)[1]]
        return original(self, arn)

    # moto looks for the global cluster and its member in the caller's region only, so that it never gets empty.
    @wrap(RDSResponse, "remove_from_global_cluster")
    def remove_member_of_any_region(original, self):
        return ActionResult({"GlobalCluster": remove_member(self.current_account, self.params.get("DbClusterIdentifier"))})

    @wrap(RDSBackend, "delete_db_cluster")
    def leave_global_cluster(original, self, cluster_identifier, *args, **kwargs):
        deleted = original(self, cluster_identifier, *args, **kwargs)
        for cluster in global_clusters(self.account_id).values():
            cluster.members[:] = [member for member in cluster.members if member is not deleted]
        return deleted


def remove_member(account, member_identifier):
    for cluster in global_clusters(account).values():
        for member in list(cluster.members):
            if member_identifier in (member.db_cluster_arn, member.db_cluster_identifier):
                cluster.members.remove(member)
                member.global_cluster_identifier = None
                return cluster
    return fail("DBClusterNotFoundFault", f"{member_identifier} is no member of a global cluster")


def correct_clusters():
    # moto silently replaces an existing cluster of the same name; AWS refuses.
    @wrap(RDSBackend, "create_db_cluster")
    def refuse_duplicate(original, self, kwargs):
        if kwargs["db_cluster_identifier"] in self.clusters:
            fail("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        return original(self, kwargs)

    # moto answers an empty scaling configuration (serverless v1) for provisioned clusters: drift.
    @wrap_property(DBCluster, "scaling_configuration_info")
    def only_serverless(information, cluster):
        return information if cluster.scaling_configuration else None

    # moto drops how a cluster is monitored, its certificate and a change of its log exports: drift.
    @wrap(RDSResponse, "create_db_cluster", "modify_db_cluster")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        # The answer may be a copy of the cluster.
        for cluster in (answer.result["DBCluster"], self.backend.clusters[answer.result["DBCluster"].db_cluster_identifier]):
            keep_parameters(cluster, self.params)
            export_logs(cluster, self.params.get("CloudwatchLogsExportConfiguration") or {})
            if certificate := self.params.get("CACertificateIdentifier"):
                cluster.certificate_details = {"CAIdentifier": certificate, "ValidTill": CERTIFICATE_VALID_TILL}
        return answer

    # moto knows no size for Aurora's own storage types and crashes.
    size_of = DBCluster.default_allocated_storage
    DBCluster.default_allocated_storage = staticmethod(
        lambda engine, storage_type: AURORA_GIB if storage_type.startswith("aurora") else size_of(engine, storage_type))

    # moto leaves the automated snapshots of a deleted cluster behind.
    @wrap(RDSBackend, "delete_db_cluster")
    def delete_automated_snapshots(original, self, cluster_identifier, *args, **kwargs):
        deleted = original(self, cluster_identifier, *args, **kwargs)
        automated = f"rds:{cluster_identifier}-"
        for snapshot in [snapshot for snapshot in self.cluster_snapshots if snapshot.startswith(automated)]:
            del self.cluster_snapshots[snapshot]
        return deleted


def export_logs(cluster, change):
    logs = [log for log in cluster.enabled_cloudwatch_logs_exports if log not in change.get("DisableLogTypes", [])]
    cluster.enabled_cloudwatch_logs_exports = logs + [log for log in change.get("EnableLogTypes", []) if log not in logs]


def correct_instances():
    # moto drops how an instance is monitored, and invents a certificate: the provider would modify and reboot it (150 s).
    @wrap(RDSResponse, "create_db_instance", "modify_db_instance")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        # The answer may be a copy of the instance.
        for instance in (answer.result["DBInstance"], self.backend.databases[answer.result["DBInstance"].db_instance_identifier]):
            keep_parameters(instance, self.params)
            invented = instance.ca_certificate_identifier == INVENTED_CERTIFICATE
            certificate = DEFAULT_CERTIFICATE if invented else instance.ca_certificate_identifier
            instance.ca_certificate_identifier = self.params.get("CACertificateIdentifier", certificate)
        return answer


def keep_parameters(database, parameters):
    for parameter, attribute in KEPT.items():
        if parameters.get(parameter) is not None:
            setattr(database, attribute, parameters[parameter])
    enabled = getattr(database, "performance_insights_enabled", False)
    if enabled and not getattr(database, "performance_insights_retention_period", None):
        database.performance_insights_retention_period = FREE_PERFORMANCE_INSIGHTS_DAYS


def correct_event_subscriptions():
    # moto can only create and delete them; the provider updates them in place.
    @operation(RDSResponse, "ModifyEventSubscription")
    def modify(response, request):
        subscription = find_event_subscription(response, request)
        subscription.sns_topic_arn = request.get("SnsTopicArn", subscription.sns_topic_arn)
        subscription.source_type = request.get("SourceType", subscription.source_type)
        subscription.event_categories = request.get("EventCategories", subscription.event_categories)
        subscription.enabled = request.get("Enabled", subscription.enabled)
        return {"EventSubscription": subscription}

    @operation(RDSResponse, "AddSourceIdentifierToSubscription")
    def add_source(response, request):
        subscription = find_event_subscription(response, request)
        subscription.source_ids = [*subscription.source_ids, request["SourceIdentifier"]]
        return {"EventSubscription": subscription}

    @operation(RDSResponse, "RemoveSourceIdentifierFromSubscription")
    def remove_source(response, request):
        subscription = find_event_subscription(response, request)
        subscription.source_ids = [source for source in subscription.source_ids if source != request["SourceIdentifier"]]
        return {"EventSubscription": subscription}


def find_event_subscription(response, request):
    return next(iter(response.backend.describe_event_subscriptions(request["SubscriptionName"])))

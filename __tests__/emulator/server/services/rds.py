"""RDS: Aurora clusters."""

from datetime import datetime, timedelta
from uuid import uuid4

from moto.core.utils import utcnow
from moto.rds.models import DBCluster, DBInstance, RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from server.framework import fail, in_utc, operation, state, wrap, wrap_property
from server.inventory import provided_by_aws

# Parameters that moto drops and the provider reads back: {parameter: attribute of the response}.
KEPT = {
    "EngineLifecycleSupport": "engine_lifecycle_support",
    "MonitoringInterval": "monitoring_interval",
    "MonitoringRoleArn": "monitoring_role_arn",
    "EnablePerformanceInsights": "performance_insights_enabled",
    "PerformanceInsightsKMSKeyId": "performance_insights_kms_key_id",
    "PerformanceInsightsRetentionPeriod": "performance_insights_retention_period",
    "DatabaseInsightsMode": "database_insights_mode",
}

# What ModifyDBProxy changes: {parameter: attribute of the proxy}.
CHANGEABLE_OF_PROXY = {
    "Auth": "auth",
    "DebugLogging": "debug_logging",
    "IdleClientTimeout": "idle_client_timeout",
    "RequireTLS": "require_tls",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}

# AllocatedStorage that AWS returns for an Aurora cluster, whose storage grows automatically.
AURORA_GIB = 1

DEFAULT_CERTIFICATE, INVENTED_CERTIFICATE = "rds-ca-rsa2048-g1", "rds-ca-default"

# The provider crashes on a certificate without an end; this is that of the default one.
CERTIFICATE_VALID_TILL = datetime(2061, 5, 22)

FREE_PERFORMANCE_INSIGHTS_DAYS = 7


def apply():
    correct_clusters()
    correct_parameter_groups()
    correct_backtrack()
    correct_restore()
    correct_instances()
    correct_proxies()
    correct_event_subscriptions()

    # moto gives no Source; the provider counts only the user's parameters as its own.
    @wrap(RDSResponse, "describe_db_parameters")
    def tell_source(original, self):
        answer = original(self)
        wanted = answer.result["Parameters"] if self.params.get("Source") in (None, "user") else []
        answer.result["Parameters"] = [{"Source": "user", **parameter} for parameter in wanted]
        return answer


def correct_clusters():
    # moto silently replaces an existing cluster of the same name; AWS rejects the request.
    @wrap(RDSBackend, "create_db_cluster")
    def refuse_duplicate(original, self, kwargs):
        if kwargs["db_cluster_identifier"] in self.clusters:
            fail("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        return original(self, kwargs)

    # moto returns an empty scaling configuration (serverless v1) for provisioned clusters: drift.
    @wrap_property(DBCluster, "scaling_configuration_info")
    def only_serverless(information, cluster):
        return information if cluster.scaling_configuration else None

    # moto drops how a cluster is monitored, its certificate and a change of its log exports: drift.
    @wrap(RDSResponse, "create_db_cluster", "modify_db_cluster")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        # The response may be a copy of the cluster.
        for cluster in (answer.result["DBCluster"], self.backend.clusters[answer.result["DBCluster"].db_cluster_identifier]):
            keep_parameters(cluster, self.params)
            export_logs(cluster, self.params.get("CloudwatchLogsExportConfiguration") or {})
            if certificate := self.params.get("CACertificateIdentifier"):
                cluster.certificate_details = {"CAIdentifier": certificate, "ValidTill": CERTIFICATE_VALID_TILL}
        return answer

    # moto has no size for Aurora's storage types and crashes.
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


def correct_parameter_groups():
    # moto lets a cluster use a parameter group of any family, or one that does not exist, and has one default for all.
    @wrap(RDSBackend, "create_db_cluster")
    def refuse_wrong_family_at_creation(original, self, kwargs):
        engine, version = kwargs["engine"], kwargs.get("engine_version")
        if engine.startswith("aurora-") and not kwargs.get("db_cluster_parameter_group_name"):
            kwargs["db_cluster_parameter_group_name"] = f"default.{family(engine, version)}"
        refuse_wrong_family(self, engine, version, kwargs)
        return original(self, kwargs)

    @wrap(RDSBackend, "modify_db_cluster")
    def refuse_wrong_family_at_change(original, self, kwargs):
        cluster = find_cluster(self, kwargs["db_cluster_identifier"])
        refuse_wrong_family(self, cluster.engine, kwargs.get("engine_version") or cluster.engine_version, kwargs)
        return original(self, kwargs)

    # moto creates an instance's default group at its first use, with a family that does not exist; AWS provides it.
    @wrap(DBInstance, "default_db_parameter_group_details")
    def name_default_group(original, self):
        if not self.engine.startswith("aurora-"):
            return original(self)
        return family(self.engine, self.engine_version), f"default.{family(self.engine, self.engine_version)}"

    @wrap(DBInstance, "db_parameter_groups")
    def mark_default_group(original, self):
        groups = original(self)
        for group in groups:
            if group.name.startswith("default."):
                provided_by_aws(self.backend, "db_parameter_groups", group.name)
        return groups


def refuse_wrong_family(backend, engine, version, parameters):
    group = parameters.get("db_cluster_parameter_group_name")
    if group is None or not engine.startswith("aurora-"):
        return
    wanted = family(engine, version)
    if group.startswith("default."):
        found = group.removeprefix("default.")
    elif group in backend.db_cluster_parameter_groups:
        found = backend.db_cluster_parameter_groups[group].db_parameter_group_family
    else:
        fail("DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {group}")
    if found != wanted:
        fail("InvalidParameterCombination",
             f"The parameter group {group} with DBParameterGroupFamily {found} can't be used for this cluster. "
             f"Use a parameter group with DBParameterGroupFamily {wanted}.")


def family(engine, version):
    """aurora-mysql8.0 of 8.0.mysql_aurora.3.10.4, aurora-postgresql14 of 14.22."""
    parts = (version or DBCluster.default_engine_version(engine)).split(".")
    return engine + (".".join(parts[:2]) if engine == "aurora-mysql" else parts[0])


def find_cluster(backend, identifier):
    if identifier not in backend.clusters:
        fail("DBClusterNotFoundFault", f"DBCluster {identifier} not found")
    return backend.clusters[identifier]


def correct_backtrack():
    # moto names another error for other engines, and lets a member of a global database backtrack.
    @wrap(RDSBackend, "create_db_cluster")
    def refuse_unsupported(original, self, kwargs):
        if kwargs.get("backtrack_window"):
            if kwargs["engine"] != "aurora-mysql":
                fail("InvalidParameterCombination", f"Backtrack is not supported for {kwargs['engine']}.")
            if kwargs.get("global_cluster_identifier"):
                fail("InvalidParameterCombination", "Backtrack is not supported for a member of a global database.")
        return original(self, kwargs)

    # moto lets a cluster that was created without backtrack gain it.
    @wrap(RDSBackend, "modify_db_cluster")
    def refuse_late_window(original, self, kwargs):
        if kwargs.get("backtrack_window") and not find_cluster(self, kwargs["db_cluster_identifier"]).backtrack_window:
            fail("InvalidParameterCombination", "Backtrack can only be enabled when a cluster is created.")
        return original(self, kwargs)

    # moto returns only the window.
    DBCluster.earliest_backtrack_time = property(earliest_backtrack_time)
    DBCluster.backtrack_consumed_change_records = property(lambda cluster: 0 if cluster.backtrack_window else None)

    # moto has neither. There is no data to move back: a backtrack completes immediately.
    @operation(RDSResponse, "BacktrackDBCluster")
    def backtrack(response, request):
        cluster = find_cluster(response.backend, request["DBClusterIdentifier"])
        now = utcnow()
        record = {
            "DBClusterIdentifier": cluster.db_cluster_identifier, "BacktrackIdentifier": str(uuid4()),
            "BacktrackTo": backtrack_target(cluster, request, now), "BacktrackedFrom": now,
            "BacktrackRequestCreationTime": now, "Status": "completed",
        }
        state(cluster, "backtracks")[record["BacktrackIdentifier"]] = record
        return {**record, "Status": "pending"}

    @operation(RDSResponse, "DescribeDBClusterBacktracks")
    def describe_backtracks(response, request):
        records = state(find_cluster(response.backend, request["DBClusterIdentifier"]), "backtracks")
        identifier = request.get("BacktrackIdentifier")
        if identifier is None:
            return {"DBClusterBacktracks": list(records.values())}
        if identifier not in records:
            fail("DBClusterBacktrackNotFoundFault", f"Backtrack {identifier} not found")
        return {"DBClusterBacktracks": [records[identifier]]}


def earliest_backtrack_time(cluster):
    if not cluster.backtrack_window:
        return None
    return max(cluster.cluster_create_time, utcnow() - timedelta(seconds=cluster.backtrack_window))


def backtrack_target(cluster, request, now):
    earliest, wanted = cluster.earliest_backtrack_time, in_utc(request["BacktrackTo"])
    if earliest is None:
        fail("InvalidDBClusterStateFault", f"Backtrack is not enabled for {cluster.db_cluster_identifier}.")
    if wanted > now:
        fail("InvalidParameterValue", f"BacktrackTo {wanted} is in the future.")
    if wanted < earliest and not request.get("UseEarliestTimeOnPointInTimeUnavailable"):
        fail("InvalidParameterValue", f"BacktrackTo {wanted} is before the earliest backtrack time, {earliest}.")
    return max(wanted, earliest)


def correct_restore():
    # moto restores to any time, even before the source existed, and copies what AWS leaves at its default: the restored
    # cluster would join the source's global database and be as protected as the source.
    @wrap(RDSBackend, "restore_db_cluster_to_point_in_time")
    def restore(original, self, **parameters):
        source = find_cluster(self, parameters["source_db_cluster_identifier"])
        refuse_unrestorable_time(source, parameters)
        return original(self, **{
            "backtrack_window": 0, "deletion_protection": False, "global_cluster_identifier": None,
            "manage_master_user_password": False, "replication_source_identifier": None, "tags": [],
            "master_user_password": getattr(source, "_master_user_password", "managed by a secret"),
            **parameters,
        })


def refuse_unrestorable_time(source, parameters):
    wanted, latest = parameters.get("restore_to_time"), parameters.get("use_latest_restorable_time")
    if (wanted is None) == (not latest):
        fail("InvalidParameterCombination", "Specify either RestoreToTime or UseLatestRestorableTime.")
    if wanted and not source.earliest_restorable_time <= in_utc(wanted) <= source.latest_restorable_time:
        fail("InvalidRestoreFault",
             f"{source.db_cluster_identifier} cannot be restored to {wanted}, only to a time between "
             f"{source.earliest_restorable_time} and {source.latest_restorable_time}.")


def correct_instances():
    # moto drops how an instance is monitored, and invents a certificate: the provider would modify and reboot it (150 s).
    @wrap(RDSResponse, "create_db_instance", "modify_db_instance")
    def keep_dropped_parameters(original, self):
        answer = original(self)
        # The response may be a copy of the instance.
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


class ProxyEndpoint(RDSBaseModel):
    """An additional endpoint of a proxy; its attributes are the fields of the responses."""

    resource_type = "db-proxy-endpoint"
    status, is_default, endpoint_network_type = "available", False, "IPV4"

    def __init__(self, backend, proxy, request):
        super().__init__(backend)
        self.identifier = f"prx-endpoint-{uuid4().hex[:17]}"
        self.db_proxy_name = proxy.db_proxy_name
        self.db_proxy_endpoint_name = request["DBProxyEndpointName"]
        self.target_role = request.get("TargetRole", "READ_WRITE")
        self.vpc_id = proxy.vpc_id
        self.vpc_subnet_ids = request["VpcSubnetIds"]
        self.vpc_security_group_ids = request.get("VpcSecurityGroupIds") or proxy.vpc_security_group_ids
        self.created_date = self.created
        self.tags = request.get("Tags")

    @property
    def resource_id(self):
        return self.identifier

    @property
    def db_proxy_endpoint_arn(self):
        return self.arn

    @property
    def endpoint(self):
        return f"{self.db_proxy_endpoint_name}.endpoint.proxy-{self.identifier[-12:]}.{self.region}.rds.amazonaws.com"


def proxy_endpoints(backend):
    return state(backend, "proxy_endpoints")


def find_proxy(backend, name):
    if name not in backend.db_proxies:
        fail("DBProxyNotFoundFault", f"DBProxy {name} not found")
    return backend.db_proxies[name]


def find_proxy_endpoint(backend, name):
    if name not in proxy_endpoints(backend):
        fail("DBProxyEndpointNotFoundFault", f"DBProxyEndpoint {name} not found")
    return proxy_endpoints(backend)[name]


def correct_proxies():
    # moto gives every target PostgreSQL's port, and crashes on a cluster that does not exist.
    @wrap(RDSBackend, "register_db_proxy_targets")
    def register_targets(original, self, db_proxy_name, target_group_name, db_cluster_identifiers, *args, **kwargs):
        clusters = [find_cluster(self, identifier) for identifier in db_cluster_identifiers]
        targets = original(self, db_proxy_name, target_group_name, db_cluster_identifiers, *args, **kwargs)
        for target, cluster in zip(targets, clusters):
            target.port = cluster.port
        return targets

    # moto can only create and delete a proxy; the provider updates it in place.
    @operation(RDSResponse, "ModifyDBProxy")
    def modify_proxy(response, request):
        proxy = find_proxy(response.backend, request["DBProxyName"])
        for parameter, attribute in CHANGEABLE_OF_PROXY.items():
            setattr(proxy, attribute, request.get(parameter, getattr(proxy, attribute)))
        return {"DBProxy": proxy}

    @wrap(RDSBackend, "delete_db_proxy")
    def delete_endpoints_too(original, self, proxy_name):
        find_proxy(self, proxy_name)
        for name, endpoint in list(proxy_endpoints(self).items()):
            if endpoint.db_proxy_name == proxy_name:
                del proxy_endpoints(self)[name]
        return original(self, proxy_name)

    # moto has no endpoints of proxies; readers get theirs through one.
    @operation(RDSResponse, "CreateDBProxyEndpoint")
    def create_endpoint(response, request):
        name, proxy = request["DBProxyEndpointName"], find_proxy(response.backend, request["DBProxyName"])
        if name in proxy_endpoints(response.backend):
            fail("DBProxyEndpointAlreadyExistsFault", f"DBProxyEndpoint {name} already exists")
        endpoint = proxy_endpoints(response.backend)[name] = ProxyEndpoint(response.backend, proxy, request)
        return {"DBProxyEndpoint": endpoint}

    @operation(RDSResponse, "DescribeDBProxyEndpoints")
    def describe_endpoints(response, request):
        proxy, name = request.get("DBProxyName"), request.get("DBProxyEndpointName")
        endpoints = list(proxy_endpoints(response.backend).values())
        if name:
            endpoints = [find_proxy_endpoint(response.backend, name)]
        return {"DBProxyEndpoints": [endpoint for endpoint in endpoints if proxy in (None, endpoint.db_proxy_name)]}

    @operation(RDSResponse, "ModifyDBProxyEndpoint")
    def modify_endpoint(response, request):
        endpoint = find_proxy_endpoint(response.backend, request["DBProxyEndpointName"])
        endpoint.vpc_security_group_ids = request.get("VpcSecurityGroupIds", endpoint.vpc_security_group_ids)
        if name := request.get("NewDBProxyEndpointName"):
            del proxy_endpoints(response.backend)[endpoint.db_proxy_endpoint_name]
            endpoint.db_proxy_endpoint_name = name
            proxy_endpoints(response.backend)[name] = endpoint
        return {"DBProxyEndpoint": endpoint}

    @operation(RDSResponse, "DeleteDBProxyEndpoint")
    def delete_endpoint(response, request):
        endpoint = find_proxy_endpoint(response.backend, request["DBProxyEndpointName"])
        return {"DBProxyEndpoint": proxy_endpoints(response.backend).pop(endpoint.db_proxy_endpoint_name)}

    @wrap(RDSBackend, "_get_resource_for_tagging")
    def find_tagged_endpoint(original, self, arn):
        if ":db-proxy-endpoint:" in arn:
            return next((endpoint for endpoint in proxy_endpoints(self).values() if endpoint.arn == arn), None)
        return original(self, arn)


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

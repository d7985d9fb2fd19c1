"""AWS Backup: backup jobs, recovery points and restore jobs. A job completes immediately, and copies no data."""

import json
from uuid import uuid4

from moto.backup.models import BackupBackend, Vault
from moto.core.utils import utcnow
from moto.rds.models import rds_backends

from server.framework import fail, in_utc, state, wrap
from server.services.backup import backup_operation, find, find_vault

# {service and kind in a resource's ARN: what AWS Backup calls it}
RESOURCE_TYPES = {
    "dynamodb:table": "DynamoDB",
    "ec2:volume": "EBS",
    "elasticfilesystem:file-system": "EFS",
    "rds:cluster": "Aurora",
    "rds:db": "RDS",
    "s3:": "S3",
}

# {parameter of a list operation: the field of a job or recovery point that must be the same}
FILTERS = {
    "ByBackupVaultName": "BackupVaultName",
    "ByResourceArn": "ResourceArn",
    "ByResourceType": "ResourceType",
    "ByState": "State",
    "ByStatus": "Status",
}


class Record:
    """A backup job, a recovery point or a restore job, with the fields of its responses. moto has none."""

    def __init__(self, backend, **answer):
        now = utcnow()
        self.answer = {"AccountId": backend.account_id, "CreationDate": now, "CompletionDate": now, **answer}


def backup_jobs(backend):
    return state(backend, "backup_jobs")


def recovery_points(backend):
    return state(backend, "recovery_points")


def restore_jobs(backend):
    return state(backend, "restore_jobs")


def type_of(resource_arn):
    _, _, service, _, _, resource = resource_arn.split(":", 5)
    kind = "" if service == "s3" else resource.replace("/", ":").split(":")[0]
    if f"{service}:{kind}" not in RESOURCE_TYPES:
        fail("InvalidParameterValueException", f"Unsupported resource type: {resource_arn}")
    return RESOURCE_TYPES[f"{service}:{kind}"]


def matching(records, request):
    """The records that a list operation requests."""
    answers = [record.answer for record in records.values()]
    for parameter, field in FILTERS.items():
        if parameter in request:
            answers = [answer for answer in answers if answer.get(field) == request[parameter]]
    if after := request.get("ByCreatedAfter"):
        answers = [answer for answer in answers if answer["CreationDate"] > in_utc(after)]
    if before := request.get("ByCreatedBefore"):
        answers = [answer for answer in answers if answer["CreationDate"] < in_utc(before)]
    return answers


def apply():
    add_backup_jobs()
    add_recovery_points()
    add_restore_jobs()

    # moto stores the number under another name, and returns none.
    Vault.number_of_recovery_points = property(lambda vault: vault.num_of_recovery_points)

    # moto deletes vaults with all that is in them.
    @wrap(BackupBackend, "delete_backup_vault")
    def refuse_full(original, self, backup_vault_name):
        if points_in(self, backup_vault_name):
            fail("InvalidRequestException",
                 f"Backup vault {backup_vault_name} cannot be deleted as it contains recovery points.")
        original(self, backup_vault_name)


def points_in(backend, vault_name):
    """{ARN: recovery point}"""
    points = recovery_points(backend).items()
    return {arn: point for arn, point in points if point.answer["BackupVaultName"] == vault_name}


def add_backup_jobs():
    @backup_operation("StartBackupJob")
    def start(response, request):
        backend, vault = response.backup_backend, find_vault(response, request)
        resource, job_id = request["ResourceArn"], str(uuid4())
        arn = f"arn:aws:backup:{backend.region_name}:{backend.account_id}:recovery-point:{uuid4()}"
        common = {
            "BackupVaultArn": vault.backup_vault_arn, "BackupVaultName": vault.backup_vault_name,
            "EncryptionKeyArn": vault.encryption_key_arn, "IamRoleArn": request["IamRoleArn"], "IsEncrypted": True,
            "RecoveryPointArn": arn, "ResourceArn": resource, "ResourceType": type_of(resource)}
        point = recovery_points(backend)[arn] = Record(
            backend, **common, Status="COMPLETED", Lifecycle=request.get("Lifecycle"), StorageClass="WARM")
        job = backup_jobs(backend)[job_id] = Record(
            backend, **common, BackupJobId=job_id, State="COMPLETED", PercentDone="100.0")
        point.metadata = restore_metadata(backend, resource)
        vault.num_of_recovery_points += 1
        backend.tag_resource(arn, request.get("RecoveryPointTags") or {})
        return job.answer

    @backup_operation("DescribeBackupJob")
    def describe(response, request):
        return find(backup_jobs(response.backup_backend), request["BackupJobId"], "Backup job").answer

    @backup_operation("ListBackupJobs")
    def list_jobs(response, request):
        return {"BackupJobs": matching(backup_jobs(response.backup_backend), request)}


def restore_metadata(backend, resource_arn):
    """The restore metadata of the resource; only for Aurora clusters, whose restores are tested."""
    cluster = rds_backends[backend.account_id][backend.region_name].clusters.get(resource_arn.rsplit(":", 1)[1])
    if type_of(resource_arn) != "Aurora" or cluster is None:
        return {}
    return {
        "AvailabilityZones": json.dumps(cluster.availability_zones), "DBClusterIdentifier": cluster.db_cluster_identifier,
        "DBSubnetGroupName": cluster.db_subnet_group_name, "Engine": cluster.engine,
        "EngineMode": cluster.engine_mode, "EngineVersion": cluster.engine_version, "KmsKeyId": cluster.kms_key_id,
        "Port": str(cluster.port)}


def add_recovery_points():
    @backup_operation("ListRecoveryPointsByBackupVault")
    def list_points(response, request):
        vault = find_vault(response, request)
        return {"RecoveryPoints": matching(points_in(response.backup_backend, vault.backup_vault_name), request)}

    @backup_operation("DescribeRecoveryPoint")
    def describe(response, request):
        return find_point(response, request).answer

    @backup_operation("GetRecoveryPointRestoreMetadata")
    def get_metadata(response, request):
        point = find_point(response, request)
        return {**point.answer, "RestoreMetadata": point.metadata}

    @backup_operation("DeleteRecoveryPoint")
    def delete(response, request):
        find_point(response, request)
        find_vault(response, request).num_of_recovery_points -= 1
        del recovery_points(response.backup_backend)[request["RecoveryPointArn"]]


def find_point(response, request):
    vault = find_vault(response, request)
    return find(points_in(response.backup_backend, vault.backup_vault_name), request["RecoveryPointArn"], "Recovery point")


def add_restore_jobs():
    @backup_operation("StartRestoreJob")
    def start(response, request):
        backend, job_id = response.backup_backend, str(uuid4())
        point = find(recovery_points(backend), request["RecoveryPointArn"], "Recovery point").answer
        restore_jobs(backend)[job_id] = Record(
            backend, RestoreJobId=job_id, Status="COMPLETED", PercentDone="100.00%", IamRoleArn=request.get("IamRoleArn"),
            BackupVaultArn=point["BackupVaultArn"], RecoveryPointArn=point["RecoveryPointArn"],
            RecoveryPointCreationDate=point["CreationDate"], ResourceType=point["ResourceType"],
            SourceResourceArn=point["ResourceArn"])
        return {"RestoreJobId": job_id}

    @backup_operation("DescribeRestoreJob")
    def describe(response, request):
        return find(restore_jobs(response.backup_backend), request["RestoreJobId"], "Restore job").answer

    @backup_operation("ListRestoreJobs")
    def list_jobs(response, request):
        jobs, plan = matching(restore_jobs(response.backup_backend), request), request.get("ByRestoreTestingPlanArn")
        return {"RestoreJobs": [
            job for job in jobs if plan in (None, job.get("CreatedBy", {}).get("RestoreTestingPlanArn"))]}

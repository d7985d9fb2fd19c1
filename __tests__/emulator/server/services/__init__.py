"""The corrections of moto 5.2.1 that AWS provider 5.100.0 needs, one module per AWS service."""

from server.services import (
    application_autoscaling,
    arc_zonal_shift,
    awslambda,
    backup,
    backup_recovery_points,
    cloudwatch,
    database_users,
    dynamodb,
    ec2,
    ec2_dependencies,
    ecs,
    elasticache,
    elasticache_replication_groups,
    elasticache_users,
    elbv2,
    event_targets,
    events,
    kms,
    lambda_invocations,
    logs,
    rds,
    rds_global_clusters,
    rds_upgrades,
    resourcegroupstaggingapi,
    route53,
    s3,
    secretsmanager,
    servicediscovery,
    servicequotas,
    sns,
    sqs,
    stepfunctions,
    synthetics,
)

SERVICES = (
    application_autoscaling, arc_zonal_shift, awslambda, backup, backup_recovery_points, cloudwatch, database_users, dynamodb, ec2,
    ec2_dependencies, ecs, elasticache, elasticache_replication_groups, elasticache_users, elbv2, event_targets, events, kms, lambda_invocations, logs,
    rds, rds_global_clusters, rds_upgrades, resourcegroupstaggingapi, route53, s3, secretsmanager, servicediscovery, servicequotas, sns, sqs,
    stepfunctions, synthetics,
)


def apply():
    for service in SERVICES:
        service.apply()

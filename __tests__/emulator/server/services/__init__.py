"""The corrections of moto 5.2.1 that AWS provider 5.100.0 needs, one module per AWS service."""

from server.services import (
    application_autoscaling,
    cloudwatch,
    ec2,
    ecs,
    kms,
    rds,
    route53,
    s3,
    secretsmanager,
)

SERVICES = (application_autoscaling, cloudwatch, ec2, ecs, kms, rds, route53, s3, secretsmanager)


def apply():
    for service in SERVICES:
        service.apply()

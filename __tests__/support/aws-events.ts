import { EVENT_SOURCES, type ServiceEvents, type ValidationEvents } from "../../config/platform-events";

/** An event as EventBridge delivers it. */
export interface PlatformEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/*
 * Samples of AWS, with the names of the platform that the tests synthesize: account 123456789012, suffix test-1, region
 * us-east-1. What no pattern could look at is shortened.
 */
const arnOf = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const CLUSTER = "ecs-test-1";
const TASK = arnOf("ecs", `task/${CLUSTER}/a1173316d40a45dea9`);
const VAULT = arnOf("backup", "backup-vault:vault-test-1");

export const CERTIFICATE = arnOf("acm", "certificate/12345678-1234-1234-1234-123456789012");

function event(source: string, detailType: string, resources: readonly string[], detail: object): PlatformEvent {
  return {
    version: "0",
    id: "105f6bb1-4da6-c630-4965-35383018cbca",
    "detail-type": detailType,
    source,
    account: "123456789012",
    time: "2026-11-21T11:02:34Z",
    region: "us-east-1",
    resources,
    detail: { ...detail },
  };
}

/**
 * A task of a service that has ended by itself. Before this event come others of the same task, with other states.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function taskStopped(service: string): PlatformEvent {
  return event("aws.ecs", "ECS Task State Change", [TASK], {
    attachments: [{ id: "fe3a9a46-6a47-40ee-afd9-7952ae90a75a", type: "eni", status: "DELETED", details: [] }],
    availabilityZone: "us-east-1b",
    capacityProviderName: "FARGATE",
    clusterArn: arnOf("ecs", `cluster/${CLUSTER}`),
    containers: [
      {
        containerArn: arnOf("ecs", `container/${CLUSTER}/a1173316d40a45dea9/a0a99b87-baa8-4bf6-b9f1-a9a95917a635`),
        exitCode: 137,
        lastStatus: "STOPPED",
        name: "payments",
        taskArn: TASK,
      },
    ],
    cpu: "1024",
    createdAt: "2026-11-21T09:02:13.877Z",
    desiredStatus: "STOPPED",
    group: `service:${service}`,
    launchType: "FARGATE",
    lastStatus: "STOPPED",
    memory: "2048",
    startedBy: "ecs-svc/1234567890123456789",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    stoppedAt: "2026-11-21T11:02:34.325Z",
    stoppingAt: "2026-11-21T11:02:04.795Z",
    taskArn: TASK,
    taskDefinitionArn: arnOf("ecs", "task-definition/task-test-1:5"),
    version: 9,
  });
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function zoneImpaired(zone: string): PlatformEvent {
  const alarmName = `composite-zone-${zone}-impaired-test-1`;
  return event("aws.cloudwatch", "CloudWatch Alarm State Change", [arnOf("cloudwatch", `alarm:${alarmName}`)], {
    alarmName,
    configuration: { alarmRule: `(ALARM("alarm-zone-errors-${zone}-test-1"))`, actionsEnabled: true },
    state: { value: "ALARM", reason: `${arnOf("cloudwatch", `alarm:alarm-zone-errors-${zone}-test-1`)} transitioned to ALARM` },
    previousState: { value: "OK" },
  });
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
export function placementFailed(service: string): PlatformEvent {
  return event("aws.ecs", "ECS Service Action", [arnOf("ecs", `service/${CLUSTER}/${service}`)], {
    eventType: "ERROR",
    eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
    clusterArn: arnOf("ecs", `cluster/${CLUSTER}`),
    capacityProviderArns: [arnOf("ecs", "capacity-provider/FARGATE_SPOT")],
    reason: "RESOURCE:FARGATE",
    createdAt: "2026-11-06T19:09:33.087Z",
  });
}

/**
 * Events of deployments name no cluster in their detail.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function deploymentFailed(service: string): PlatformEvent {
  return event("aws.ecs", "ECS Deployment State Change", [arnOf("ecs", `service/${CLUSTER}/${service}`)], {
    eventType: "ERROR",
    eventName: "SERVICE_DEPLOYMENT_FAILED",
    deploymentId: "ecs-svc/123",
    updatedAt: "2026-11-21T11:11:11Z",
    reason: "ECS deployment circuit breaker: task failed to start.",
  });
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export function deploymentCompleted(service: string): PlatformEvent {
  return event("aws.ecs", "ECS Deployment State Change", [arnOf("ecs", `service/${CLUSTER}/${service}`)], {
    eventType: "INFO",
    eventName: "SERVICE_DEPLOYMENT_COMPLETED",
    deploymentId: "ecs-svc/123",
    updatedAt: "2026-11-21T11:11:11Z",
    reason: "ECS deployment deploymentID completed.",
  });
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html */
export function backupFailed(): PlatformEvent {
  return event("aws.backup", "Backup Job State Change", [], {
    backupJobId: "34176239-e96d-4e1d-9fad-529dbb3c3556",
    backupVaultArn: VAULT,
    backupVaultName: "vault-test-1",
    bytesTransferred: "0",
    creationDate: "2026-11-21T20:13:07.392Z",
    iamRoleArn: "arn:aws:iam::123456789012:role/role-backup-test-1-us-east-1",
    resourceArn: arnOf("rds", "cluster:aurora-test-1-us-east-1"),
    resourceType: "Aurora",
    state: "FAILED",
    statusMessage: "Backup job failed because there was an error.",
    startBy: "2026-11-22T04:13:07.392Z",
    percentDone: 0,
    retryCount: 3,
  });
}

/** @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html#copy-job-state-change-failed */
export function copyFailed(): PlatformEvent {
  return event("aws.backup", "Copy Job State Change", [arnOf("rds", "cluster-snapshot:awsbackup:job-1")], {
    copyJobId: "47C8EF56-74D8-059D-1301-C5BE1D5C926E",
    backupSizeInBytes: 22548578304,
    creationDate: "2026-11-21T20:36:13.239Z",
    iamRoleArn: "arn:aws:iam::123456789012:role/role-backup-test-1-us-east-1",
    resourceArn: arnOf("rds", "cluster:aurora-test-1-us-east-1"),
    resourceType: "Aurora",
    sourceBackupVaultArn: VAULT,
    state: "FAILED",
    statusMessage: "Access denied exception while trying to list tags",
    completionDate: "2026-11-21T20:37:28.704Z",
    destinationBackupVaultArn: "arn:aws:backup:us-west-2:123456789012:backup-vault:vault-test-1",
    destinationRecoveryPointArn: {},
  });
}

export const RESTORE_TESTING_PLAN = arnOf("backup", "restore-testing-plan:restore_testing_test_1-12345678-1234-1234-1234-123456789012");

/**
 * Restore jobs have a status where others have a state. Those of a plan name it.
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html#restore-job-state-change-failed
 */
export function restoreFailed(): PlatformEvent {
  return event("aws.backup", "Restore Job State Change", [arnOf("rds", "cluster-snapshot:awsbackup:job-1")], {
    restoreJobId: "1B234A56-789B-01CD-2A34-4567A08901FD",
    backupSizeInBytes: "22548578304",
    creationDate: "2026-11-21T20:19:07.303Z",
    iamRoleArn: "arn:aws:iam::123456789012:role/role-restore-testing-test-1-us-east-1",
    percentDone: 0,
    resourceType: "Aurora",
    restoreTestingPlanArn: RESTORE_TESTING_PLAN,
    status: "FAILED",
    statusMessage: "The specified subnet group does not exist.",
  });
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function executionFailed(purpose: string): PlatformEvent {
  const execution = arnOf("states", `execution:runbook-${purpose}-test-1:execution-name`);
  return event("aws.states", "Step Functions Execution Status Change", [execution], {
    executionArn: execution,
    stateMachineArn: arnOf("states", `stateMachine:runbook-${purpose}-test-1`),
    name: "execution-name",
    status: "FAILED",
    startDate: 1551225146847,
    stopDate: 1551225151881,
    input: "{}",
    inputDetails: { included: true },
    output: null,
    outputDetails: null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: "REDRIVABLE",
    redriveStatusReason: "Execution is FAILED and is redrivable",
    error: "ErrorCode",
    cause: "An error occurred.",
  });
}

/**
 * The region of the fault is in the detail; the event itself names the region in which it was delivered.
 * @see https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
 */
export function healthIssue(): PlatformEvent {
  return event("aws.health", "AWS Health Event", [], {
    eventArn: "arn:aws:health:us-east-1::event/AWS_ELASTICLOADBALANCING_API_ISSUE_90353408594353980",
    service: "ELASTICLOADBALANCING",
    eventTypeCode: "AWS_ELASTICLOADBALANCING_API_ISSUE",
    eventTypeCategory: "issue",
    eventScopeCode: "ACCOUNT_SPECIFIC",
    communicationId: "01b0993207d81a09dcd552ebd1e633e36cf1f09a-1",
    startTime: "Sat, 21 Nov 2026 05:01:10 GMT",
    endTime: "Sat, 21 Nov 2026 05:30:57 GMT",
    statusCode: "open",
    eventRegion: "us-east-1",
    eventDescription: [{ language: "en_US", latestDescription: "A description of the event will be provided here" }],
    page: "1",
    totalPages: "1",
    backupEvent: "false",
    affectedAccount: "123456789012",
  });
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-cloudwatch-events.sample.html */
export function databaseFailedOver(): PlatformEvent {
  const cluster = "aurora-test-1-us-east-1";
  return event("aws.rds", "RDS DB Cluster Event", [arnOf("rds", `cluster:${cluster}`)], {
    EventCategories: ["failover"],
    SourceType: "CLUSTER",
    SourceArn: arnOf("rds", `cluster:${cluster}`),
    Date: "2026-11-21T11:02:34.882Z",
    Message: "Completed failover to DB instance: aurora-us-east-1b-test-1",
    SourceIdentifier: `rds:${cluster}`,
    EventID: "RDS-EVENT-0071",
  });
}

/** @see https://docs.aws.amazon.com/acm/latest/userguide/supported-events.html */
export function certificateExpired(): PlatformEvent {
  return event("aws.acm", "ACM Certificate Expired", [CERTIFICATE], { CommonName: "example.com" });
}

/** An event that the service puts on the platform's own bus. */
export function fromService<Kind extends keyof ServiceEvents>(kind: Kind, detail: ServiceEvents[Kind]): PlatformEvent {
  return event(EVENT_SOURCES.service, kind, [], detail);
}

/** An answer that the validation puts there. */
export function fromValidation<Kind extends keyof ValidationEvents>(kind: Kind, detail: ValidationEvents[Kind]): PlatformEvent {
  return event(EVENT_SOURCES.validation, kind, [], detail);
}

/**
 * A call of ECS Exec, as CloudTrail reports it.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/logging-using-cloudtrail.html
 */
export function execSession(): PlatformEvent {
  return event("aws.ecs", "AWS API Call via CloudTrail", [], {
    eventVersion: "1.08",
    userIdentity: { type: "AssumedRole", arn: "arn:aws:sts::123456789012:assumed-role/break-glass/anna" },
    eventTime: "2026-11-21T11:02:34Z",
    eventSource: "ecs.amazonaws.com",
    eventName: "ExecuteCommand",
    awsRegion: "us-east-1",
    sourceIPAddress: "203.0.113.7",
    requestParameters: { cluster: CLUSTER, container: "payments", command: "sh", interactive: true, task: TASK },
    eventType: "AwsApiCall",
  });
}

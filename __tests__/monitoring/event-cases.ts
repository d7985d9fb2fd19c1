import {
  backupFailed,
  certificateExpired,
  copyFailed,
  databaseFailedOver,
  deploymentCompleted,
  deploymentFailed,
  execSession,
  executionFailed,
  fromService,
  fromValidation,
  healthIssue,
  placementFailed,
  type PlatformEvent,
  RESTORE_TESTING_PLAN,
  restoreFailed,
  taskStopped,
  zoneImpaired,
} from "../support/aws-events";

/** The differences of an event from the sample; `undefined` removes a part of the detail. */
type Change = Partial<Omit<PlatformEvent, "detail">> & { readonly detail?: Readonly<Record<string, unknown>> };

export interface EventCase {
  /** An event that the rule must match. */
  readonly sample: PlatformEvent;
  /** Other events for the rule, by their meaning. */
  readonly matching?: Readonly<Record<string, Change>>;
  /** Similar events that the rule must not match. */
  readonly nonMatching: Readonly<Record<string, Change>>;
}

export function changed({ sample }: EventCase, { detail, ...others }: Change): PlatformEvent {
  const event = { ...sample, ...others, detail: { ...sample.detail, ...detail } };
  // As it would be sent: without what is undefined.
  return JSON.parse(JSON.stringify(event)) as PlatformEvent;
}

const anotherService = { resources: ["arn:aws:ecs:us-east-1:123456789012:service/ecs-test-1/service-audit-test-1"] };
const otherCluster = "arn:aws:ecs:us-east-1:123456789012:cluster/ecs-test-2";
const inAnotherCluster = (service: string) => ({ resources: [`arn:aws:ecs:us-east-1:123456789012:service/ecs-test-2/${service}`] });

/** The rules of one service. The prefix is the name of an additional service. */
function service(prefix: string, name: string): Record<string, EventCase> {
  return {
    [`${prefix}task-stopped`]: {
      sample: taskStopped(name),
      matching: {
        "a task that could not start": { detail: { stopCode: "TaskFailedToStart" } },
        "a host that failed": { detail: { stopCode: "InfrastructureHealth" } },
      },
      nonMatching: {
        "a task that a deployment has stopped": { detail: { stopCode: "ServiceSchedulerInitiated" } },
        "a task that Fargate Spot has interrupted": { detail: { stopCode: "SpotInterruption" } },
        "a task that a user has stopped": { detail: { stopCode: "UserInitiated" } },
        "a task that runs": { detail: { lastStatus: "RUNNING", desiredStatus: "RUNNING", stopCode: undefined } },
        "the same task a moment before": { detail: { lastStatus: "DEPROVISIONING" } },
        "a task of another service": { detail: { group: "service:service-audit-test-1" } },
        "a task of another cluster": { detail: { clusterArn: otherCluster } },
      },
    },
    [`${prefix}task-placement-failed`]: {
      sample: placementFailed(name),
      matching: {
        "a configuration that cannot start": { detail: { eventName: "SERVICE_TASK_CONFIGURATION_FAILURE" } },
        "tasks that fail repeatedly": {
          detail: { eventType: "WARN", eventName: "SERVICE_TASK_START_IMPAIRED", reason: undefined },
        },
      },
      nonMatching: {
        "a steady service": { detail: { eventType: "INFO", eventName: "SERVICE_STEADY_STATE" } },
        "another service": anotherService,
        "the service of that name in another cluster": inAnotherCluster(name),
      },
    },
    [`${prefix}deployment-failed`]: {
      sample: deploymentFailed(name),
      nonMatching: {
        "a deployment that succeeded": { detail: deploymentCompleted(name).detail },
        "the roll-back that follows": {
          detail: {
            eventType: "INFO",
            eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
            reason: "ECS deployment circuit breaker: rolling back to deploymentId deploymentID.",
          },
        },
        "another service": anotherService,
        "the service of that name in another cluster": inAnotherCluster(name),
      },
    },
  };
}

/** The rule for executions of a runbook that did not succeed. */
function runbook(purpose: string): Record<string, EventCase> {
  return {
    [`${purpose}-ended`]: {
      sample: executionFailed(purpose),
      matching: {
        "an execution that timed out": { detail: { status: "TIMED_OUT" } },
        "an execution that a user has aborted": { detail: { status: "ABORTED" } },
      },
      nonMatching: {
        "an execution that starts": { detail: { status: "RUNNING", stopDate: null } },
        "an execution that succeeded": { detail: { status: "SUCCEEDED" } },
        "the same runbook of another platform": {
          detail: { stateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:runbook-${purpose}-test-12` },
        },
      },
    },
  };
}

/** The events that each rule must and must not match, by the rule's name without its type and suffix. */
export const EVENT_CASES: Readonly<Record<string, EventCase>> = {
  ...service("", "service-test-1"),
  ...service("candidate-", "service-candidate-test-1"),
  "exec-session": {
    sample: execSession(),
    matching: {
      "a call with the ARN of the cluster": {
        detail: { requestParameters: { cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/ecs-test-1", task: "1" } },
      },
    },
    nonMatching: {
      "a session in another cluster": { detail: { requestParameters: { cluster: "ecs-test-2", task: "1" } } },
      "another call of ECS": { detail: { eventName: "StopTask" } },
      "the same call of another service": { detail: { eventSource: "eks.amazonaws.com" } },
    },
  },
  ...service("ledger-", "service-ledger-test-1"),
  ...service("risk-", "service-risk-test-1"),
  ...runbook("rewind"),
  ...runbook("health-check"),
  ...runbook("backup-verification"),
  ...runbook("region-takeover"),
  ...runbook("zonal-shift"),
  "zone-impaired": {
    sample: zoneImpaired("us-east-1b"),
    matching: { "the first zone of the region": zoneImpaired("us-east-1a"), "the last zone of the region": zoneImpaired("us-east-1c") },
    nonMatching: {
      "an alarm that is OK again": { detail: { state: { value: "OK" }, previousState: { value: "ALARM" } } },
      "an alarm without data": { detail: { state: { value: "INSUFFICIENT_DATA" } } },
      "a zone that is not alone": { detail: { alarmName: "composite-zone-us-east-1b-test-1" } },
      "the same zone of another platform": { detail: { alarmName: "composite-zone-us-east-1b-impaired-test-12" } },
    },
  },
  "service-export-deployed": {
    sample: deploymentCompleted("service-test-1"),
    nonMatching: {
      "a deployment that failed": { detail: deploymentFailed("service-test-1").detail },
      "another service": anotherService,
      "the service of that name in another cluster": inAnotherCluster("service-test-1"),
    },
  },
  "backup-job-failed": {
    sample: backupFailed(),
    matching: {
      "a backup that did not start in time": { detail: { state: "EXPIRED" } },
      "a backup that a user has aborted": { detail: { state: "ABORTED" } },
    },
    nonMatching: {
      "a backup that succeeded": { detail: { state: "COMPLETED", percentDone: 100 } },
      "a backup that runs": { detail: { state: "RUNNING" } },
      "a backup of another platform": { detail: { backupVaultName: "vault-test-12" } },
    },
  },
  "copy-job-failed": {
    sample: copyFailed(),
    nonMatching: {
      "a copy that succeeded": { detail: { state: "COMPLETED" } },
      "a copy from another vault into this one": {
        detail: {
          sourceBackupVaultArn: "arn:aws:backup:us-east-1:123456789012:backup-vault:other-vault-test-1",
          destinationBackupVaultArn: "arn:aws:backup:us-east-1:123456789012:backup-vault:vault-test-1",
        },
      },
    },
  },
  "restore-test-failed": {
    sample: restoreFailed(),
    matching: { "a test that a user has aborted": { detail: { status: "ABORTED" } } },
    nonMatching: {
      "a test that succeeded": { detail: { status: "COMPLETED", percentDone: 100 } },
      "a restore that a user has started": { detail: { restoreTestingPlanArn: undefined } },
      "a test of another platform": { detail: { restoreTestingPlanArn: RESTORE_TESTING_PLAN.replace("test_1-", "test_12-") } },
    },
  },
  "aws-health": {
    sample: healthIssue(),
    matching: {
      "an issue of a global service": { detail: { service: "ROUTE53", eventRegion: "global" } },
      "an issue that is resolved": { detail: { statusCode: "closed" } },
      "an issue of the platform's other region, delivered here as its backup region": {
        detail: { eventRegion: "us-west-2", backupEvent: "true" },
      },
      "an issue of all accounts": { detail: { eventScopeCode: "PUBLIC", affectedEntities: [] } },
    },
    nonMatching: {
      "an issue of a region without the platform": { detail: { eventRegion: "us-east-2", backupEvent: "true" } },
      "planned maintenance": { detail: { eventTypeCategory: "scheduledChange", statusCode: "upcoming" } },
      "a notice to the account": { detail: { eventTypeCategory: "accountNotification" } },
    },
  },
  "database-failover": {
    sample: databaseFailedOver(),
    matching: {
      "a failover that failed": {
        detail: {
          EventID: "RDS-EVENT-0069",
          Message: "Cluster failover failed, check the health of your cluster instances and try again.",
        },
      },
    },
    nonMatching: {
      "the start of a failover": {
        detail: { EventID: "RDS-EVENT-0073", Message: "Started cross AZ failover to DB instance: aurora-us-east-1b-test-1" },
      },
      "an upgrade": { detail: { EventCategories: ["maintenance"], EventID: "RDS-EVENT-0173" } },
      "a failover of another cluster": { detail: { SourceArn: "arn:aws:rds:us-east-1:123456789012:cluster:aurora-test-12-us-east-1" } },
    },
  },
  "certificate-expiring": {
    sample: certificateExpired(),
    matching: {
      "a certificate that cannot be renewed": {
        "detail-type": "ACM Certificate Renewal Action Required",
        detail: { RenewalStatusReason: "CAA_ERROR" },
      },
      "a certificate that was revoked": { "detail-type": "ACM Certificate Revoked" },
    },
    nonMatching: {
      "a certificate that ACM is about to renew": {
        "detail-type": "ACM Certificate Approaching Expiration",
        detail: { DaysToExpiry: 31, CommonName: "example.com" },
      },
      "a certificate that was renewed": { "detail-type": "ACM Certificate Available", detail: { DaysToExpiry: 395 } },
      "another certificate": { resources: ["arn:aws:acm:us-east-1:123456789012:certificate/87654321-4321-4321-4321-210987654321"] },
    },
  },
  "application-alert": {
    sample: fromService("AlertRaised", { summary: "Payments are not settled" }),
    nonMatching: { "a payment that was authorized": { "detail-type": "PaymentAuthorized" } },
  },
  "health-doubted": {
    sample: fromService("HealthDoubted", { reason: "The ledger answers slowly" }),
    nonMatching: { "an alert": { "detail-type": "AlertRaised" } },
  },
  "payment-submitted": {
    sample: fromService("PaymentSubmitted", { amount: { value: "10.00", currency: "EUR" } }),
    nonMatching: { "a payment that was authorized": { "detail-type": "PaymentAuthorized" } },
  },
  "payment-replayed": {
    sample: fromValidation("PaymentRejected", {
      submission: "105f6bb1-4da6-c630-4965-35383018cbca",
      valid: false,
      reasons: [
        { code: "AMOUNT_TOO_LARGE", field: "amount.value" },
        { code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" },
      ],
    }),
    nonMatching: {
      "a payment that was accepted": { "detail-type": "PaymentValidated" },
      "a payment that was rejected for another reason": { detail: { reasons: [{ code: "AMOUNT_TOO_LARGE", field: "amount.value" }] } },
    },
  },
};

/** For every rule: the same event from another sender, and another event from the same sender, do not match. */
export const NON_MATCHING_FOR_EVERY_RULE: Readonly<Record<string, Change>> = {
  "an event of another sender": { source: "another.source" },
  "another kind of event from the same sender": { "detail-type": "Something Else Change" },
};

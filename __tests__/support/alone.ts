import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack, Testing } from "cdktf";
import type { RegionScope } from "../../config/naming";
import { Names } from "../../config/naming";
import { planNetwork } from "../../config/cidr";
import { Aurora } from "../../modules/database/aurora";
import { DeadLetters } from "../../modules/queues/dead-letters";
import { LoadBalancer } from "../../modules/load-balancer/load-balancer";
import { OwnNetwork } from "../../modules/network/own-network";
import { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { testAlerts } from "./test-alerts";

const ACCOUNT_ID = "123456789012";
const REGION = "us-east-1";

export const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/1`;

/** What an app of somebody else passes to the modules: plain values, and other modules. */
export class Alone extends TerraformStack {
  readonly region: RegionScope = { names: new Names("test-1", REGION, ACCOUNT_ID), region: REGION, accountId: ACCOUNT_ID };
  readonly logs = { logKeyArn: KEY_ARN, logRetentionDays: 30 };
  readonly alerts = testAlerts(this);
  readonly deadLetters = new DeadLetters(this, "rule-dead-letters", {
    ...this.region,
    purpose: "rule-dead-letters",
    keyArn: KEY_ARN,
    alerts: this.alerts,
    clients: "no effect",
    runbook: "alerts.md#undelivered-events",
  });
  readonly vpc = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2", "subnet-3"] };

  constructor() {
    super(Testing.app(), "alone");
    new AwsProvider(this, "aws", { region: REGION });
    new S3Backend(this, { bucket: "state", key: "alone.tfstate", region: REGION });
    this.alerts.retainUndelivered(this.deadLetters);
  }

  /** The settings of everything that a runbook is. */
  get runbook() {
    return { ...this.region, ...this.logs, keyArn: KEY_ARN, alerts: this.alerts, ruleDeadLetters: this.deadLetters };
  }

  network(): OwnNetwork {
    const vpcCidr = "10.0.0.0/16";
    return new OwnNetwork(this, "network", {
      ...this.region,
      ...this.logs,
      vpcCidr,
      plan: planNetwork(vpcCidr, ZONES),
      nat: "per-az",
      servicePort: 8080,
      dataPorts: [5432],
      withinDataTier: false,
      alerts: this.alerts,
    });
  }

  accessLogs(): AccessLogBucket {
    return new AccessLogBucket(this, "access-logs", { ...this.region, retentionDays: 30, forceDestroy: false });
  }

  loadBalancer(): LoadBalancer {
    return new LoadBalancer(this, "load-balancer", {
      ...this.region,
      ...this.vpc,
      allowedCidrs: ["0.0.0.0/0"],
      internal: false,
      certificate: { arn: `arn:aws:acm:${REGION}:${ACCOUNT_ID}:certificate/1` },
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      defaultService: { name: "service", port: 8080, protocol: "HTTP", expectedTargets: 3 },
      candidate: false,
      zones: ZONES,
      availabilityPercent: 99.9,
      maxLatencySeconds: 1,
      healthCheck: { path: "/", intervalSeconds: 5, timeoutSeconds: 2, healthyThreshold: 2, unhealthyThreshold: 2 },
      deregistrationDelaySeconds: 30,
      idleTimeoutSeconds: 60,
      clientKeepAliveSeconds: 60,
      accessLogs: this.accessLogs(),
      deletionProtection: false,
      internetReady: this.deadLetters.ready,
      anomalyDetection: false,
      alerts: this.alerts,
    });
  }

  database(): Aurora {
    return new Aurora(this, "database", {
      ...this.region,
      ...this.logs,
      ...this.vpc,
      availabilityZones: ZONES,
      engine: { kind: "aurora-postgresql", version: "16.8" },
      extendedSupport: false,
      instanceClass: "db.r7g.large",
      applyImmediately: false,
      instances: 2,
      proxy: false,
      databaseName: "shop",
      masterUsername: "shop",
      password: "managed-by-rds",
      endpointsChangedByRunbook: false,
      passwordVersion: 1,
      membership: { kind: "alone" },
      keyArn: KEY_ARN,
      backupRetentionDays: 7,
      backupWindow: "02:00-03:00",
      maintenanceWindow: "sun:04:00-sun:05:00",
      performanceInsightsRetentionDays: 7,
      monitoringIntervalSeconds: 60,
      maxReplicaLagMilliseconds: 100,
      maxGlobalLagMilliseconds: 5000,
      slowQueryMilliseconds: 1000,
      idleInTransactionSeconds: 60,
      deletionProtection: false,
      finalSnapshot: false,
      alerts: this.alerts,
    });
  }
}

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { TerraformOutput, Testing } from "cdktf";
import { AlertForwarding } from "../modules/alert-forwarding/alert-forwarding";
import { Vault } from "../modules/backup/vault";
import { Backup } from "../modules/backup/backup-plan";
import { Cache } from "../modules/cache/cache";
import { Canary } from "../modules/canary/canary";
import { mergeConnections } from "../modules/connections/connection";
import { HostedZone } from "../modules/dns/hosted-zone";
import { Failover } from "../modules/dns/failover";
import { Key } from "../modules/encryption/key";
import { KeyCheck } from "../modules/encryption/key-check-function";
import { EventBus } from "../modules/events/event-bus";
import { NodeFunction } from "../modules/functions/node-function";
import { ServiceRole } from "../modules/iam/service-role";
import { Repositories } from "../modules/images/repositories";
import { awsHealth } from "../modules/monitoring/aws-health";
import { Dashboard } from "../modules/monitoring/dashboard";
import { Parameters } from "../modules/parameters/parameters";
import { Queue } from "../modules/queues/queue";
import { RunbookDocuments } from "../modules/runbook-pages/documents";
import { RunbookPages } from "../modules/runbook-pages/runbook-pages";
import { BackupVerification } from "../modules/runbooks/backup-verification/construct";
import { HealthCheck } from "../modules/runbooks/health-check/construct";
import { RegionTakeover } from "../modules/runbooks/region-takeover/construct";
import { Rewind } from "../modules/runbooks/rewind/construct";
import { ZonalShift } from "../modules/runbooks/zonal-shift/construct";
import { SecurityGroup } from "../modules/security/security-group";
import { Cluster } from "../modules/service/cluster";
import { Service } from "../modules/service/service";
import { Sessions } from "../modules/sessions/sessions";
import { firstValue } from "../modules/state/first-value";
import { DataBucket } from "../modules/storage/data-bucket";
import { PaymentValidation } from "../modules/validation/payment-validation";
import { ZonalAutoshift } from "../modules/zonal-autoshift/zonal-autoshift";
import { Alone, KEY_ARN, ZONES } from "./support/alone";
import { Synthesized } from "./support/synthesized";

const SUFFIX = "test-1";
const ALARM_ARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:one";
const BALANCER_ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/one/1";
const FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:one";

/** By the folder of the module: how another app creates it, and a type of resource that it then has. */
const MODULES: Readonly<Record<string, readonly [create: (stack: Alone) => void, type: string]>> = {
  "alert-forwarding": [
    (stack) =>
      new AlertForwarding(stack, "alone", {
        ...stack.region,
        ...stack.logs,
        keyArn: KEY_ARN,
        queueKeyArn: KEY_ARN,
        heartbeatTopicArn: stack.alerts.topicArn,
        recoveryDays: 7,
        alerts: stack.alerts,
      }),
    "aws_lambda_function",
  ],
  backup: [
    (stack) => {
      const vault = new Vault(stack, "vault", { ...stack.region, keyArn: KEY_ARN, forceDestroy: false });
      new Backup(stack, "alone", {
        ...stack.region,
        vault,
        resources: { clusters: [], tables: ["arn:aws:dynamodb:us-east-1:123456789012:table/one"], buckets: [] },
        everyHours: 6,
        alive: stack.deadLetters.waiting,
        retentionDays: 7,
        copies: { vaultArns: [], everyHours: 24, retentionDays: 7 },
        otherAccounts: [],
        tags: {},
        keyAliases: ["alias/one"],
        writerOnly: false,
        alerts: stack.alerts,
      });
    },
    "aws_backup_plan",
  ],
  cache: [
    (stack) =>
      new Cache(stack, "alone", {
        ...stack.region,
        ...stack.logs,
        ...stack.vpc,
        engine: "valkey",
        engineVersion: "8.0",
        nodeType: "cache.r7g.large",
        shards: 1,
        replicas: 1,
        maxMemoryPolicy: "volatile-lru",
        snapshotRetentionDays: 1,
        snapshotWindow: "01:00-02:00",
        maintenanceWindow: "sun:03:00-sun:04:00",
        maxReplicaLagSeconds: 10,
        keyArn: KEY_ARN,
        finalSnapshot: false,
        alerts: stack.alerts,
      }),
    "aws_elasticache_replication_group",
  ],
  canary: [
    (stack) =>
      new Canary(stack, "alone", {
        ...stack.region,
        ...stack.logs,
        target: "public",
        url: "https://shop.test/",
        writes: false,
        runtime: "syn-nodejs-puppeteer-10.0",
        everyMinutes: 1,
        maxLatencySeconds: 5,
        artifacts: { bucketName: "artifacts", bucketArn: "arn:aws:s3:::artifacts", keyArn: KEY_ARN },
        alerts: stack.alerts,
      }),
    "aws_synthetics_canary",
  ],
  connections: [
    (stack) => {
      const { parameters } = mergeConnections([{ parameters: { "shop/port": "8080" }, variables: {}, permissions: [] }]);
      new Parameters(stack, "alone", { ...stack.region, values: parameters, keyArn: KEY_ARN });
    },
    "aws_ssm_parameter",
  ],
  database: [(stack) => stack.database(), "aws_rds_cluster"],
  dns: [
    (stack) => {
      new HostedZone(stack, "zone", { zoneName: "shop.test", forceDestroy: false });
      new Failover(stack, "alone", {
        ...stack.region,
        zoneId: "Z0123456789EXAMPLE",
        domainName: "www.shop.test",
        targets: [
          { id: "one", host: "one.shop.test", checked: true },
          { id: "two", host: "two.shop.test", checked: true },
        ],
        ttlSeconds: 30,
        healthCheck: { path: "/", intervalSeconds: 10, failures: 2 },
        alerts: stack.alerts,
      });
    },
    "aws_route53_record",
  ],
  encryption: [
    (stack) => {
      const { alias, arn } = new Key(stack, "key", { ...stack.region, purpose: "orders", deletionDays: 30 });
      new KeyCheck(stack, "alone", { ...stack.runbook, keys: { [alias]: arn }, environmentSuffix: SUFFIX });
    },
    "aws_kms_key",
  ],
  events: [
    (stack) =>
      new EventBus(stack, "alone", { ...stack.region, keyArn: KEY_ARN, queueKeyArn: KEY_ARN, archiveDays: 7, alerts: stack.alerts }),
    "aws_cloudwatch_event_bus",
  ],
  functions: [
    (stack) =>
      new NodeFunction(stack, "alone", {
        ...stack.runbook,
        purpose: "orders",
        folder: "modules/encryption/key-check",
        timeoutSeconds: 10,
        environment: {},
        statements: [],
        runbook: "keys.md#unusable-keys",
      }),
    "aws_lambda_function",
  ],
  iam: [
    (stack) => new ServiceRole(stack, "alone", { ...stack.region, purpose: "orders", service: "ecs-tasks.amazonaws.com" }),
    "aws_iam_role",
  ],
  images: [
    (stack) => new Repositories(stack, "alone", { ...stack.region, repositories: ["shop"], keyArn: KEY_ARN, forceDestroy: false }),
    "aws_ecr_repository",
  ],
  "load-balancer": [(stack) => stack.loadBalancer(), "aws_lb"],
  monitoring: [
    (stack) => {
      awsHealth(stack, stack.alerts, stack.region.region, [stack.region.region]);
      new Dashboard(stack, "alone", { ...stack.region, rows: [[stack.deadLetters.widget]] });
    },
    "aws_cloudwatch_dashboard",
  ],
  network: [(stack) => stack.network(), "aws_nat_gateway"],
  parameters: [
    (stack) => new Parameters(stack, "alone", { ...stack.region, values: { "shop/port": "8080" }, keyArn: KEY_ARN }),
    "aws_ssm_parameter",
  ],
  queues: [(stack) => new Queue(stack, "alone", { ...stack.region, purpose: "orders", keyArn: KEY_ARN }), "aws_sqs_queue"],
  "runbook-pages": [
    (stack) => new RunbookDocuments(stack, "alone", new RunbookPages({ ...stack.region, environmentSuffix: SUFFIX })),
    "aws_ssm_document",
  ],
  runbooks: [
    (stack) => {
      const { template, clusterArn } = stack.database();
      new HealthCheck(stack, "health-check", {
        ...stack.runbook,
        services: [],
        targetGroups: [],
        database: { parameter: "/shop/database", instances: 2 },
        cache: undefined,
      });
      new BackupVerification(stack, "backup-verification", {
        ...stack.runbook,
        vault: "vault",
        objectives: [[{ resourceArn: clusterArn, maxAgeHours: 8 }]],
      });
      new Rewind(stack, "rewind", {
        ...stack.runbook,
        cluster: template,
        method: { kind: "backtrack" },
        secret: undefined,
        serviceUser: undefined,
      });
      new ZonalShift(stack, "zonal-shift", {
        ...stack.runbook,
        loadBalancerArn: BALANCER_ARN,
        zones: ZONES.map((name) => ({ name, alarm: `impaired-${name}`, id: name })),
        targetGroups: [],
        hours: 1,
        maxHours: 4,
      });
      new RegionTakeover(stack, "region-takeover", {
        ...stack.runbook,
        regions: ["us-east-1", "us-west-2"],
        globalCluster: "global",
        cluster: { identifier: template.clusterIdentifier, arn: clusterArn },
        clusterArns: [clusterArn],
        functionArn: FUNCTION_ARN,
        writesParameter: "/shop/writes",
        services: [],
        scaledDown: false,
      });
    },
    "aws_sfn_state_machine",
  ],
  security: [(stack) => new SecurityGroup(stack, "alone", { ...stack.region, vpcId: "vpc-1", role: "shop" }), "aws_security_group"],
  service: [
    (stack) =>
      new Service(stack, "alone", {
        ...stack.region,
        ...stack.logs,
        ...stack.vpc,
        qualifier: "",
        cluster: new Cluster(stack, "cluster", { ...stack.region, ...stack.logs, storageKeyId: "key" }),
        tasks: { min: 3, max: 3 },
        tasksChangedByRunbook: false,
        scaling: { cpuPercent: 60, memoryPercent: 70, scaleOutSeconds: 60, scaleInSeconds: 300, schedule: [], timeZone: "UTC" },
        cpu: 512,
        memoryMib: 1024,
        architecture: "ARM64",
        container: {
          name: "shop",
          image: '"public.ecr.aws/shop:1"',
          command: "[]",
          environment: "{}",
          secrets: {},
          registryCredentials: {},
          labels: {},
          port: 8080,
          protocol: "HTTP",
          healthCheckCommand: [],
          user: "1000",
          readonlyRootFilesystem: true,
          stopTimeoutSeconds: 30,
        },
        sidecars: [],
        registries: { accounts: ["123456789012"], pullThroughPrefixes: [] },
        logMetrics: {},
        logMetricNamespace: "Shop",
        exec: false,
        healthCheckGracePeriodSeconds: 60,
        keepsFormerRevision: false,
        after: [],
        startStatements: [],
        alerts: stack.alerts,
      }),
    "aws_ecs_service",
  ],
  sessions: [
    (stack) =>
      new Sessions(stack, "alone", {
        ...stack.region,
        part: "table",
        keyArn: KEY_ARN,
        otherRegions: [],
        deletionProtection: false,
        alerts: stack.alerts,
      }),
    "aws_dynamodb_table",
  ],
  state: [(stack) => new TerraformOutput(stack, "alone", { value: firstValue(stack, "first", "one") }), "terraform_data"],
  storage: [
    (stack) =>
      new DataBucket(stack, "alone", {
        ...stack.region,
        purpose: "orders",
        keyArn: KEY_ARN,
        forceDestroy: false,
        infrequentAccessAfterDays: 30,
        archiveAfterDays: 90,
        noncurrentVersionRetentionDays: 30,
        accessLogs: stack.accessLogs(),
      }),
    "aws_s3_bucket",
  ],
  validation: [
    (stack) =>
      new PaymentValidation(stack, "alone", {
        ...stack.runbook,
        limits: { EUR: { min: "0.01", max: "1000.00" } },
        windowSeconds: 300,
        idempotencyHours: 24,
        release: { version: '""', newestPercent: "0" },
        queueKeyArn: KEY_ARN,
        deletionProtection: false,
      }),
    "aws_lambda_alias",
  ],
  "zonal-autoshift": [
    (stack) =>
      new ZonalAutoshift(stack, "alone", {
        ...stack.region,
        loadBalancerArn: BALANCER_ARN,
        outcomeAlarmArn: ALARM_ARN,
        blockedWindows: [],
        after: stack.deadLetters.ready,
      }),
    "aws_cloudformation_stack",
  ],
};

describe("each module works in a stack of somebody else, with its props only", () => {
  it("has a case for every folder of modules", () => {
    expect(Object.keys(MODULES)).toEqual(readdirSync(join(__dirname, "..", "modules")).sort());
  });

  it.each(Object.entries(MODULES))("%s", (_, [create, type]) => {
    const stack = new Alone();
    create(stack);
    expect(new Synthesized(Testing.synth(stack, true)).all(type).length).toBeGreaterThan(0);
  });
});

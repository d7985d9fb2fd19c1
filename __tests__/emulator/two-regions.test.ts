import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { BackupClient, DescribeBackupVaultCommand, GetBackupPlanCommand, ListBackupPlansCommand } from "@aws-sdk/client-backup";
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteRouteCommand, DescribeRouteTablesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DeleteDBInstanceCommand, DescribeDBClustersCommand, DescribeGlobalClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { PutBucketEncryptionCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Names } from "../../config/naming";
import { WRITER_TAG } from "../../config/writer-tag";
import { keyAlias } from "../../modules/encryption/key";
import { STORAGE_KEY_PURPOSE } from "../../modules/storage/replication";
import { serviceDomain } from "../../stacks/domains";
import { performIn } from "../support/aws-calls";
import { Cloud, describeGlobal, describeSimulated } from "../support/cloud";
import { DATA as EVERY_STORE, MINIMAL } from "../support/config";
import { effectsOf, runbookIn } from "../support/deployment";
import { statedEffects } from "../support/effects";
import { DEPLOY_POLICIES, missing, statementsOf } from "../support/permissions";
import { step } from "../support/progress";
import { type Call, type Executed, execute } from "../support/state-machine";
import type { Terraform } from "../support/terraform";
import { OF_PRESETS } from "./transitions/table";

jest.setTimeout(3 * 60 * 60 * 1000); // A real Aurora takes half an hour; the emulator's minutes are counted by CI.

const PRIMARY = "us-east-1";
const STANDBY = "us-west-2";
const STACKS = ["global", PRIMARY, STANDBY, "failover"];
const SUFFIX = "it-2";
/** Stores whose data both regions have; a cache is each region's own, and has its tests elsewhere. */
const DATA = { ...EVERY_STORE, sessions: "dynamodb" };

describeGlobal("the default platform of two regions", () => {
  let cloud: Cloud;
  let stacks: Map<string, Terraform>;
  let applied = 0;
  const names = new Names(SUFFIX, PRIMARY, MINIMAL.account_id);
  const terraform = (stack: string): Terraform => {
    const found = stacks.get(stack);
    if (!found) throw new Error(stack);
    return found;
  };
  const destroyAll = async (): Promise<void> => {
    while (applied > 0) {
      const stack = STACKS[applied - 1] ?? "";
      await step(`destroy ${stack}`, () => terraform(stack).destroy());
      applied--;
    }
  };

  beforeAll(async () => {
    cloud = await step("cloud", () => Cloud.open(SUFFIX, DATA));
    await cloud.bootstrap();
    const of = await cloud.synth();
    stacks = new Map(STACKS.map((stack) => [stack, of(stack)]));
    for (const stack of STACKS) {
      await step(`init ${stack}`, () => terraform(stack).init());
      applied++;
      await step(`apply ${stack}`, () => terraform(stack).apply());
    }
  });

  afterAll(async () => {
    // Whatever failed above, a test leaves nothing behind; the last test has normally done it already.
    await destroyAll();
    await cloud.close();
  });

  it.each(STACKS)("does not drift: a second plan of %s has nothing to do", async (stack) => {
    const { changes, text } = await step(`second plan of ${stack}`, () => terraform(stack).planHasChanges());
    expect({ changes, text: changes ? text : "" }).toEqual({ changes: false, text: "" });
  });

  it.each(STACKS)("carries the four tags on every resource of %s that can have tags", async (stack) => {
    const resources = (await terraform(stack).show()).values?.root_module.resources ?? [];
    const taggable = resources.filter(({ mode, values }) => mode === "managed" && "tags_all" in values);
    expect(taggable.length).toBeGreaterThan(2);
    const tags = { DisasterRecovery: "enabled", EnvironmentSuffix: SUFFIX, ManagedBy: "standfast", Environment: cloud.config.environment };
    for (const { values } of taggable) expect(values["tags_all"]).toMatchObject(tags);
  });

  it("passes npm run verify", async () => {
    const { code, results } = await cloud.verify();
    expect(results.filter(({ result }) => result !== "pass")).toEqual([]);
    expect([...new Set(results.map(({ region }) => region))]).toEqual([PRIMARY, STANDBY, "failover"]);
    expect(code).toBe(0);
  });

  it("changes as docs/reference/configuration.md says, in a plan", async () => {
    const changes = OF_PRESETS["payment-processing"];
    expect(await effectsOf({ cloud, stacks: STACKS }, DATA, changes)).toEqual(statedEffects(changes));
  });

  describe("AWS reports that", () => {
    it("sessions written in either region are read in the other", async () => {
      const TableName = names.of("dynamodb_table", "sessions");
      const [here, there] = [PRIMARY, STANDBY].map((region) => new DynamoDBClient({ region })) as [DynamoDBClient, DynamoDBClient];
      const session = (id: string) => ({ session_id: { S: id }, expires_at: { N: "4102444800" } });
      for (const [from, to, id] of [
        [here, there, "s-1"],
        [there, here, "s-2"],
      ] as const) {
        await from.send(new PutItemCommand({ TableName, Item: session(id) }));
        expect((await to.send(new GetItemCommand({ TableName, Key: { session_id: { S: id } } }))).Item).toEqual(session(id));
      }
      const { Table } = await here.send(new DescribeTableCommand({ TableName }));
      expect(Table?.Replicas).toMatchObject([
        { RegionName: STANDBY, KMSMasterKeyId: expect.stringContaining(`:kms:${STANDBY}:`) as unknown },
      ]);
      const { ContinuousBackupsDescription } = await there.send(new DescribeContinuousBackupsCommand({ TableName }));
      expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe("ENABLED");
    });

    it("backups of every six hours are copied once a day into a vault of the standby region, under that region's key", async () => {
      const here = new BackupClient({ region: PRIMARY });
      const { BackupPlansList = [] } = await here.send(new ListBackupPlansCommand({}));
      const { BackupPlan } = await here.send(new GetBackupPlanCommand({ BackupPlanId: BackupPlansList[0]?.BackupPlanId }));
      const { EncryptionKeyArn, BackupVaultArn } = await new BackupClient({ region: STANDBY }).send(
        new DescribeBackupVaultCommand({ BackupVaultName: names.of("backup_vault") }),
      );
      expect(BackupPlan?.Rules).toMatchObject([
        { ScheduleExpression: "cron(0 6,12,18 * * ? *)" },
        { ScheduleExpression: "cron(0 0 * * ? *)", CopyActions: [{ DestinationBackupVaultArn: BackupVaultArn }] },
      ]);
      expect(EncryptionKeyArn).toContain(`:kms:${STANDBY}:`);
    });

    it("both clusters are members of the global cluster, the primary's as its writer", async () => {
      const { GlobalClusters: [cluster] = [] } = await new RDSClient({ region: PRIMARY }).send(
        new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: names.of("rds_global_cluster") }),
      );
      const members = cluster?.GlobalClusterMembers?.map(({ DBClusterArn, IsWriter }) => [DBClusterArn?.split(":")[3], IsWriter]);
      expect(members?.sort()).toEqual([
        [PRIMARY, true],
        [STANDBY, false],
      ]);
      expect(cluster).toMatchObject({ EngineVersion: "16.8", StorageEncrypted: true });
    });

    it("the service's name resolves to the primary, and to the standby while the primary is unhealthy, with a TTL of 30 seconds", async () => {
      const route53 = new Route53Client({ region: PRIMARY });
      const { HostedZones: [zone] = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: cloud.config.dns.zoneName }));
      const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone?.Id }));
      const records = ResourceRecordSets.filter(({ Type, Failover }) => Type === "CNAME" && Failover);
      const domain = serviceDomain(cloud.config);
      expect(
        records
          .map(({ Name, Failover, TTL, SetIdentifier, ResourceRecords }) => [
            Name,
            Failover,
            TTL,
            SetIdentifier,
            ResourceRecords?.[0]?.Value,
          ])
          .sort(),
      ).toEqual([
        [`${domain}.`, "PRIMARY", 30, "primary", `${PRIMARY}.${domain}`],
        [`${domain}.`, "SECONDARY", 30, "secondary", `${STANDBY}.${domain}`],
      ]);
      const checks = records.map(({ HealthCheckId }) => HealthCheckId);
      expect(checks.filter(Boolean)).toHaveLength(2);
      const { HealthChecks = [] } = await route53.send(new ListHealthChecksCommand({}));
      for (const { Id, HealthCheckConfig } of HealthChecks) if (checks.includes(Id)) expect(HealthCheckConfig?.Type).toBe("CALCULATED");
    });

    it("each region is checked every 10 seconds, twice, and watched in us-east-1", async () => {
      const { HealthChecks = [] } = await new Route53Client({ region: PRIMARY }).send(new ListHealthChecksCommand({}));
      const checks = HealthChecks.map(({ HealthCheckConfig }) => HealthCheckConfig).filter((check) => check?.ResourcePath === "/health");
      expect(checks.map((check) => check?.FullyQualifiedDomainName).sort()).toEqual([
        `${PRIMARY}.pay.standfast.test`,
        `${STANDBY}.pay.standfast.test`,
      ]);
      for (const check of checks)
        expect(check).toMatchObject({
          Type: "HTTPS",
          RequestInterval: 10,
          FailureThreshold: 2,
          EnableSNI: true,
          ResourcePath: "/health",
          Port: 443,
        });
      const { MetricAlarms = [] } = await new CloudWatchClient({ region: "us-east-1" }).send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: "alarm-region-down" }),
      );
      expect(MetricAlarms.map(({ AlarmName }) => AlarmName).sort()).toEqual([
        `alarm-region-down-${PRIMARY}-${SUFFIX}`,
        `alarm-region-down-${STANDBY}-${SUFFIX}`,
      ]);
    });
  });

  it("has the password in no state and no synthesized file", async () => {
    const { SecretString } = await new SecretsManagerClient({ region: PRIMARY }).send(
      new GetSecretValueCommand({ SecretId: names.of("secretsmanager_secret", "database") }),
    );
    const { password } = JSON.parse(SecretString ?? "{}") as { password: string };
    expect(password.length).toBe(40);
    for (const stack of STACKS) {
      const state = await terraform(stack).state("pull");
      expect((JSON.parse(state) as { resources: unknown[] }).resources.length).toBeGreaterThan(5);
      expect(state).not.toContain(password);
      expect(readFileSync(join(terraform(stack).folder, "cdk.tf.json"), "utf8")).not.toContain(password);
    }
  });

  const release = ["-var", "container_image=registry.bank.test/payments:1.4.2"];
  const writerRegion = async (): Promise<string | undefined> => {
    const { GlobalClusters: [cluster] = [] } = await new RDSClient({ region: STANDBY }).send(
      new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: names.of("rds_global_cluster") }),
    );
    return cluster?.GlobalClusterMembers?.find(({ IsWriter }) => IsWriter)?.DBClusterArn?.split(":")[3];
  };
  /** Executes a region's own runbook, as Step Functions has it. */
  const takeOver = async (region: string, input: object, afterCall?: (call: Call) => Promise<void>): Promise<Executed> => {
    const { parsed } = await runbookIn(region, names.in(region), cloud.config.accountId, "region-takeover");
    const perform = performIn(region);
    const performed = async (call: Call): Promise<unknown> => {
      const answer = await perform(call);
      await afterCall?.(call);
      return answer;
    };
    return step(`${region} takes over`, () => execute(parsed, input, performed, machineIn(region)));
  };
  const machineIn = (region: string): string =>
    `arn:aws:states:${region}:${cloud.config.accountId}:stateMachine:${names.in(region).of("sfn_state_machine", "region-takeover")}`;
  /** The response of the standby's load balancer to the health checks that ask whether it holds DNS. */
  const holdOfStandby = async (): Promise<string | undefined> => {
    const client = new ElasticLoadBalancingV2Client({ region: STANDBY });
    const { LoadBalancers: [balancer] = [] } = await client.send(new DescribeLoadBalancersCommand({ Names: [names.in(STANDBY).of("lb")] }));
    const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn: balancer?.LoadBalancerArn }));
    const ListenerArn = Listeners.find(({ Protocol }) => Protocol === "HTTPS")?.ListenerArn;
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ ListenerArn }));
    return Rules.find(({ Priority }) => Priority === "1")?.Actions?.[0]?.FixedResponseConfig?.StatusCode;
  };
  /** Runs the fence of a region once, as its schedule does every minute. */
  const fence = async (region: string): Promise<void> => {
    const FunctionName = names.in(region).of("lambda_function", "region-fence");
    const { FunctionError, Payload } = await new LambdaClient({ region }).send(new InvokeCommand({ FunctionName }));
    expect({ FunctionError, answer: FunctionError && Buffer.from(Payload ?? []).toString() }).toEqual({});
  };
  const parameter = async (region: string, path: string): Promise<string | undefined> =>
    (await new SSMClient({ region }).send(new GetParameterCommand({ Name: names.in(region).path(path) }))).Parameter?.Value;

  describeSimulated("while the primary region is unreachable", () => {
    beforeAll(() => cloud.cutOff(PRIMARY));
    afterAll(() => cloud.cutOff());

    it("the primary's own plan fails: the region really is cut off", async () => {
      const { code } = await step("plan of the lost region", () => terraform(PRIMARY).run("plan", "-input=false", "-lock=false"));
      expect(code).toBe(1);
    });

    it("the standby can still be planned and changed", async () => {
      const { changes } = await step("plan of the standby", () => terraform(STANDBY).planHasChanges(...release));
      expect(changes).toBe(true);
      await step("apply to the standby", () => terraform(STANDBY).apply(...release));
      expect((await terraform(STANDBY).planHasChanges(...release)).changes).toBe(false);
    });

    it("the standby's runbook gives a switchover up, which needs the lost region, and changes nothing", async () => {
      expect((await takeOver(STANDBY, { mode: "switchover" })).failure).toBeDefined();
      expect(await writerRegion()).toBe(PRIMARY);
      expect(await holdOfStandby()).toBe("404");
      expect(await parameter(STANDBY, "service/writes")).toBe("frozen");
    });

    it("the standby's runbook takes over although the primary is lost during the takeover: its database writes, and DNS stays when the lost region recovers", async () => {
      await cloud.cutOff();
      const lost = async ({ parameters }: Call): Promise<void> => {
        if ((parameters["Payload"] as { readonly action?: string } | undefined)?.action === "find-executions") await cloud.cutOff(PRIMARY);
      };
      const { failure, calls } = await takeOver(STANDBY, { mode: "failover", allowDataLoss: true }, lost);
      expect(failure).toBeUndefined();
      const messages = calls.filter(({ action }) => action === "sns:publish").map(({ parameters }) => String(parameters["Subject"]));
      expect(messages).toEqual(["STARTED: region takeover", "INCOMPLETE: region takeover"]);
      expect(await writerRegion()).toBe(STANDBY);
      const { DBClusters: [cluster] = [] } = await new RDSClient({ region: STANDBY }).send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: names.in(STANDBY).of("rds_cluster") }),
      );
      expect(cluster?.DBClusterMembers?.filter(({ IsClusterWriter }) => IsClusterWriter)).toHaveLength(1);
      expect(await parameter(STANDBY, "service/writes")).toBe("allowed");
      expect(await holdOfStandby()).toBe("200");
      expect((await terraform(STANDBY).planHasChanges(...release)).changes).toBe(false);
    });

    it("the standby can be verified: it passes, and what only the lost region could report is unknown", async () => {
      const { code, results } = await cloud.verify("--region", STANDBY);
      expect([...new Set(results.map(({ region }) => region))]).toEqual([STANDBY, "failover"]);
      expect(results.filter(({ region, result }) => result !== "pass" && (region === STANDBY || result !== "unknown"))).toEqual([]);
      expect(results.find(({ requirement }) => requirement.startsWith("Every region is a member"))?.result).toBe("pass");
      expect(code).toBe(1);
    });
  });

  describeSimulated("once the lost region is back", () => {
    /** The standby was released alone while the primary was lost. */
    const differentImages = (): string =>
      `payments: ${PRIMARY} runs ${cloud.config.services[0]?.image}, ${STANDBY} runs registry.bank.test/payments:1.4.2`;

    it("its writes are still allowed until its fence freezes them, and it has not the release: npm run verify finds both", async () => {
      expect(await parameter(PRIMARY, "service/writes")).toBe("allowed");
      const { results } = await cloud.verify();
      expect(results.filter(({ result }) => result !== "pass").map(({ violations }) => violations)).toEqual([
        [`${names.in(PRIMARY).path("service/writes")}: value is allowed, not frozen`],
        [`${differentImages()}: a release has not reached all regions (docs/release.md#region-by-region)`],
      ]);
      await step("fences", () => Promise.all([PRIMARY, STANDBY].map(fence)));
      expect(await parameter(PRIMARY, "service/writes")).toBe("frozen");
      expect(await parameter(STANDBY, "service/writes")).toBe("allowed");
      expect(await holdOfStandby()).toBe("200");
    });

    it("the cluster of the writer has the tag by which its backup plan selects it, the other one has not", async () => {
      for (const region of [PRIMARY, STANDBY]) {
        const { DBClusters: [cluster] = [] } = await new RDSClient({ region }).send(
          new DescribeDBClustersCommand({ DBClusterIdentifier: names.in(region).of("rds_cluster") }),
        );
        expect(cluster?.TagList?.filter(({ Key }) => Key === WRITER_TAG)).toHaveLength(region === STANDBY ? 1 : 0);
      }
    });

    it("no plan reverts the roles, the hold or the tag", async () => {
      for (const stack of ["global", PRIMARY, "failover"])
        expect({ stack, changes: (await terraform(stack).planHasChanges()).changes }).toEqual({ stack, changes: false });
    });

    it("npm run verify finds no violation after a takeover, and notes it and, during a release, the images that differ", async () => {
      const { code, results } = await cloud.verify("--during-release");
      expect(results.filter(({ result }) => result !== "pass")).toEqual([]);
      expect(results.flatMap(({ notes }) => notes)).toEqual([`${STANDBY} has taken over: it is the primary region`, differentImages()]);
      expect(code).toBe(0);
    });

    it("its own runbook switches everything back, without data loss", async () => {
      expect((await takeOver(PRIMARY, { mode: "switchover" })).failure).toBeUndefined();
      expect(await writerRegion()).toBe(PRIMARY);
      expect(await holdOfStandby()).toBe("404");
      expect(await parameter(PRIMARY, "service/writes")).toBe("allowed");
      expect(await parameter(STANDBY, "service/writes")).toBe("frozen");
      expect((await terraform(PRIMARY).planHasChanges()).changes).toBe(false);
      expect((await terraform(STANDBY).planHasChanges(...release)).changes).toBe(false);
    });
  });

  describeSimulated("what is changed outside of Terraform", () => {
    const zone = "us-east-1b";
    const table = names.of("route_table", `application-${zone}`);
    const bucket = names.in(STANDBY).of("s3_bucket", "application-data");
    const alarm = names.of("cloudwatch_metric_alarm", "rule-dead-letters-waiting");
    let reader = "";

    beforeAll(async () => {
      const ec2 = new EC2Client({ region: PRIMARY });
      const { RouteTables: [found] = [] } = await ec2.send(
        new DescribeRouteTablesCommand({ Filters: [{ Name: "tag:Name", Values: [table] }] }),
      );
      await ec2.send(new DeleteRouteCommand({ RouteTableId: found?.RouteTableId, DestinationCidrBlock: "0.0.0.0/0" }));

      const rds = new RDSClient({ region: PRIMARY });
      const { DBClusters: [cluster] = [] } = await rds.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: names.of("rds_cluster") }),
      );
      reader = cluster?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter === false)?.DBInstanceIdentifier ?? "";
      await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: reader, SkipFinalSnapshot: true }));

      await new S3Client({ region: STANDBY, forcePathStyle: true }).send(
        new PutBucketEncryptionCommand({
          Bucket: bucket,
          ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] },
        }),
      );
      await new CloudWatchClient({ region: PRIMARY }).send(new DeleteAlarmsCommand({ AlarmNames: [alarm] }));
      await raiseTimeToLive();
    });

    const raiseTimeToLive = async (): Promise<void> => {
      const route53 = new Route53Client({ region: PRIMARY });
      const HostedZoneId = cloud.config.dns.zoneId;
      const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
      const record = ResourceRecordSets.find(({ Failover }) => Failover === "PRIMARY");
      if (!record) throw new Error("no PRIMARY record");
      await route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: { Changes: [{ Action: "UPSERT", ResourceRecordSet: { ...record, TTL: 300 } }] },
        }),
      );
    };

    it("is found by npm run verify, all of it and nothing else, with the resource and the requirements", async () => {
      const { code, results } = await cloud.verify("--during-release");
      const broken = results.filter(({ result }) => result !== "pass");
      expect(broken.map(({ region, requirement, violations }) => ({ region, requirement, violations }))).toEqual([
        {
          region: PRIMARY,
          requirement: "Each application subnet routes internet traffic through an available NAT gateway in its own Availability Zone",
          violations: [`${names.of("subnet", `application-${zone}`)} has no route to a NAT gateway`],
        },
        {
          region: PRIMARY,
          requirement: "The database has the configured number of available instances, across all Availability Zones",
          violations: [`${reader} does not exist`],
        },
        {
          region: PRIMARY,
          requirement: "Every alarm exists, is enabled and notifies its topic",
          violations: [`${alarm} does not exist`],
        },
        {
          region: STANDBY,
          requirement: "Every bucket is encrypted, with a customer managed key where AWS supports one",
          violations: [`${bucket}: encryption is AES256, not aws:kms`, `${bucket}: key is not set, not ${await storageKey()}`],
        },
        {
          region: "failover",
          requirement: "The DNS records of the service have the configured targets, health checks and TTL",
          violations: [`TTL of ${serviceDomain(cloud.config)} (primary) is 300, not 30`],
        },
      ]);
      expect(broken.map(({ requirementIds }) => requirementIds.slice(0, 2))).toEqual([
        ["S000-T10", "S000-D12"],
        ["S000-G3", "S000-1.1"],
        ["S000-5.1", "S000-5.2"],
        ["S000-T16", "S000-S4"],
        ["S000-3.4", "S000-3.5"],
      ]);
      expect(code).toBe(3);
    });

    const storageKey = async (): Promise<string> => {
      const alias = keyAlias(names.in(STANDBY), STORAGE_KEY_PURPOSE);
      const { KeyMetadata } = await new KMSClient({ region: STANDBY }).send(new DescribeKeyCommand({ KeyId: alias }));
      return KeyMetadata?.Arn ?? "";
    };
  });

  it("is destroyed in reverse, to nothing in both regions", async () => {
    await destroyAll();
    expect(await cloud.leftovers()).toEqual([]);
    expect(missing(cloud.operations(), statementsOf(DEPLOY_POLICIES))).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Names } from "../../config/naming";
import { prove } from "../../prove/claims";
import { Graph, type TerraformJson } from "../../prove/graph/graph";
import { fromPlan } from "../../prove/graph/plan";
import type { PlanJson } from "../../prove/graph/plan-json";
import { Cloud, describeDeployed, itSimulated, SUITED_TO_TERRAFORM } from "../support/cloud";
import { MINIMAL, ONE_REGION } from "../support/config";
import { step } from "../support/progress";
import type { Shown, ShownResource, Terraform } from "../support/terraform";

jest.setTimeout(3 * 60 * 60 * 1000); // A real Aurora takes half an hour; the emulator's minutes are counted by CI.

const REGION = "us-east-1";
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const SUFFIX = "it-1";
const TASK_ENVIRONMENT = { LOG_LEVEL: "debug", cost_center: "4711" };

describeDeployed("one region, from terraform.tfvars to apply, and back to nothing", () => {
  const names = new Names(SUFFIX, REGION, MINIMAL.account_id);
  const client = { region: REGION };
  let cloud: Cloud;
  let global: Terraform;
  let terraform: Terraform;
  let shown: Shown;
  let planned: readonly ShownResource[];
  let state: readonly ShownResource[] = [];

  beforeAll(async () => {
    cloud = await step("cloud", () => Cloud.open(SUFFIX, { ...ONE_REGION, ...SUITED_TO_TERRAFORM, task_environment: TASK_ENVIRONMENT }));
    await cloud.bootstrap();
    const stacks = await cloud.synth();
    global = stacks("global");
    await global.init();
    await step("apply what belongs to no region", () => global.apply());
    terraform = stacks(REGION);
    await step("init", () => terraform.init());
    await step("validate", () => terraform.validate());
    await step("plan", () => terraform.planHasChanges("-out=first.tfplan"));
    shown = await terraform.show("first.tfplan");
    planned = shown.planned_values?.root_module.resources ?? [];
    await step("apply", () => terraform.apply());
    state = (await terraform.show()).values?.root_module.resources ?? [];
  });

  afterAll(async () => {
    // Whatever failed above, a test leaves nothing behind; the last test has normally done it already.
    if (state.length > 0) {
      await terraform.destroy();
      await global.destroy();
    }
    await cloud.close();
  });

  const valuesOf = (type: string, attribute: string): unknown[] =>
    state.flatMap((resource) => (resource.type === type ? [resource.values[attribute]] : [])).sort();

  describe("before anything exists, the plan", () => {
    it("carries the four tags on every resource that can have tags", () => {
      const taggable = planned.filter(({ values }) => "tags_all" in values);
      expect(taggable.length).toBeGreaterThan(60);
      const tags = { DisasterRecovery: "enabled", EnvironmentSuffix: SUFFIX, ManagedBy: "standfast", Environment: SUFFIX };
      expect(
        taggable
          .filter(({ values }) =>
            Object.entries(tags).some(([key, value]) => (values["tags_all"] as Record<string, string> | null)?.[key] !== value),
          )
          .map(({ address }) => address),
      ).toEqual([]);
    });

    it("contains no password", () => {
      const passwords = planned.flatMap(({ address, values }) =>
        Object.entries(values)
          .filter(([key, value]) => key.endsWith("password") && typeof value === "string")
          .map(([key]) => `${address}.${key}`),
      );
      expect(passwords).toEqual([]);
    });

    it("is decided by prove as the JSON is", () => {
      const json = JSON.parse(readFileSync(join(terraform.folder, "cdk.tf.json"), "utf8")) as TerraformJson;
      const statuses = (of: TerraformJson) => prove([new Graph(REGION, of)]).map(({ id, status }) => [id, status]);
      expect(statuses(fromPlan(shown as unknown as PlanJson, json))).toEqual(statuses(json));
    });

    it("rejects another value for a key that determines the configuration", async () => {
      const { code, stderr } = await terraform.run("plan", "-input=false", "-var", "environment_suffix=other");
      expect(code).toBe(1);
      expect(stderr.replace(/[│\s]+/g, " ")).toContain(
        "environment_suffix shapes the configuration, which was synthesized with another value. Edit terraform.tfvars and run cdktf synth again.",
      );
    });

    it.each([
      ["container_image=payments:latest", "container_image must have a registry and a tag or digest"],
      ['alert_emails=["on-call"]', "alert_emails must contain only e-mail addresses"],
      ['task_environment={"1st"="x"}', "The names in task_environment must contain only letters, digits and underscores"],
    ])("rejects -var %s", async (variable, says) => {
      const { code, stderr } = await terraform.run("plan", "-input=false", "-var", variable);
      expect(code).toBe(1);
      expect(stderr.replace(/[│\s]+/g, " ")).toContain(says);
    });

    it("takes the file that it was synthesized from without a word", async () => {
      const { code, stdout, stderr } = await terraform.run("plan", "-input=false", `-var-file=${cloud.tfvars}`);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/\bWarning: /);
    });
  });

  describe("after apply, AWS reports that", () => {
    it("nothing drifts: a second plan has nothing to do", async () => {
      const { changes, text } = await step("second plan", () => terraform.planHasChanges());
      expect({ changes, text: changes ? text : "" }).toEqual({ changes: false, text: "" });
    });

    it("there are subnets in three zones for each tier", async () => {
      const { Subnets = [] } = await new EC2Client(client).send(
        new DescribeSubnetsCommand({ Filters: [{ Name: "tag:EnvironmentSuffix", Values: [SUFFIX] }] }),
      );
      for (const tier of ["public", "application", "data"]) {
        const zones = Subnets.filter((subnet) => subnet.Tags?.some(({ Key, Value }) => Key === "Tier" && Value === tier)).map(
          (subnet) => subnet.AvailabilityZone,
        );
        expect(zones.sort()).toEqual(ZONES);
      }
    });

    it("three NAT gateways each serve their own zone", async () => {
      const ec2 = new EC2Client(client);
      const filter = [{ Name: "tag:EnvironmentSuffix", Values: [SUFFIX] }];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: filter }));
      const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: filter }));
      const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: filter }));
      const zoneOf = (subnetId: string | undefined) => Subnets.find((subnet) => subnet.SubnetId === subnetId)?.AvailabilityZone;
      const pairs = RouteTables.flatMap(({ Routes = [], Associations = [] }) =>
        Routes.flatMap(({ NatGatewayId }) =>
          NatGatewayId
            ? Associations.map(({ SubnetId }) => [
                zoneOf(SubnetId),
                zoneOf(NatGateways.find((gateway) => gateway.NatGatewayId === NatGatewayId)?.SubnetId),
              ])
            : [],
        ),
      );
      expect(NatGateways).toHaveLength(3);
      expect(pairs.sort()).toEqual(ZONES.map((zone) => [zone, zone]));
    });

    it("one writer and two readers are in different zones, encrypted, with seven days of backups", async () => {
      const rds = new RDSClient(client);
      const identifier = names.of("rds_cluster");
      const { DBClusters: [cluster] = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }));
      expect(cluster).toMatchObject({
        StorageEncrypted: true,
        BackupRetentionPeriod: 7,
        DeletionProtection: false,
        EngineVersion: "16.8",
        EnabledCloudwatchLogsExports: ["postgresql"],
      });
      expect(cluster?.DBClusterMembers?.map(({ IsClusterWriter }) => IsClusterWriter).sort()).toEqual([false, false, true]);
      const { DBInstances = [] } = await rds.send(
        new DescribeDBInstancesCommand({ Filters: [{ Name: "db-cluster-id", Values: [identifier] }] }),
      );
      expect(DBInstances.map(({ AvailabilityZone }) => AvailabilityZone).sort()).toEqual(ZONES);
      expect(
        DBInstances.filter(({ PubliclyAccessible, StorageEncrypted }) => PubliclyAccessible === true || StorageEncrypted === false),
      ).toEqual([]);
      expect(DBInstances.map(({ PromotionTier }) => PromotionTier).sort()).toEqual([0, 1, 2]);
    });

    it("exactly six tasks are desired, over three zones, and replaced when a zone is lost", async () => {
      const { services: [service] = [] } = await new ECSClient(client).send(
        new DescribeServicesCommand({ cluster: names.of("ecs_cluster"), services: [names.of("ecs_service")] }),
      );
      expect(service).toMatchObject({ desiredCount: 6, availabilityZoneRebalancing: "ENABLED" });
      expect(service?.deploymentConfiguration).toMatchObject({
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      });
      expect(service?.networkConfiguration?.awsvpcConfiguration?.subnets).toHaveLength(3);
      const { ScalableTargets = [] } = await new ApplicationAutoScalingClient(client).send(
        new DescribeScalableTargetsCommand({
          ServiceNamespace: "ecs",
          ResourceIds: [`service/${names.of("ecs_cluster")}/${names.of("ecs_service")}`],
        }),
      );
      expect(ScalableTargets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity])).toEqual([[6, 6]]);
    });

    it("the container gets its environment, its command and its secrets", async () => {
      const { taskDefinition } = await new ECSClient(client).send(
        new DescribeTaskDefinitionCommand({ taskDefinition: names.of("ecs_task_definition") }),
      );
      const [container] = taskDefinition?.containerDefinitions ?? [];
      expect(Object.fromEntries(container?.environment?.map(({ name, value }) => [name, value]) ?? [])).toEqual({
        ...TASK_ENVIRONMENT,
        PARAMETER_PATH: names.path(),
      });
      expect(container?.command).toEqual(["caddy", "respond", "--listen", ":8080", "--body", "ok"]);
      expect(container?.secrets?.map(({ name }) => name).sort()).toEqual([
        "DATABASE_NAME",
        "DATABASE_PASSWORD",
        "DATABASE_PORT",
        "DATABASE_READER_HOST",
        "DATABASE_USER",
        "DATABASE_WRITER_HOST",
        "SESSION_STORE",
      ]);
      expect(container).toMatchObject({ readonlyRootFilesystem: true, user: "1000:1000" });
    });

    it("targets are checked every 5 seconds, behind a load balancer in three zones", async () => {
      const elb = new ElasticLoadBalancingV2Client(client);
      const { TargetGroups: [targets] = [] } = await elb.send(
        new DescribeTargetGroupsCommand({ Names: [names.of("lb_target_group", "8080")] }),
      );
      expect(targets).toMatchObject({
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 3,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
        TargetType: "ip",
      });
      const { LoadBalancers: [balancer] = [] } = await elb.send(new DescribeLoadBalancersCommand({ Names: [names.of("lb")] }));
      expect(balancer?.AvailabilityZones?.map(({ ZoneName }) => ZoneName).sort()).toEqual(ZONES);
    });

    it("alarms have a period of one minute, and composite alarms notify an encrypted topic with an e-mail subscription", async () => {
      const { MetricAlarms = [], CompositeAlarms = [] } = await new CloudWatchClient(client).send(
        new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
      );
      const own = MetricAlarms.filter(({ AlarmName }) => AlarmName?.endsWith(SUFFIX));
      // AWS Backup reports every five minutes and works every six hours; certificates are counted in days, error budgets are used in
      // hours, and keys are checked every five minutes.
      const isSlow = ({ Namespace = "", AlarmName = "" }: MetricAlarm): boolean =>
        ["AWS/Backup", "AWS/CertificateManager"].includes(Namespace) || /backup-missing|error-budget|keys-unusable/.test(AlarmName);
      const periodsOf = ({ Period, Metrics = [] }: MetricAlarm): number[] =>
        [Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period)].filter((period) => period !== undefined);
      const quick = own.filter((alarm) => !isSlow(alarm));
      expect(quick.length).toBeGreaterThan(10);
      for (const alarm of quick) expect([new Set(periodsOf(alarm)), alarm.EvaluationPeriods]).toEqual([new Set([60]), 1]);
      const composite = CompositeAlarms.map(({ AlarmName = "" }) => AlarmName).filter((name) => name.endsWith(SUFFIX));
      expect(composite.sort()).toEqual(valuesOf("aws_cloudwatch_composite_alarm", "alarm_name"));
      expect(composite).toContain(names.of("cloudwatch_composite_alarm", "platform"));
      const platform = CompositeAlarms.find(({ AlarmName }) => AlarmName === names.of("cloudwatch_composite_alarm", "platform"));
      const [topic] = platform?.AlarmActions ?? [];
      const sns = new SNSClient(client);
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
      expect(Subscriptions.map(({ Protocol, Endpoint }) => [Protocol, Endpoint])).toEqual(
        cloud.config.alertEmails.map((email) => ["email", email]),
      );
      const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topic }));
      expect(Attributes?.["KmsMasterKeyId"]).toBeTruthy();
    });

    it("every log group of the environment is encrypted and has a retention", async () => {
      const { logGroups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}));
      const own = logGroups.filter(({ logGroupName }) => logGroupName?.includes(SUFFIX));
      expect(own.map(({ logGroupName }) => logGroupName).sort()).toEqual(valuesOf("aws_cloudwatch_log_group", "name"));
      expect(own.length).toBeGreaterThan(5);
      expect(own.filter(({ kmsKeyId, retentionInDays }) => !kmsKeyId || !retentionInDays)).toEqual([]);
    });

    it("the state contains no password either", () => {
      const passwords = state.flatMap(({ address, values }) =>
        Object.entries(values)
          .filter(([key, value]) => key.endsWith("password") && typeof value === "string" && value !== "")
          .map(([key]) => `${address}.${key}`),
      );
      expect(passwords).toEqual([]);
    });
  });

  describe("a release without a new synth", () => {
    it("rolls a new image out in place: a new task revision, and nothing else changes", async () => {
      const { text } = await terraform.planHasChanges("-var", "container_image=registry.bank.test/payments:1.4.2");
      expect(text).toMatch(/Plan: 1 to add, 1 to change, 1 to destroy\./);
      expect(text).toContain("aws_ecs_task_definition.service_task_definition must be replaced");
    });

    itSimulated("fails the apply of an image whose tasks do not start, says what runs, and applies the next one", async () => {
      const running = async (): Promise<string | undefined> => {
        const { services: [service] = [] } = await new ECSClient(client).send(
          new DescribeServicesCommand({ cluster: names.of("ecs_cluster"), services: [names.of("ecs_service")] }),
        );
        return service?.taskDefinition;
      };
      const release = (tag: string) =>
        step(`release ${tag}`, () =>
          terraform.run(
            "apply",
            "-input=false",
            "-auto-approve",
            "-no-color",
            "-var",
            `container_image=registry.bank.test/payments:${tag}`,
          ),
        );
      const before = await running();
      const { code, stderr } = await release("broken-1.5.0");
      const message = stderr.replaceAll(/[\s│]+/g, " ");
      expect({ code, message }).toEqual({
        code: 1,
        message: expect.stringContaining(
          `The deployment of ${names.of("ecs_service")} failed, and ECS rolled it back: the service runs ${before}, as before.`,
        ),
      });
      expect(await running()).toBe(before);
      expect((await release("1.5.1")).code).toBe(0);
      expect(await running()).not.toBe(before);
    });
  });

  describe("in the end", () => {
    it("destroy leaves nothing behind", async () => {
      await step("destroy", () => terraform.destroy());
      await global.destroy();
      state = [];
      expect(await cloud.leftovers()).toEqual([]);
    });
  });
});

import { BackupClient, StartBackupJobCommand } from "@aws-sdk/client-backup";
import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient, PutEventsCommand, StartReplayCommand } from "@aws-sdk/client-eventbridge";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetAliasCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { paginateListServices, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it, jest } from "@jest/globals";
import type { ServiceEvents } from "../../config/platform-events";
import { performIn } from "../support/aws-calls";
import { itSimulated } from "../support/cloud";
import { DATA_OPTIONS, OPERATIONS } from "../support/config";
import { describeDataOptions } from "../support/data-options";
import { describeLifecycle } from "../support/deployment";
import { execute } from "../support/state-machine";

jest.setTimeout(3 * 60 * 60 * 1000);

describeLifecycle(
  "a region with several services, an event bus, canaries and everything that operates it",
  "it-op",
  { ...OPERATIONS, ...DATA_OPTIONS },
  (deployed) => {
    describeDataOptions(deployed);

    const place = () => ({ region: deployed().region });
    const queueUrl = async (holds: string): Promise<string> => {
      const { QueueUrl = "" } = await new SQSClient(place()).send(
        new GetQueueUrlCommand({ QueueName: deployed().names.of("sqs_queue", holds) }),
      );
      return QueueUrl;
    };
    /** The text of a message: a topic puts it in an envelope, whose other fields differ when the text is delivered again. */
    const textOf = (body: string): string => (JSON.parse(body) as { readonly Message?: string }).Message ?? body;
    /** Takes every message out of a queue. */
    const drain = async (holds: string): Promise<string[]> => {
      const sqs = new SQSClient(place());
      const QueueUrl = await queueUrl(holds);
      const found: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }));
        if (Messages.length === 0) return found;
        for (const { Body = "", ReceiptHandle } of Messages) {
          found.push(textOf(Body));
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    };
    const send = async <Type extends keyof ServiceEvents>(type: Type, detail: ServiceEvents[Type]): Promise<void> => {
      const { FailedEntryCount } = await new EventBridgeClient(place()).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: deployed().names.of("cloudwatch_event_bus"),
              Source: "standfast.payments",
              DetailType: type,
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      expect(FailedEntryCount).toBe(0);
    };
    const payment = (key: string, value = "12.34", iban = "DE89370400440532013000"): object => ({
      idempotencyKey: `${key}-0123456789abcdef`,
      createdAt: new Date().toISOString(),
      amount: { value, currency: "EUR" },
      method: { type: "iban", iban },
    });
    const validate = async (request: object): Promise<unknown> => {
      const { Payload, FunctionError } = await new LambdaClient(place()).send(
        new InvokeCommand({
          FunctionName: deployed().names.of("lambda_function", "validate-payment"),
          Qualifier: "live",
          Payload: Buffer.from(JSON.stringify(request)),
        }),
      );
      expect(FunctionError).toBeUndefined();
      return JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown;
    };

    describe("additional services", () => {
      it("all run, each with its own number of tasks, and behind the load balancer if they have a path", async () => {
        const { names } = deployed();
        const { services = [] } = await new ECSClient(place()).send(
          new DescribeServicesCommand({
            cluster: names.of("ecs_cluster"),
            services: [undefined, "ledger", "risk"].map((role) => names.of("ecs_service", role)),
          }),
        );
        expect(
          services.map(({ serviceName, runningCount, loadBalancers = [], serviceRegistries = [] }) => [
            serviceName,
            runningCount,
            loadBalancers.length,
            serviceRegistries.length,
          ]),
        ).toEqual([
          ["service-it-op", 6, 1, 1],
          ["service-ledger-it-op", 6, 1, 1],
          ["service-risk-it-op", 6, 0, 1],
        ]);
      });

      it("get the requests of their paths, to healthy targets of their own", async () => {
        const balancing = new ElasticLoadBalancingV2Client(place());
        const groups: [string, number][] = [];
        for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: balancing }, {}))
          for (const { TargetGroupName = "", TargetGroupArn, TargetType } of TargetGroups) {
            if (TargetType !== "ip") continue;
            const { TargetHealthDescriptions = [] } = await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
            groups.push([TargetGroupName, TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length]);
          }
        expect(groups.sort()).toEqual([
          ["tg-8080-it-op", 6],
          ["tg-ledger-8081-it-op", 6],
        ]);
        const listeners = (await deployed().resources(deployed().region)).filter(
          ({ address }) => address === "aws_lb_listener.load-balancer_https",
        );
        const { Rules = [] } = await balancing.send(new DescribeRulesCommand({ ListenerArn: String(listeners[0]?.values["arn"]) }));
        const paths = Rules.filter(({ IsDefault }) => !IsDefault).map(({ Conditions = [] }) =>
          Conditions.flatMap(
            ({ PathPatternConfig, HttpRequestMethodConfig }) => PathPatternConfig?.Values ?? HttpRequestMethodConfig?.Values ?? [],
          ).sort(),
        );
        expect(paths.sort()).toEqual([
          ["/ledger", "/ledger/*"],
          ["/validations", "POST"],
        ]);
      });

      it("are found by each other under their private names", async () => {
        const found: string[] = [];
        for await (const { Services = [] } of paginateListServices({ client: new ServiceDiscoveryClient(place()) }, {}))
          found.push(...Services.map(({ Name = "" }) => Name));
        expect(found.sort()).toEqual(["ledger", "payments", "risk"]);
      });
    });

    describe("the validation of payments", () => {
      it("recognizes a repeated payment, and another one with the same key", async () => {
        const request = payment("direct");
        expect(await validate(request)).toEqual({ valid: true, repeated: false });
        expect(await validate(request)).toEqual({ valid: true, repeated: true });
        expect(await validate({ ...request, amount: { value: "99.00", currency: "EUR" } })).toEqual({
          valid: false,
          reasons: [{ code: "IDEMPOTENCY_KEY_REUSED", field: "idempotencyKey" }],
        });
      });

      it("responds to the load balancer as HTTP", async () => {
        const asked = (body: string) => validate({ requestContext: { elb: {} }, httpMethod: "POST", body, isBase64Encoded: false });
        expect(await asked(JSON.stringify(payment("http")))).toMatchObject({ statusCode: 200, body: '{"valid":true,"repeated":false}' });
        expect(await asked(JSON.stringify(payment("http-2", "12.34", "DE88370400440532013000")))).toMatchObject({
          statusCode: 422,
          body: '{"valid":false,"reasons":[{"code":"IBAN_INVALID","field":"method.iban"}]}',
        });
      });

      it("is called through an alias of its newest version", async () => {
        const { FunctionVersion, RoutingConfig } = await new LambdaClient(place()).send(
          new GetAliasCommand({ FunctionName: deployed().names.of("lambda_function", "validate-payment"), Name: "live" }),
        );
        expect({ FunctionVersion, weights: RoutingConfig?.AdditionalVersionWeights ?? {} }).toEqual({ FunctionVersion: "1", weights: {} });
      });
    });

    describe("the event bus", () => {
      itSimulated("has payments validated, and notifies on-call when an idempotency key is used again for another payment", async () => {
        await drain("alerts");
        const request = payment("events");
        await send("PaymentSubmitted", request);
        await send("PaymentSubmitted", { ...request, amount: { value: "99.00", currency: "EUR" } });
        // A function that is called asynchronously can run twice. The text contains the id of the submission.
        expect([...new Set(await drain("alerts"))]).toEqual([
          expect.stringMatching(/WARNING: Submission .* used the idempotency key of another payment/),
        ]);
        expect(await drain("event-dead-letters")).toEqual([]);
      });

      itSimulated("passes on what the application raises itself, and plays it again from the archive", async () => {
        const { names, cloud, region } = deployed();
        const from = new Date(Date.now() - 60_000);
        await send("AlertRaised", { summary: "the acquirer declines everything" });
        expect(await drain("alerts")).toEqual([
          expect.stringMatching(/CRITICAL: The application reports: the acquirer declines everything/),
        ]);
        const arn = (resource: string) => `arn:aws:events:${region}:${cloud.config.accountId}:${resource}`;
        await new EventBridgeClient(place()).send(
          new StartReplayCommand({
            ReplayName: "again",
            EventSourceArn: arn(`archive/${names.of("cloudwatch_event_archive")}`),
            EventStartTime: from,
            EventEndTime: new Date(Date.now() + 60_000),
            Destination: { Arn: arn(`event-bus/${names.of("cloudwatch_event_bus")}`) },
          }),
        );
        // The replay brings back the alert, and no submitted payment: those are not archived.
        const again = await drain("alerts");
        expect(again.filter((message) => message.includes("the acquirer declines everything"))).toHaveLength(1);
      });

      itSimulated("has the platform's health checked when the application doubts it", async () => {
        await send("HealthDoubted", { reason: "half of all payments time out" });
        const { stateMachineArn } = await deployed().runbook("health-check");
        const { executions = [] } = await new SFNClient(place()).send(new ListExecutionsCommand({ stateMachineArn }));
        expect(executions).toHaveLength(1);
      });
    });

    it("requests the service as clients do, and its log has the retention of the others", async () => {
      const resources = await deployed().resources(deployed().region);
      const canary = resources.find(({ address }) => address === "aws_synthetics_canary.canary-public_canary")?.values ?? {};
      expect(canary).toMatchObject({
        name: deployed().names.of("synthetics_canary", "public"),
        runtime_version: "syn-nodejs-5.2",
        status: "RUNNING",
        delete_lambda: true,
      });
      const logGroupNamePrefix = `/aws/lambda/${String(canary["engine_arn"]).split(":")[6] ?? ""}`;
      const { logGroups = [] } = await new CloudWatchLogsClient(place()).send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
      expect(logGroups).toMatchObject([{ retentionInDays: 90, kmsKeyId: expect.stringContaining("arn:aws:kms:") as unknown }]);
    });

    const withoutEndpoint = async (): Promise<number> => {
      const { events = [] } = await new CloudWatchLogsClient(place()).send(
        new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${deployed().names.of("lambda_function", "forward-alert")}` }),
      );
      return events.filter(({ message = "" }) => message.includes("the secret has no value: the alert is not forwarded")).length;
    };

    itSimulated("calls the function that forwards alerts, which logs that no endpoint is configured yet", async () => {
      expect(await withoutEndpoint()).toBeGreaterThan(0);
      expect(await drain("alert-dead-letters")).toEqual([]);
    });

    itSimulated("calls the same function for a heartbeat, of which on-call gets no message", async () => {
      const { names, cloud, region } = deployed();
      await drain("alerts");
      const before = await withoutEndpoint();
      await new SNSClient(place()).send(
        new PublishCommand({
          TopicArn: `arn:aws:sns:${region}:${cloud.config.accountId}:${names.of("sns_topic", "heartbeat")}`,
          Message: JSON.stringify({ AlarmName: names.of("cloudwatch_metric_alarm", "heartbeat"), NewStateValue: "ALARM" }),
        }),
      );
      expect(await withoutEndpoint()).toBe(before + 1);
      expect(await drain("alerts")).toEqual([]);
      expect(await drain("alert-dead-letters")).toEqual([]);
    });

    itSimulated("has delivered every event of AWS and of a schedule", async () => {
      expect(await drain("rule-dead-letters")).toEqual([]);
    });

    describe("its runbooks", () => {
      it("find the region well, and change nothing", async () => {
        const { parsed } = await deployed().runbook("health-check");
        expect((await execute(parsed, {}, performIn(deployed().region))).failure).toBeUndefined();
        expect((await deployed().planAgain(deployed().region)).changes).toBe(false);
      });

      itSimulated("miss no backup before there can be one, and find one that can be restored once there is", async () => {
        const { names, cloud, region } = deployed();
        const { parsed } = await deployed().runbook("backup-verification");
        const verify = () => execute(parsed, {}, performIn(region));
        expect((await verify()).failure).toBeUndefined();
        await new BackupClient(place()).send(
          new StartBackupJobCommand({
            BackupVaultName: names.of("backup_vault"),
            ResourceArn: `arn:aws:rds:${region}:${cloud.config.accountId}:cluster:${names.of("rds_cluster")}`,
            IamRoleArn: `arn:aws:iam::${cloud.config.accountId}:role/${names.of("iam_role", "backup")}`,
          }),
        );
        expect((await verify()).failure).toBeUndefined();
      });
    });
  },
);

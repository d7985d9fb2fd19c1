import { beforeAll, describe, expect, it, jest } from "@jest/globals";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateVpcCommand,
  DeleteNetworkAclCommand,
  DeleteVpcCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import * as events from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { strToU8, zipSync } from "fflate";
import { describeEmulator } from "../support/describe-emulator";

jest.setTimeout(60_000);

describeEmulator("the emulator", (client, emulator) => {
  it("listens on loopback only", () => {
    expect(emulator().endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("returns 501 immediately for what it lacks, and names it", async () => {
    const answer = await fetch(emulator().endpoint, {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "Action=CreateNetworkInsightsPath&Version=2016-11-15&Source=eni-1&Protocol=tcp&ClientToken=1",
    });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain("CreateNetworkInsightsPath");
  });

  it("counts nothing that AWS itself puts into an account", async () => {
    await new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}));
    expect(await emulator().inventory()).toEqual({});
  });

  it("returns the type and the code of an ICMP rule of a network ACL", async () => {
    const ec2 = new EC2Client(client("us-east-1"));
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    const { NetworkAcl } = await ec2.send(new CreateNetworkAclCommand({ VpcId: Vpc?.VpcId }));
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? "";
    for (const Egress of [true, false])
      await ec2.send(
        new CreateNetworkAclEntryCommand({
          NetworkAclId,
          Egress,
          RuleNumber: 90,
          Protocol: "1",
          RuleAction: "allow",
          CidrBlock: "0.0.0.0/0",
          IcmpTypeCode: { Type: 3, Code: 4 },
        }),
      );
    const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: [NetworkAclId] }));
    const entries = NetworkAcls?.[0]?.Entries?.filter(({ RuleNumber }) => RuleNumber === 90) ?? [];
    expect(entries.map(({ Egress, IcmpTypeCode }) => [Egress, IcmpTypeCode])).toEqual(
      [true, false].map((egress) => [egress, { Type: 3, Code: 4 }]),
    );
    await ec2.send(new DeleteNetworkAclCommand({ NetworkAclId }));
    await ec2.send(new DeleteVpcCommand({ VpcId: Vpc?.VpcId }));
  });

  it("deletes the tags of a log group with it", async () => {
    const logs = new CloudWatchLogsClient(client("us-east-1"));
    const logGroupName = "/aws/rds/cluster/again/postgresql";
    const tagsOfNew = async (tags?: Record<string, string>) => {
      await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
      const found = await logs.send(new ListTagsForResourceCommand({ resourceArn: logGroups[0]?.logGroupArn }));
      await logs.send(new DeleteLogGroupCommand({ logGroupName }));
      return found.tags;
    };
    expect([await tagsOfNew({ Name: "first" }), await tagsOfNew()]).toEqual([{ Name: "first" }, {}]);
  });

  it("deletes a DNS record with a set identifier, and not the records of other names with the same one", async () => {
    const route53 = new Route53Client(client("us-east-1"));
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name: "records.test", CallerReference: "records" }));
    const HostedZoneId = HostedZone?.Id;
    const change = (Action: "CREATE" | "DELETE", Name: string) =>
      route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId,
          ChangeBatch: {
            Changes: [
              {
                Action,
                ResourceRecordSet: {
                  Name,
                  Type: "CNAME",
                  TTL: 30,
                  SetIdentifier: "primary",
                  Failover: "PRIMARY",
                  ResourceRecords: [{ Value: "a.test" }],
                },
              },
            ],
          },
        }),
      );
    await change("CREATE", "one.records.test");
    await change("CREATE", "two.records.test");
    await change("DELETE", "one.records.test");
    const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
    expect(ResourceRecordSets.filter(({ Type }) => Type === "CNAME").map(({ Name }) => Name)).toEqual(["two.records.test."]);
    await change("DELETE", "two.records.test");
    await route53.send(new DeleteHostedZoneCommand({ Id: HostedZoneId }));
  });

  it("makes a region unreachable and reachable again; global services remain available", async () => {
    await emulator().cutOff("us-east-1");
    await expect(new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}))).rejects.toThrow();
    await expect(new EC2Client(client("us-west-2")).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
    await expect(new Route53Client(client("us-east-1")).send(new ListHostedZonesCommand({}))).resolves.toBeDefined();
    await emulator().cutOff();
    await expect(new EC2Client(client("us-east-1")).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  });

  describe("event patterns", () => {
    const bridge = () => new events.EventBridgeClient(client("us-east-1"));
    const matches = async (pattern: object, detail: object) => {
      const event = { id: "1", account: "1", source: "a.b", time: "", region: "", resources: [], "detail-type": "T", detail };
      const command = new events.TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) });
      return (await bridge().send(command)).Result;
    };

    it.each([
      [{ detail: { a: [{ "anything-but": { prefix: ["x", "y"] } }] } }, { a: "z" }, { a: "yes" }],
      [{ detail: { a: [{ numeric: [">", 1, "<=", 5] }] } }, { a: 5 }, { a: 1 }],
      [{ detail: { a: [{ exists: false }] } }, { b: 1 }, { a: null }],
      [{ detail: { a: [{ suffix: ".png" }, { "equals-ignore-case": "ICON" }] } }, { a: "icon" }, { a: "icons" }],
      [{ detail: { a: { b: ["c"] } } }, { a: [{ b: "d" }, { b: "c" }] }, { a: [{ b: "d" }] }],
      [{ $or: [{ detail: { a: [1] } }, { detail: { b: [1] } }] }, { b: 1 }, { a: true }],
    ])("%j match as on AWS", async (pattern, matching, other) => {
      expect(await matches(pattern, matching)).toBe(true);
      expect(await matches(pattern, other)).toBe(false);
    });

    it.each([{ source: [{ begins: "a" }] }, { source: "a" }, { source: [] }, { source: [{ numeric: ["about", 5] }] }])(
      "%j is refused",
      async (pattern) => {
        const put = new events.PutRuleCommand({ Name: "wrong", EventPattern: JSON.stringify(pattern) });
        await expect(bridge().send(put)).rejects.toThrow(events.InvalidEventPatternException);
      },
    );
  });

  describe("an event for an alias", () => {
    const ACCOUNT = "123456789012";
    const RULE = `arn:aws:events:us-east-1:${ACCOUNT}:rule/orders/every`;
    const code = (version: number) =>
      zipSync({
        "index.mjs": strToU8(`export const handler = ({ detail }) => {
          if (detail.fail) throw new Error("asked to");
          console.log("version ${version} got", detail.id);
        };`),
      });
    const fromEvents = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*" };
    const permission = {
      FunctionName: "taker",
      Qualifier: "live",
      StatementId: "events",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: RULE,
    };
    let bridge: events.EventBridgeClient;
    let functions: lambda.LambdaClient;

    const sqs = async (operation: string, input: object): Promise<{ Messages?: { Body: string }[] }> => {
      const answer = await fetch(emulator().endpoint, {
        method: "POST",
        headers: {
          authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0",
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `AmazonSQS.${operation}`,
        },
        body: JSON.stringify(input),
      });
      return (await answer.json()) as { Messages?: { Body: string }[] };
    };
    const queueArn = (name: string) => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
    const received = async (name: string) => {
      const { Messages } = await sqs("ReceiveMessage", { QueueUrl: `${emulator().endpoint}/${ACCOUNT}/${name}`, MaxNumberOfMessages: 10 });
      return (Messages ?? []).map(({ Body }) => (JSON.parse(Body) as { detail: unknown }).detail);
    };
    const printed = async () => {
      const logs = new CloudWatchLogsClient(client("us-east-1"));
      const { events: lines } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/taker" }));
      return (lines ?? []).map(({ message }) => message);
    };
    const put = (detail: object) =>
      bridge.send(
        new events.PutEventsCommand({
          Entries: [{ EventBusName: "orders", Source: "shop", DetailType: "Order", Detail: JSON.stringify(detail) }],
        }),
      );

    beforeAll(async () => {
      bridge = new events.EventBridgeClient(client("us-east-1"));
      functions = new lambda.LambdaClient(client("us-east-1"));
      await sqs("CreateQueue", { QueueName: "of-function" });
      await sqs("CreateQueue", { QueueName: "of-target", Attributes: { Policy: JSON.stringify({ Statement: [fromEvents] }) } });
      const Role = (
        await new IAMClient(client("us-east-1")).send(new CreateRoleCommand({ RoleName: "taker", AssumeRolePolicyDocument: "{}" }))
      ).Role?.Arn;
      await functions.send(
        new lambda.CreateFunctionCommand({
          FunctionName: "taker",
          Role,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: code(1) },
          Publish: true,
          DeadLetterConfig: { TargetArn: queueArn("of-function") },
        }),
      );
      await functions.send(new lambda.CreateAliasCommand({ FunctionName: "taker", Name: "live", FunctionVersion: "1" }));
      await functions.send(new lambda.UpdateFunctionCodeCommand({ FunctionName: "taker", ZipFile: code(2), Publish: true }));
      await bridge.send(new events.CreateEventBusCommand({ Name: "orders" }));
      await bridge.send(
        new events.PutRuleCommand({ Name: "every", EventBusName: "orders", EventPattern: JSON.stringify({ source: ["shop"] }) }),
      );
      const Arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:taker:live`;
      const Targets = [{ Id: "1", Arn, DeadLetterConfig: { Arn: queueArn("of-target") } }];
      await bridge.send(new events.PutTargetsCommand({ Rule: "every", EventBusName: "orders", Targets }));
    });

    it("goes to the dead-letter queue of the target while no permission allows the function to be invoked", async () => {
      await put({ id: "forbidden" });
      expect(await received("of-target")).toEqual([{ id: "forbidden" }]);
      await functions.send(new lambda.AddPermissionCommand(permission));
    });

    it("goes to the function's dead letters when the function fails", async () => {
      await put({ fail: true });
      expect(await received("of-function")).toEqual([{ fail: true }]);
      expect(await received("of-target")).toEqual([]);
    });

    it("runs the version that the alias names, and again when it is replayed from an archive", async () => {
      const EventSourceArn = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/orders`;
      await bridge.send(new events.CreateArchiveCommand({ ArchiveName: "orders", EventSourceArn }));
      await put({ id: "archived" });
      const hour = 3_600_000;
      await bridge.send(
        new events.StartReplayCommand({
          ReplayName: "again",
          EventSourceArn: `arn:aws:events:us-east-1:${ACCOUNT}:archive/orders`,
          EventStartTime: new Date(Date.now() - hour),
          EventEndTime: new Date(Date.now() + hour),
          Destination: { Arn: EventSourceArn },
        }),
      );
      expect((await bridge.send(new events.DescribeReplayCommand({ ReplayName: "again" }))).State).toBe("COMPLETED");
      expect((await printed()).filter((line) => line?.includes("archived"))).toEqual(Array(2).fill("version 1 got archived"));
      expect((await bridge.send(new events.DescribeArchiveCommand({ ArchiveName: "orders" }))).EventCount).toBe(1);
    });
  });

  describe("a user of a database", () => {
    const functions = () => new lambda.LambdaClient(client("us-east-1"));
    const secrets = () => new SecretsManagerClient(client("us-east-1"));
    const database = () => new rds.RDSClient(client("us-east-1"));
    const FunctionName = "function-set-service-user-it";
    const invoke = async (event: object): Promise<unknown> => {
      const { Payload } = await functions().send(new lambda.InvokeCommand({ FunctionName, Payload: strToU8(JSON.stringify(event)) }));
      return JSON.parse(Buffer.from(Payload ?? []).toString());
    };
    let host: string;

    beforeAll(async () => {
      const secret = (Name: string, password: string) =>
        secrets().send(new CreateSecretCommand({ Name, SecretString: JSON.stringify({ username: "root", password }) }));
      const { ARN: MASTER_SECRET_ARN = "" } = await secret("of-the-master-user", "not-a-secret");
      const { ARN: USER_SECRET_ARN = "" } = await secret("of-the-services", "another");
      const { DBCluster } = await database().send(
        new rds.CreateDBClusterCommand({
          DBClusterIdentifier: "users",
          Engine: "aurora-postgresql",
          MasterUsername: "root",
          MasterUserPassword: "not-a-secret",
        }),
      );
      host = DBCluster?.Endpoint ?? "";
      const { Role } = await new IAMClient(client("us-east-1")).send(
        new CreateRoleCommand({ RoleName: "of-users", AssumeRolePolicyDocument: "{}" }),
      );
      await functions().send(
        new lambda.CreateFunctionCommand({
          FunctionName,
          Role: Role?.Arn,
          Runtime: "nodejs22.x",
          Handler: "index.handler",
          Code: { ZipFile: zipSync({ "index.js": strToU8("") }) },
          Environment: {
            Variables: { HOST: host, USERNAME: "standfast_service", SCHEMA_CHANGES: "false", MASTER_SECRET_ARN, USER_SECRET_ARN },
          },
        }),
      );
    });

    it("is set only in a cluster that exists and has an instance", async () => {
      expect(await invoke({})).toMatchObject({ errorMessage: expect.stringContaining("the cluster has no instance") as unknown });
      const instance = { DBInstanceIdentifier: "users-1", DBClusterIdentifier: "users", DBInstanceClass: "db.r6g.large" };
      await database().send(new rds.CreateDBInstanceCommand({ ...instance, Engine: "aurora-postgresql" }));
      expect(await invoke({})).toEqual({ user: "standfast_service", host });
      expect(await invoke({ host: "nowhere" })).toMatchObject({ errorMessage: "getaddrinfo ENOTFOUND nowhere" });
    });

    it("is set only with the password of the master user", async () => {
      await database().send(new rds.ModifyDBClusterCommand({ DBClusterIdentifier: "users", MasterUserPassword: "changed-meanwhile" }));
      expect(await invoke({})).toMatchObject({ errorMessage: 'password authentication failed for user "root"' });
    });
  });

  describe("a global database", () => {
    const east = () => new rds.RDSClient(client("us-east-1"));
    const west = () => new rds.RDSClient(client("us-west-2"));
    const swap = (to: string, AllowDataLoss = false) => {
      const TargetDbClusterIdentifier = `arn:aws:rds:${to}:123456789012:cluster:member`;
      return east().send(
        new rds.FailoverGlobalClusterCommand({ GlobalClusterIdentifier: "world", TargetDbClusterIdentifier, AllowDataLoss }),
      );
    };
    const writers = async (from: rds.RDSClient) => {
      const { GlobalClusters } = await from.send(new rds.DescribeGlobalClustersCommand({ GlobalClusterIdentifier: "world" }));
      const members = GlobalClusters?.[0]?.GlobalClusterMembers ?? [];
      return members.filter(({ IsWriter }) => IsWriter).map(({ DBClusterArn }) => DBClusterArn?.split(":")[3]);
    };
    const sourceIn = async (region: rds.RDSClient) => {
      const { DBClusters } = await region.send(new rds.DescribeDBClustersCommand({ DBClusterIdentifier: "member" }));
      return DBClusters?.[0]?.ReplicationSourceIdentifier?.split(":")[3];
    };

    beforeAll(async () => {
      const Engine = "aurora-postgresql";
      await east().send(new rds.CreateGlobalClusterCommand({ GlobalClusterIdentifier: "world", Engine }));
      const member = { GlobalClusterIdentifier: "world", DBClusterIdentifier: "member", Engine };
      await east().send(new rds.CreateDBClusterCommand({ ...member, MasterUsername: "root", MasterUserPassword: "not-a-secret" }));
      await west().send(new rds.CreateDBClusterCommand(member));
    });

    it("swaps its roles, as both regions see", async () => {
      await swap("us-west-2");
      expect([await writers(east()), await writers(west())]).toEqual([["us-west-2"], ["us-west-2"]]);
      expect([await sourceIn(east()), await sourceIn(west())]).toEqual(["us-west-2", undefined]);
    });

    it("rejects members that it does not have and the one that writes", async () => {
      await expect(swap("eu-west-1")).rejects.toThrow(rds.DBClusterNotFoundFault);
      await expect(swap("us-west-2")).rejects.toThrow(rds.InvalidGlobalClusterStateFault);
    });

    it("does not lose its writer before its secondaries", async () => {
      const DBClusterIdentifier = "member";
      const refused = "that is a primary member of global cluster while there are other global cluster members";
      await expect(west().send(new rds.DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }))).rejects.toThrow(
        `Unable to delete cluster ${refused}`,
      );
      const DbClusterIdentifier = "arn:aws:rds:us-west-2:123456789012:cluster:member";
      await expect(
        west().send(new rds.RemoveFromGlobalClusterCommand({ GlobalClusterIdentifier: "world", DbClusterIdentifier })),
      ).rejects.toThrow(rds.InvalidGlobalClusterStateFault);
      const instance = { DBInstanceIdentifier: "last", DBInstanceClass: "db.r6g.large", Engine: "aurora-postgresql" };
      await west().send(new rds.CreateDBInstanceCommand({ ...instance, DBClusterIdentifier }));
      await expect(west().send(new rds.DeleteDBInstanceCommand({ DBInstanceIdentifier: "last" }))).rejects.toThrow(
        "Cannot delete the last instance of the master cluster.",
      );
      expect(await writers(east())).toEqual(["us-west-2"]);
    });

    it("is created from an existing cluster, which becomes its writer and cannot join another", async () => {
      const Engine = "aurora-postgresql";
      const user = { MasterUsername: "root", MasterUserPassword: "not-a-secret" };
      await west().send(new rds.CreateDBClusterCommand({ DBClusterIdentifier: "first", Engine, DatabaseName: "ledger", ...user }));
      const SourceDBClusterIdentifier = "arn:aws:rds:us-west-2:123456789012:cluster:first";
      const create = (GlobalClusterIdentifier: string, others: object = {}) =>
        west().send(new rds.CreateGlobalClusterCommand({ GlobalClusterIdentifier, SourceDBClusterIdentifier, ...others }));
      await expect(create("pair", { EngineVersion: "16.8" })).rejects.toThrow("value for EngineVersion should not be specified");
      const { GlobalCluster } = await create("pair");
      expect(GlobalCluster).toMatchObject({ Engine, DatabaseName: "ledger" });
      expect(GlobalCluster?.Endpoint).toMatch(/^pair\.global-[a-z0-9]+\.global\.rds\.amazonaws\.com$/);
      expect(GlobalCluster?.GlobalClusterMembers).toMatchObject([{ DBClusterArn: SourceDBClusterIdentifier, IsWriter: true }]);
      await expect(create("other")).rejects.toThrow(rds.InvalidDBClusterStateFault);
    });

    it("has no first member without a user", async () => {
      const Engine = "aurora-postgresql";
      await east().send(new rds.CreateGlobalClusterCommand({ GlobalClusterIdentifier: "empty", Engine }));
      const member = { GlobalClusterIdentifier: "empty", DBClusterIdentifier: "userless", Engine };
      await expect(west().send(new rds.CreateDBClusterCommand(member))).rejects.toThrow("The parameter MasterUsername must be provided");
    });

    it("fails over from a lost region only if data loss is allowed", async () => {
      await emulator().cutOff("us-west-2");
      await expect(swap("us-east-1")).rejects.toThrow(rds.InvalidGlobalClusterStateFault);
      await swap("us-east-1", true);
      await emulator().cutOff();
      expect(await writers(west())).toEqual(["us-east-1"]);
    });
  });
});

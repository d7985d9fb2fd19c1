import { describe, expect, it, jest } from "@jest/globals";
import * as backup from "@aws-sdk/client-backup";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as ecs from "@aws-sdk/client-ecs";
import * as elasticache from "@aws-sdk/client-elasticache";
import * as balancing from "@aws-sdk/client-elastic-load-balancing-v2";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as rds from "@aws-sdk/client-rds";
import * as route53 from "@aws-sdk/client-route-53";
import * as s3 from "@aws-sdk/client-s3";
import { strToU8, zipSync } from "fflate";
import { describeEmulator } from "../support/describe-emulator";

jest.setTimeout(120_000);

/** Changes that AWS rejects, and that a plan cannot foresee. */
describeEmulator("the emulator rejects, as AWS does,", (client, emulator) => {
  it("the deletion of an alarm that a composite alarm names, and a composite alarm of an alarm that does not exist", async () => {
    const alarms = new cloudwatch.CloudWatchClient(client("us-east-1"));
    const composite = (AlarmRule: string) => alarms.send(new cloudwatch.PutCompositeAlarmCommand({ AlarmName: "all", AlarmRule }));
    await expect(composite('ALARM("one")')).rejects.toThrow("in the alarm rule do not exist");
    await alarms.send(
      new cloudwatch.PutMetricAlarmCommand({
        AlarmName: "one",
        Namespace: "AWS/RDS",
        MetricName: "EngineUptime",
        Statistic: "Minimum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "LessThanThreshold",
      }),
    );
    await composite('ALARM("one")');
    const remove = (...AlarmNames: string[]) => alarms.send(new cloudwatch.DeleteAlarmsCommand({ AlarmNames }));
    await expect(remove("one")).rejects.toThrow("Cannot delete one as there are composite alarm(s) depending on it.");
    await remove("all");
    await remove("one");
  });

  it("a simple DNS record beside records with a routing policy, and the reverse", async () => {
    const dns = new route53.Route53Client(client("us-east-1"));
    const { HostedZone } = await dns.send(new route53.CreateHostedZoneCommand({ Name: "policies.test", CallerReference: "policies" }));
    const change = (...changes: [route53.ChangeAction, Partial<route53.ResourceRecordSet>][]) =>
      dns.send(
        new route53.ChangeResourceRecordSetsCommand({
          HostedZoneId: HostedZone?.Id,
          ChangeBatch: {
            Changes: changes.map(([Action, record]) => ({
              Action,
              ResourceRecordSet: { Name: "a.policies.test", Type: "CNAME", TTL: 30, ResourceRecords: [{ Value: "b.test" }], ...record },
            })),
          },
        }),
      );
    const primary = { SetIdentifier: "east", Failover: "PRIMARY" } as const;
    const weighted = { SetIdentifier: "east", Weight: 100 };
    await change(["CREATE", {}]);
    await expect(change(["CREATE", primary])).rejects.toThrow(
      "RRSet with DNS name a.policies.test., type CNAME, SetIdentifier east cannot be created as a non-failover set exists",
    );
    await change(["CREATE", { ...primary, Name: "other.policies.test" }]);
    await change(["DELETE", {}], ["CREATE", primary]);
    const simple = "RRSet with DNS name a.policies.test., type CNAME cannot be created as other RRSets exist with the same name and type.";
    await expect(change(["CREATE", {}])).rejects.toThrow(simple);
    await expect(change(["UPSERT", {}])).rejects.toThrow(simple);
    await change(["CREATE", { SetIdentifier: "west", Failover: "SECONDARY" }]);
    await expect(change(["UPSERT", weighted])).rejects.toThrow("as a non-weighted set exists");
    await change(["DELETE", { SetIdentifier: "west", Failover: "SECONDARY" }], ["UPSERT", weighted]);
  });

  describe("in a network,", () => {
    const network = () => new ec2.EC2Client(client("us-east-1"));
    const balancers = () => new balancing.ElasticLoadBalancingV2Client(client("us-east-1"));
    const IN_USE = /^The subnet 'subnet-\w+' has dependencies and cannot be deleted\.$/;
    const PUBLIC = /^Network vpc-\w+ has some mapped public address\(es\)\./;
    const createVpc = async (cidr: string) => {
      const { Vpc } = await network().send(new ec2.CreateVpcCommand({ CidrBlock: `${cidr}.0.0/16` }));
      const VpcId = Vpc?.VpcId ?? "";
      const create = ([zone, part]: [string, number]) =>
        network().send(new ec2.CreateSubnetCommand({ VpcId, AvailabilityZone: `us-east-1${zone}`, CidrBlock: `${cidr}.${part}.0/24` }));
      const subnets = await Promise.all(Object.entries({ a: 1, b: 2 }).map(create));
      return { VpcId, SubnetIds: subnets.map(({ Subnet }) => Subnet?.SubnetId ?? "") };
    };
    const attachGateway = async (VpcId: string) => {
      const { InternetGateway } = await network().send(new ec2.CreateInternetGatewayCommand({}));
      const InternetGatewayId = InternetGateway?.InternetGatewayId;
      await network().send(new ec2.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
      return () => network().send(new ec2.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    };
    const createBalancer = async (Name: string, Subnets: string[], Scheme: balancing.LoadBalancerSchemeEnum) => {
      const { LoadBalancers } = await balancers().send(new balancing.CreateLoadBalancerCommand({ Name, Subnets, Scheme }));
      const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
      return () => balancers().send(new balancing.DeleteLoadBalancerCommand({ LoadBalancerArn }));
    };
    const deleteSubnet = (SubnetId?: string) => network().send(new ec2.DeleteSubnetCommand({ SubnetId }));

    it("an internet-facing load balancer in a VPC without an internet gateway", async () => {
      const { VpcId, SubnetIds } = await createVpc("10.1");
      await expect(createBalancer("door", SubnetIds, "internet-facing")).rejects.toMatchObject({
        name: "InvalidSubnetException",
        message: `VPC ${VpcId} has no internet gateway`,
      });
      await createBalancer("inside", SubnetIds, "internal");
      await attachGateway(VpcId);
      await createBalancer("door", SubnetIds, "internet-facing");
    });

    it("the deletion of a subnet that a load balancer uses, and the detachment of its internet gateway", async () => {
      const { VpcId, SubnetIds } = await createVpc("10.2");
      const detach = await attachGateway(VpcId);
      const remove = await createBalancer("front", SubnetIds, "internet-facing");
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await expect(detach()).rejects.toThrow(PUBLIC);
      await remove();
      await deleteSubnet(SubnetIds[0]);
      await detach();
    });

    it("the deletion of a subnet that a NAT gateway uses, and the detachment of its internet gateway", async () => {
      const { VpcId, SubnetIds } = await createVpc("10.3");
      const detach = await attachGateway(VpcId);
      const { AllocationId } = await network().send(new ec2.AllocateAddressCommand({ Domain: "vpc" }));
      const { NatGateway } = await network().send(new ec2.CreateNatGatewayCommand({ SubnetId: SubnetIds[0], AllocationId }));
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await expect(detach()).rejects.toThrow(PUBLIC);
      await network().send(new ec2.DeleteNatGatewayCommand({ NatGatewayId: NatGateway?.NatGatewayId }));
      await deleteSubnet(SubnetIds[0]);
      await detach();
    });

    it("the deletion of a subnet that a DB instance uses", async () => {
      const { SubnetIds } = await createVpc("10.4");
      const database = new rds.RDSClient(client("us-east-1"));
      const DBSubnetGroupName = "data";
      await database.send(new rds.CreateDBSubnetGroupCommand({ DBSubnetGroupName, DBSubnetGroupDescription: "data", SubnetIds }));
      const cluster = { DBClusterIdentifier: "networked", Engine: "aurora-postgresql" };
      const user = { MasterUsername: "root", MasterUserPassword: "not-a-secret" };
      await database.send(new rds.CreateDBClusterCommand({ ...cluster, ...user, DBSubnetGroupName }));
      const instance = { ...cluster, DBInstanceIdentifier: "networked-1", DBInstanceClass: "db.r6g.large", DBSubnetGroupName };
      await database.send(new rds.CreateDBInstanceCommand(instance));
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await database.send(new rds.DeleteDBInstanceCommand({ DBInstanceIdentifier: "networked-1" }));
      await deleteSubnet(SubnetIds[0]);
    });

    it("the deletion of a subnet that the tasks of a service use, and the detachment of an internet gateway that they use", async () => {
      const { VpcId, SubnetIds: subnets } = await createVpc("10.5");
      const detach = await attachGateway(VpcId);
      const tasks = new ecs.ECSClient(client("us-east-1"));
      await tasks.send(new ecs.CreateClusterCommand({ clusterName: "tasks" }));
      const containerDefinitions = [{ name: "app", image: "app" }];
      await tasks.send(
        new ecs.RegisterTaskDefinitionCommand({ family: "app", networkMode: "awsvpc", cpu: "256", memory: "512", containerDefinitions }),
      );
      const service = { cluster: "tasks", taskDefinition: "app", launchType: "FARGATE", desiredCount: 1 } as const;
      const networkConfiguration = { awsvpcConfiguration: { subnets, securityGroups: [], assignPublicIp: "ENABLED" as const } };
      await tasks.send(new ecs.CreateServiceCommand({ ...service, serviceName: "app", networkConfiguration }));
      await expect(deleteSubnet(subnets[0])).rejects.toThrow(IN_USE);
      await expect(detach()).rejects.toThrow(PUBLIC);
      await tasks.send(new ecs.DeleteServiceCommand({ cluster: "tasks", service: "app", force: true }));
      await deleteSubnet(subnets[0]);
      await detach();
    });

    it("the deletion of a subnet that an interface endpoint uses", async () => {
      const { VpcId, SubnetIds } = await createVpc("10.6");
      const endpoint = { VpcId, SubnetIds, VpcEndpointType: "Interface", ServiceName: "com.amazonaws.us-east-1.sqs" } as const;
      const { VpcEndpoint } = await network().send(new ec2.CreateVpcEndpointCommand(endpoint));
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await network().send(new ec2.DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ""] }));
      await deleteSubnet(SubnetIds[0]);
    });

    it("the deletion of a subnet that a cache uses", async () => {
      const { SubnetIds } = await createVpc("10.7");
      const caches = new elasticache.ElastiCacheClient(client("us-east-1"));
      const CacheSubnetGroupName = "caches";
      const group = { CacheSubnetGroupName, CacheSubnetGroupDescription: "caches", SubnetIds };
      await caches.send(new elasticache.CreateCacheSubnetGroupCommand(group));
      const ReplicationGroupId = "networked";
      const cache = { ReplicationGroupId, ReplicationGroupDescription: "cache", Engine: "redis", CacheNodeType: "cache.t4g.small" };
      await caches.send(new elasticache.CreateReplicationGroupCommand({ ...cache, CacheSubnetGroupName }));
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await caches.send(new elasticache.DeleteReplicationGroupCommand({ ReplicationGroupId }));
      await deleteSubnet(SubnetIds[0]);
    });

    it("the deletion of a subnet that a function uses", async () => {
      const { SubnetIds } = await createVpc("10.8");
      const functions = new lambda.LambdaClient(client("us-east-1"));
      const { Role } = await new iam.IAMClient(client("us-east-1")).send(
        new iam.CreateRoleCommand({ RoleName: "networked", AssumeRolePolicyDocument: "{}" }),
      );
      const FunctionName = "networked";
      const code = { Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: zipSync({ "index.mjs": strToU8("") }) } } as const;
      const VpcConfig = { SubnetIds, SecurityGroupIds: [] };
      await functions.send(new lambda.CreateFunctionCommand({ FunctionName, Role: Role?.Arn, ...code, VpcConfig }));
      await expect(deleteSubnet(SubnetIds[0])).rejects.toThrow(IN_USE);
      await functions.send(new lambda.DeleteFunctionCommand({ FunctionName }));
      await deleteSubnet(SubnetIds[0]);
    });

    it("the deletion of a subnet that a proxy of a database uses", async () => {
      const { SubnetIds: VpcSubnetIds } = await createVpc("10.9");
      const database = new rds.RDSClient(client("us-east-1"));
      const DBProxyName = "networked";
      const access = { RoleArn: "arn:aws:iam::123456789012:role/proxy", Auth: [{ AuthScheme: "SECRETS" as const }] };
      await database.send(new rds.CreateDBProxyCommand({ DBProxyName, EngineFamily: "POSTGRESQL", VpcSubnetIds, ...access }));
      await expect(deleteSubnet(VpcSubnetIds[0])).rejects.toThrow(IN_USE);
      await database.send(new rds.DeleteDBProxyCommand({ DBProxyName }));
      await deleteSubnet(VpcSubnetIds[0]);
    });
  });

  describe("a request that the API model does not allow:", () => {
    const options = () => client("us-east-1");
    const createRole = (RoleName: string, others: object = {}) =>
      new iam.IAMClient(options()).send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}", ...others }));
    const changeRecord = (Action: string) =>
      new route53.Route53Client(options()).send(
        new route53.ChangeResourceRecordSetsCommand({
          HostedZoneId: "Z1",
          ChangeBatch: { Changes: [{ Action: Action as "CREATE", ResourceRecordSet: { Name: "a.test", Type: "A" } }] },
        }),
      );
    const createService = (launchType: string) =>
      new ecs.ECSClient(options()).send(new ecs.CreateServiceCommand({ serviceName: "one", launchType: launchType as "EC2" }));
    const createVault = (BackupVaultName: string) =>
      new backup.BackupClient(options()).send(new backup.CreateBackupVaultCommand({ BackupVaultName }));
    const enableVersioning = (Status: string) =>
      new s3.S3Client({ ...options(), forcePathStyle: true }).send(
        new s3.PutBucketVersioningCommand({ Bucket: "one", VersioningConfiguration: { Status: Status as "Enabled" } }),
      );
    const setMemory = (MemorySize: number) =>
      new lambda.LambdaClient(options()).send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName: "one", MemorySize }));
    const createSubnet = () =>
      new ec2.EC2Client(options()).send(new ec2.CreateSubnetCommand({ VpcId: undefined, CidrBlock: "10.0.0.0/24" }));
    const createLogin = (Password: string) =>
      new iam.IAMClient(options()).send(new iam.CreateLoginProfileCommand({ UserName: "one", Password }));
    const found = async (service: string, operation: string) =>
      (await emulator().apiChecks()).violations.filter((one) => one.service === service && one.operation === operation);

    it.each<[string, () => Promise<unknown>, string, string, string, string, string, string]>([
      [
        "an enumeration in JSON",
        () => createService("LAMBDA"),
        "ValidationException",
        "ecs",
        "CreateService",
        "launchType",
        "enum",
        "LAMBDA",
      ],
      [
        "an enumeration in XML",
        () => changeRecord("REMOVE"),
        "InvalidInput",
        "route53",
        "ChangeResourceRecordSets",
        "ChangeBatch.Changes[].Action",
        "enum",
        "REMOVE",
      ],
      [
        "an enumeration of S3",
        () => enableVersioning("On"),
        "MalformedXML",
        "s3",
        "PutBucketVersioning",
        "VersioningConfiguration.Status",
        "enum",
        "On",
      ],
      ["a pattern", () => createRole("a role"), "ValidationError", "iam", "CreateRole", "RoleName", "pattern [\\w+=,.@-]+", "a role"],
      [
        "a pattern of a name in the path",
        () => createVault("a vault"),
        "ValidationException",
        "backup",
        "CreateBackupVault",
        "BackupVaultName",
        "pattern ^[a-zA-Z0-9\\-\\_]{2,50}$",
        "a vault",
      ],
      [
        "a length",
        () => createRole("a".repeat(65)),
        "ValidationError",
        "iam",
        "CreateRole",
        "RoleName",
        "length of at most 64",
        "a".repeat(60),
      ],
      [
        "a minimum",
        () => setMemory(64),
        "ValidationException",
        "lambda",
        "UpdateFunctionConfiguration",
        "MemorySize",
        "value of at least 128",
        "64",
      ],
      ["what is required", createSubnet, "MissingParameter", "ec2", "CreateSubnet", "VpcId", "required", ""],
      [
        "a secret, whose value is not recorded",
        () => createLogin("\u0416"),
        "ValidationError",
        "iam",
        "CreateLoginProfile",
        "Password",
        "pattern [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
        "(hidden)",
      ],
    ])("%s", async (_, request, name, service, operation, member, rule, value) => {
      await expect(request()).rejects.toMatchObject({ name, message: expect.stringContaining(`at '${member}'`) as unknown });
      expect(await found(service, operation)).toContainEqual({ service, operation, member, rule, value, count: 1 });
    });

    it("and accepts what it allows, in every letter that a tag can have", async () => {
      const { requests } = await emulator().apiChecks();
      const Tags = [{ Key: "place", Value: "Zürich 東京 +-=._:/@" }];
      await createRole("a".repeat(64), { Tags });
      await expect(createRole("tagged", { Tags: [{ Key: "place", Value: "#1" }] })).rejects.toThrow("Tags[].Value");
      const after = await emulator().apiChecks();
      expect(after.requests).toBe(requests + 2);
      expect(after.unchecked_patterns).toEqual([]);
      expect(after.violations.filter(({ member }) => member.startsWith("Tags"))).toMatchObject([{ value: "#1", count: 1 }]);
    });

    it("and records members that the model does not have, which services ignore", async () => {
      const answer = await fetch(emulator().endpoint, {
        method: "POST",
        headers: {
          authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0",
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
        },
        body: JSON.stringify({ maxResults: 5, clusterColour: "red" }),
      });
      expect(answer.status).toBe(200);
      expect(await found("ecs", "ListClusters")).toMatchObject([{ member: "ListClustersRequest.clusterColour", rule: "unknown" }]);
    });
  });

  describe("an upgrade", () => {
    const user = { MasterUsername: "root", MasterUserPassword: "not-a-secret" };
    const database = (region = "us-east-1") => new rds.RDSClient(client(region));
    const upgrade = (DBClusterIdentifier: string, EngineVersion: string, others: object = {}, region?: string) =>
      database(region).send(new rds.ModifyDBClusterCommand({ DBClusterIdentifier, EngineVersion, ApplyImmediately: true, ...others }));
    const createCluster = (DBClusterIdentifier: string, EngineVersion: string, others: object = {}, region?: string) =>
      database(region).send(
        new rds.CreateDBClusterCommand({
          DBClusterIdentifier,
          Engine: EngineVersion.includes("mysql") ? "aurora-mysql" : "aurora-postgresql",
          EngineVersion,
          ...others,
        }),
      );
    const createGroup = (version: string) =>
      database().send(
        new rds.CreateDBParameterGroupCommand({
          DBParameterGroupName: `own-${version}`,
          DBParameterGroupFamily: `aurora-postgresql${version}`,
          Description: "own",
        }),
      );

    it("to a major version without the permission for it, without a parameter group of it, or back", async () => {
      await createCluster("alone", "16.8", user);
      await createGroup("16");
      await createGroup("17");
      const instance = { DBInstanceIdentifier: "alone-1", DBInstanceClass: "db.r6g.large", Engine: "aurora-postgresql" };
      await database().send(new rds.CreateDBInstanceCommand({ ...instance, DBClusterIdentifier: "alone", DBParameterGroupName: "own-16" }));
      const allowed = { AllowMajorVersionUpgrade: true };
      await expect(upgrade("alone", "17.7")).rejects.toThrow("The AllowMajorVersionUpgrade flag must be present");
      await expect(upgrade("alone", "17.7", allowed)).rejects.toThrow("You must explicitly specify a new DB instance parameter group");
      await expect(upgrade("alone", "17.7", { ...allowed, DBInstanceParameterGroupName: "own-16" })).rejects.toThrow("is of family");
      await expect(upgrade("alone", "16.13", { DBInstanceParameterGroupName: "own-16" })).rejects.toThrow(
        "db-instance-parameter-group-name can only be specified for a major",
      );
      const remove = (version: string) =>
        database().send(new rds.DeleteDBParameterGroupCommand({ DBParameterGroupName: `own-${version}` }));
      await expect(remove("16")).rejects.toThrow("still members of this parameter group");
      await upgrade("alone", "17.7", { ...allowed, DBInstanceParameterGroupName: "own-17" });
      await remove("16");
      await expect(upgrade("alone", "16.8")).rejects.toThrow("Cannot upgrade aurora-postgresql from 17.7 to 16.8");
    });

    it("of a member of a global database in the wrong order or to a major version, and of MySQL through the global database", async () => {
      const version = "8.0.mysql_aurora.3.08.0";
      const newer = "8.0.mysql_aurora.3.10.4";
      const global = { GlobalClusterIdentifier: "pair" };
      await database().send(new rds.CreateGlobalClusterCommand({ ...global, Engine: "aurora-mysql", EngineVersion: version }));
      await createCluster("east", version, { ...global, ...user });
      await createCluster("west", version, global, "us-west-2");
      await expect(upgrade("east", newer)).rejects.toThrow("Please upgrade global replicas first.");
      await expect(
        database().send(new rds.ModifyGlobalClusterCommand({ ...global, EngineVersion: newer, AllowMajorVersionUpgrade: true })),
      ).rejects.toThrow("can't perform minor version upgrades through ModifyGlobalCluster");
      await upgrade("west", newer, {}, "us-west-2");
      await upgrade("east", newer);
      await expect(upgrade("west", "8.4.mysql_aurora.8.4.0", { AllowMajorVersionUpgrade: true }, "us-west-2")).rejects.toThrow(
        "Major Version Upgrade isn't supported in a single member of a global cluster.",
      );
    });
  });
});

// An AWS CDK app with the topology of two regions of Standfast and about as many resources: see docs/performance.md
import { App, Duration, Stack, type StackProps } from "aws-cdk-lib";
import * as backup from "aws-cdk-lib/aws-backup";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as ecs from "aws-cdk-lib/aws-ecs";
import * as elasticache from "aws-cdk-lib/aws-elasticache";
import * as elb from "aws-cdk-lib/aws-elasticloadbalancingv2";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as kms from "aws-cdk-lib/aws-kms";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import * as rds from "aws-cdk-lib/aws-rds";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sns from "aws-cdk-lib/aws-sns";
import * as sqs from "aws-cdk-lib/aws-sqs";
import * as ssm from "aws-cdk-lib/aws-ssm";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";

const ALARMS = 200;
const RULES = 20;
const MACHINES = 6;
const PARAMETERS = 60;
const KEYS = 10;

class Region extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const vpc = new ec2.Vpc(this, "vpc", {
      availabilityZones: ["a", "b", "c"].map((zone) => `${this.region}${zone}`),
      natGateways: 3,
      subnetConfiguration: [
        { name: "public", subnetType: ec2.SubnetType.PUBLIC },
        { name: "app", subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: "data", subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    const keys = Array.from(
      { length: KEYS },
      (_, index) => new kms.Key(this, `key-${index}`, { enableKeyRotation: true, alias: `bench-${index}` }),
    );
    const [key] = keys;
    const topic = new sns.Topic(this, "alerts", { masterKey: key });
    const database = new rds.DatabaseCluster(this, "aurora", {
      engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_16_6 }),
      writer: rds.ClusterInstance.provisioned("a"),
      readers: [rds.ClusterInstance.provisioned("b"), rds.ClusterInstance.provisioned("c")],
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      storageEncryptionKey: key,
    });
    const subnets = new elasticache.CfnSubnetGroup(this, "cache-subnets", {
      description: "data subnets",
      subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    });
    new elasticache.CfnReplicationGroup(this, "redis", {
      replicationGroupDescription: "sessions",
      cacheNodeType: "cache.r7g.large",
      engine: "redis",
      numNodeGroups: 3,
      replicasPerNodeGroup: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      cacheSubnetGroupName: subnets.ref,
    });
    const cluster = new ecs.Cluster(this, "cluster", { vpc });
    const task = new ecs.FargateTaskDefinition(this, "task", { cpu: 1024, memoryLimitMiB: 2048 });
    task.addContainer("app", {
      image: ecs.ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
      portMappings: [{ containerPort: 8080 }],
      logging: ecs.LogDrivers.awsLogs({ streamPrefix: "app", logRetention: logs.RetentionDays.ONE_YEAR }),
    });
    const service = new ecs.FargateService(this, "service", {
      cluster,
      taskDefinition: task,
      desiredCount: 6,
      circuitBreaker: { rollback: true },
    });
    service.autoScaleTaskCount({ minCapacity: 6, maxCapacity: 24 }).scaleOnCpuUtilization("cpu", { targetUtilizationPercent: 60 });
    database.connections.allowDefaultPortFrom(service);
    const balancer = new elb.ApplicationLoadBalancer(this, "alb", { vpc, internetFacing: true });
    balancer.addListener("http", { port: 80 }).addTargets("service", { port: 8080, targets: [service] });
    const bucket = new s3.Bucket(this, "logs", {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      versioned: true,
      enforceSSL: true,
    });
    backup.BackupPlan.daily35DayRetention(this, "backups").addSelection("aurora", {
      resources: [backup.BackupResource.fromRdsDatabaseCluster(database)],
    });
    new sqs.Queue(this, "dead-letters", { enforceSSL: true });
    const check = new lambda.Function(this, "check", {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: "index.handler",
      code: lambda.Code.fromInline("exports.handler = async () => {}"),
      environment: { BUCKET: bucket.bucketName },
    });
    bucket.grantRead(check);
    for (let index = 0; index < RULES; index++)
      new events.Rule(this, `rule-${index}`, {
        eventPattern: { source: ["aws.rds"], detailType: [`event ${index}`] },
        targets: [new targets.SnsTopic(topic), new targets.LambdaFunction(check)],
      });
    for (let index = 0; index < MACHINES; index++)
      new sfn.StateMachine(this, `runbook-${index}`, {
        definitionBody: sfn.DefinitionBody.fromChainable(
          new sfn.Pass(this, `start-${index}`).next(
            new sfn.Wait(this, `wait-${index}`, { time: sfn.WaitTime.duration(Duration.seconds(5)) }),
          ),
        ),
      });
    for (let index = 0; index < PARAMETERS; index++)
      new ssm.StringParameter(this, `parameter-${index}`, { stringValue: database.clusterEndpoint.hostname });
    for (let index = 0; index < ALARMS; index++)
      new cloudwatch.Alarm(this, `alarm-${index}`, {
        metric: index % 2 === 0 ? database.metricCPUUtilization() : service.metricMemoryUtilization(),
        threshold: index,
        evaluationPeriods: 3,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      }).addAlarmAction({ bind: () => ({ alarmActionArn: topic.topicArn }) });
  }
}

const app = new App();
for (const region of ["us-east-1", "us-west-2"]) new Region(app, `region-${region}`, { env: { region } });
app.synth();

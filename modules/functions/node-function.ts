import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { viaService } from "../encryption/key";
import type { Statement } from "../iam/policy";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup, type LogSettings } from "../monitoring/log-group";
import type { Metric, Widget } from "../monitoring/metric";
import type { Queue } from "../queues/queue";
import { bundle } from "./bundle";

export interface NodeFunctionProps extends RegionScope, LogSettings {
  /** What the function does, as part of its name: `export-service`. Changing it replaces the function. */
  readonly purpose: string;
  /** Folder of its sources with an `index.ts` that exports `handler`. */
  readonly folder: string;
  /** Time after which a run is ended, 1–900. */
  readonly timeoutSeconds: number;
  /** Values that the code reads; no secrets, they can be read in the console. */
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do, beside writing its own log. */
  readonly statements: readonly Statement[];
  /** Subnets and groups of a VPC to run in. Destroying it waits until AWS has taken its interfaces away: up to 45 minutes. @default - outside */
  readonly vpc?: { readonly subnetIds: string[]; readonly securityGroupIds: string[] } | undefined;
  /** Runs at the same time that are kept free for it, and at most. @default - as many as the account has left */
  readonly reservedConcurrency?: number | undefined;
  /** Where events go that it could not work off, when it is called without waiting. @default - they are lost after two more tries */
  readonly deadLetters?: Queue;
  /** What callers of the alias `live` get, as HCL expressions: a version, none for the newest; and a share of calls for the newest all the same. @default - no alias */
  readonly release?: { readonly version: string; readonly newestPercent: string };
  /** Encrypts the environment at rest. */
  readonly keyArn: string;
  readonly alerts: Alerts;
  /** Section of the runbooks for a failing function, `backup.md#service-configuration`. */
  readonly runbook: string;
}

/** Newest runtime that the pinned provider knows. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIME = "nodejs22.x";
const MEMORY_MIB = 256;
const LIVE = "live";
/** Share of its time that a run may take. */
const MAX_DURATION_SHARE = 0.8;

/** A small function in TypeScript: bundled at synth, with a log of its own, traced, and with alarms on errors, throttles and duration. */
export class NodeFunction extends Construct {
  readonly arn: string;
  /** As a literal, for ARNs and metrics. */
  readonly name: string;
  /** As a reference: whoever uses it waits for the function. */
  readonly functionName: string;
  /** What callers call, where there is a release to be led: the alias. */
  readonly alias: { readonly name: string; readonly arn: string } | undefined;
  /** What the function's role may do, and the role itself. */
  readonly permissions: ServiceRole["ready"];
  readonly widgets: readonly Widget[];

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { names, purpose, deadLetters, reservedConcurrency } = props;
    this.name = names.of("lambda_function", purpose);
    const log = new LogGroup(this, "log", {
      name: `/aws/lambda/${this.name}`,
      keyArn: props.logKeyArn,
      retentionDays: props.logRetentionDays,
    });
    const role = this.role(props, log);
    this.permissions = role.ready;
    const zip = bundle(props.folder);
    const code = new TerraformAsset(this, "code", { path: zip, type: AssetType.FILE });
    const lambda = new LambdaFunction(this, "function", {
      functionName: this.name,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: createHash("sha256").update(readFileSync(zip)).digest("base64"),
      memorySize: MEMORY_MIB,
      timeout: props.timeoutSeconds,
      environment: { variables: { ...props.environment } },
      kmsKeyArn: props.keyArn,
      tracingConfig: { mode: "Active" },
      // Lambda's own levels, said all the same: left out, every plan would publish another version.
      loggingConfig: { logFormat: "JSON", logGroup: log.name, applicationLogLevel: "INFO", systemLogLevel: "INFO" },
      ...(props.vpc && { vpcConfig: props.vpc }),
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(deadLetters && { deadLetterConfig: { targetArn: deadLetters.arn } }),
      ...(props.release && { publish: true }),
      dependsOn: [...role.ready, log.resource],
    });
    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.alias = props.release && this.live(lambda, props.release);
    this.widgets = this.watch(props);
  }

  private role({ names, accountId, region, purpose, ...props }: NodeFunctionProps, log: LogGroup): ServiceRole {
    return new ServiceRole(this, "role", {
      names,
      accountId,
      purpose,
      service: "lambda.amazonaws.com",
      anyAccountBecause: "Lambda takes on roles of the function's own account only, and does not say for which",
      statements: [
        { Sid: "WriteOwnLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
        {
          Sid: "Trace",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          everyResourceBecause: "traces have no resource",
        },
        { Sid: "DecryptEnvironment", Action: "kms:Decrypt", Resource: props.keyArn, Condition: viaService("lambda", region) },
        ...(props.deadLetters?.grantSend("DeadLetters") ?? []),
        ...(props.vpc ? interfaces(`arn:aws:lambda:${region}:${accountId}:function:${this.name}`) : []),
        ...props.statements,
      ],
    });
  }

  /** Each apply with other code publishes a version; callers get it, unless the release holds an older one. */
  private live(
    lambda: LambdaFunction,
    { version, newestPercent }: NonNullable<NodeFunctionProps["release"]>,
  ): { name: string; arn: string } {
    const newest = `aws_lambda_function.${lambda.friendlyUniqueId}.version`;
    const alias = new LambdaAlias(this, "live", {
      name: LIVE,
      functionName: lambda.functionName,
      functionVersion: `\${${version} == "" ? ${newest} : ${version}}`,
    });
    alias.addOverride("dynamic.routing_config", {
      for_each: `\${${version} != "" && ${newestPercent} > 0 ? [${newestPercent}] : []}`,
      content: { additional_version_weights: `\${{ (${newest}) = routing_config.value / 100 }}` },
    });
    return { name: LIVE, arn: alias.arn };
  }

  private watch({ alerts, purpose, timeoutSeconds, runbook, deadLetters }: NodeFunctionProps): Widget[] {
    const metrics = functionMetrics(this.name);
    const alarm = (id: string, means: string, metric: Metric, above: number) =>
      alerts.alarm(this, `${purpose}-${id}`, {
        severity: "warning",
        means: `The function ${this.name} ${means}`,
        metric,
        when: { above },
        missingData: "notBreaching",
        runbook,
      });
    alarm("errors", "failed.", metrics.errors, 0);
    alarm("throttles", "is called more often than it may run.", metrics.throttles, 0);
    alarm(
      "duration",
      "takes almost all of its time: soon it will be ended before it is done.",
      metrics.duration,
      timeoutSeconds * 1000 * MAX_DURATION_SHARE,
    );
    if (deadLetters) alarm("events-lost", "failed, and what it should have worked off could not be kept.", metrics.lost, 0);
    return [
      { title: `Calls of ${purpose}`, metrics: [metrics.calls, metrics.errors, metrics.throttles] },
      { title: `Duration of ${purpose}`, metrics: [metrics.duration], threshold: { value: timeoutSeconds * 1000, label: "ended" } },
    ];
  }
}

/**
 * What Lambda does with interfaces in a VPC, by the function's role; the function's own code may not.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function interfaces(functionArn: string): Statement[] {
  const Action = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  const everyResourceBecause = "Lambda asks for them on every resource when the function is made";
  return [
    { Sid: "ConnectToVpc", Action, everyResourceBecause },
    {
      Sid: "NotByOwnCode",
      Effect: "Deny",
      Action: [...Action, "ec2:DetachNetworkInterface"],
      everyResourceBecause: "what is forbidden is forbidden everywhere",
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function functionMetrics(name: string) {
  const namespace = "AWS/Lambda";
  const dimensions = { FunctionName: name };
  return {
    calls: { namespace, name: "Invocations", dimensions, statistic: "Sum", label: "calls" },
    errors: { namespace, name: "Errors", dimensions, statistic: "Sum", label: "errors" },
    throttles: { namespace, name: "Throttles", dimensions, statistic: "Sum", label: "throttled" },
    duration: { namespace, name: "Duration", dimensions, statistic: "Maximum", label: "longest, in milliseconds" },
    lost: { namespace, name: "DeadLetterErrors", dimensions, statistic: "Sum", label: "lost events" },
  } satisfies Record<string, Metric>;
}

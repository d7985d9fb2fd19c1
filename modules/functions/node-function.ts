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
  /** Purpose of the function, as part of its name: `service-export`. Changing it replaces the function. */
  readonly purpose: string;
  /** Folder of its sources, with an `index.ts` that exports `handler`. */
  readonly folder: string;
  /** Exported function of `index.ts`. @default index.handler */
  readonly handler?: string;
  /** Timeout of an invocation, 1–900. */
  readonly timeoutSeconds: number;
  /** Environment variables. No secrets: the values are readable in the console. */
  readonly environment: Readonly<Record<string, string>>;
  /** Permissions in addition to the ones that every function has: log, traces, environment. */
  readonly statements: readonly Statement[];
  /** Subnets and security groups in a VPC. A destroy waits up to 45 minutes until AWS deletes the network interfaces. @default - not in a VPC */
  readonly vpc?: { readonly subnetIds: string[]; readonly securityGroupIds: string[] } | undefined;
  /** Reserved concurrency, which is also the maximum. @default - the unreserved concurrency of the account */
  readonly reservedConcurrency?: number | undefined;
  /** Dead-letter queue of asynchronous invocations. @default - an event is discarded after two retries */
  readonly deadLetters?: Queue;
  /**
   * Version of the alias `live`, empty for the newest, and the percentage of invocations that get the newest version, as HCL
   * expressions. @default - no alias
   */
  readonly release?: { readonly version: string; readonly newestPercent: string };
  /** Encrypts the environment at rest. */
  readonly keyArn: string;
  /** Receives the alarms and the events. */
  readonly alerts: Alerts;
  /** File and section in `docs/runbooks` for a failing function: `backup.md#service-configuration`. */
  readonly runbook: string;
}

/** Newest runtime that the pinned provider supports. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIME = "nodejs22.x";
const MEMORY_MIB = 256;
const LIVE = "live";
/** Share of the timeout above which the alarm on the duration fires. */
const MAX_DURATION_SHARE = 0.8;

/** A Lambda function in TypeScript: bundled at synth, with its own log group, tracing, and alarms on errors, throttles and duration. */
export class NodeFunction extends Construct {
  readonly arn: string;
  /** The name as a literal, for ARNs and metrics. */
  readonly name: string;
  /** The name as a reference: resources that use it depend on the function. */
  readonly functionName: string;
  /** The alias that callers invoke, if there is a `release`. */
  readonly alias: { readonly name: string; readonly arn: string } | undefined;
  /** The role of the function and its policy. */
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
      handler: props.handler ?? "index.handler",
      filename: code.path,
      sourceCodeHash: createHash("sha256").update(readFileSync(zip)).digest("base64"),
      memorySize: MEMORY_MIB,
      timeout: props.timeoutSeconds,
      environment: { variables: { ...props.environment } },
      kmsKeyArn: props.keyArn,
      tracingConfig: { mode: "Active" },
      // The default levels of Lambda. Without them, every plan would publish a version.
      loggingConfig: { logFormat: "JSON", logGroup: log.name, applicationLogLevel: "INFO", systemLogLevel: "INFO" },
      ...(props.vpc && { vpcConfig: props.vpc }),
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(deadLetters && { deadLetterConfig: { targetArn: deadLetters.arn } }),
      ...(props.release && { publish: true }),
      dependsOn: [...role.ready, log.resource],
    });
    this.arn = lambda.arn;
    this.functionName = lambda.functionName;
    this.alias = props.release && this.createAlias(lambda, props.release);
    this.widgets = this.createAlarms(props);
  }

  private role({ names, accountId, region, purpose, ...props }: NodeFunctionProps, log: LogGroup): ServiceRole {
    return new ServiceRole(this, "role", {
      names,
      accountId,
      purpose,
      service: "lambda.amazonaws.com",
      anyAccountBecause: "Lambda assumes only roles in the account of the function, and sets no aws:SourceAccount",
      statements: [
        { Sid: "WriteOwnLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
        {
          Sid: "Trace",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          everyResourceBecause: "X-Ray actions for traces have no resource type",
        },
        { Sid: "DecryptEnvironment", Action: "kms:Decrypt", Resource: props.keyArn, Condition: viaService("lambda", region) },
        ...(props.deadLetters?.grantSend("DeadLetters") ?? []),
        ...(props.vpc ? networkInterfacePermissions(`arn:aws:lambda:${region}:${accountId}:function:${this.name}`) : []),
        ...props.statements,
      ],
    });
  }

  /** Each apply with changed code publishes a version. The alias points to it, unless the release pins another version. */
  private createAlias(
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
    return { name: alias.name, arn: alias.arn };
  }

  /** Creates the alarms. @returns the widgets */
  private createAlarms({ alerts, purpose, timeoutSeconds, runbook, deadLetters }: NodeFunctionProps): Widget[] {
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
    const alarms = [
      alarm("errors", "failed.", metrics.errors, 0),
      alarm("throttles", "is throttled: its concurrency is exhausted.", metrics.throttles, 0),
      alarm(
        "duration",
        `takes more than ${MAX_DURATION_SHARE * 100} % of its timeout.`,
        metrics.duration,
        timeoutSeconds * 1000 * MAX_DURATION_SHARE,
      ),
      ...(deadLetters ? [alarm("events-lost", "failed, and the event could not be sent to the dead-letter queue.", metrics.lost, 0)] : []),
    ];
    alerts.composites.addComponent(this, `function-${purpose}`, alarms, { runbook });
    return [
      { title: `Invocations of ${purpose}`, metrics: [metrics.calls, metrics.errors, metrics.throttles] },
      { title: `Duration of ${purpose}`, metrics: [metrics.duration], threshold: { value: timeoutSeconds * 1000, label: "timeout" } },
    ];
  }
}

/**
 * Permissions of Lambda to manage network interfaces in a VPC with the role of the function. The code of the function is
 * denied the same actions.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkInterfacePermissions(functionArn: string): Statement[] {
  const Action = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ];
  const everyResourceBecause = "Lambda requires the actions on all resources when it creates the function";
  return [
    { Sid: "ManageNetworkInterfaces", Action, everyResourceBecause },
    {
      Sid: "DenyFunctionCode",
      Effect: "Deny",
      Action: [...Action, "ec2:DetachNetworkInterface"],
      everyResourceBecause: "the denial applies to all resources",
      Condition: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
function functionMetrics(name: string) {
  const namespace = "AWS/Lambda";
  const dimensions = { FunctionName: name };
  return {
    calls: { namespace, name: "Invocations", dimensions, statistic: "Sum", label: "invocations" },
    errors: { namespace, name: "Errors", dimensions, statistic: "Sum", label: "errors" },
    throttles: { namespace, name: "Throttles", dimensions, statistic: "Sum", label: "throttles" },
    duration: { namespace, name: "Duration", dimensions, statistic: "Maximum", label: "maximum, in milliseconds" },
    lost: { namespace, name: "DeadLetterErrors", dimensions, statistic: "Sum", label: "lost events" },
  } satisfies Record<string, Metric>;
}

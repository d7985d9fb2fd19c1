import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import { via } from "../encryption/key";
import type { Statement } from "../iam/policy";
import { ServiceRole } from "../iam/service-role";
import type { Alerts } from "../monitoring/alerts";
import { LogGroup } from "../monitoring/log-group";
import { bundle } from "./bundle";

export interface NodeFunctionProps {
  readonly names: Names;
  readonly region: string;
  readonly accountId: string;
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
  /** Encrypts the environment at rest. */
  readonly keyArn: string;
  readonly logKeyArn: string;
  readonly logRetentionDays: number;
  readonly alerts: Alerts;
  /** Section of the runbooks for a failing function, `backup.md#service-configuration`. */
  readonly runbook: string;
}

/** Newest runtime that the pinned provider knows. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const RUNTIME = "nodejs22.x";
const MEMORY_MIB = 256;

/** A small function in TypeScript: bundled at synth, outside the VPC, with a log of its own and an alarm on every error. */
export class NodeFunction extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { names, purpose } = props;
    const name = names.of("lambda_function", purpose);
    const log = new LogGroup(this, "log", { name: `/aws/lambda/${name}`, keyArn: props.logKeyArn, retentionDays: props.logRetentionDays });
    const role = new ServiceRole(this, "role", {
      names,
      accountId: props.accountId,
      purpose,
      service: "lambda.amazonaws.com",
      statements: [
        { Sid: "WriteOwnLog", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${log.arn}:*` },
        {
          Sid: "Trace",
          Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
          everyResourceBecause: "traces have no resource",
        },
        { Sid: "DecryptEnvironment", Action: "kms:Decrypt", Resource: props.keyArn, Condition: via("lambda", props.region) },
        ...props.statements,
      ],
    });
    const zip = bundle(props.folder);
    const code = new TerraformAsset(this, "code", { path: zip, type: AssetType.FILE });
    const lambda = new LambdaFunction(this, "function", {
      functionName: name,
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
      loggingConfig: { logFormat: "JSON", logGroup: log.name },
      dependsOn: [...role.ready, log.resource],
    });
    this.arn = lambda.arn;
    this.name = name;
    props.alerts.alarm(this, `${purpose}-errors`, {
      severity: "warning",
      means: `The function ${name} failed.`,
      metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: { FunctionName: name }, statistic: "Sum", label: "errors" },
      when: { above: 0 },
      missingData: "notBreaching",
      runbook: props.runbook,
    });
  }
}

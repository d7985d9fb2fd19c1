import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { viaService } from "../encryption/key";
import type { Connection, Parameter } from "../connections/connection";
import type { Statement } from "../iam/policy";

export interface ParametersProps extends RegionScope {
  /** Values by their path below the path of the environment: `database/port`. Never a secret value. */
  readonly values: Connection["parameters"];
  /** Paths of parameters that another stack creates. @default - none */
  readonly external?: readonly string[];
  /** Encrypts the sensitive ones. */
  readonly keyArn: string;
}

/** Settings of the environment for the services, under `/standfast/<suffix>/<region>/`: endpoints, ports, ARNs of secrets. */
export class Parameters extends Construct {
  /** The parameters that this stack creates: they must exist before a task starts. */
  readonly ready: readonly SsmParameter[];
  private readonly paths: ReadonlySet<string>;
  private readonly pathArn: string;
  private readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, { names, region, accountId, values, external = [], keyArn }: ParametersProps) {
    super(scope, id);
    this.pathArn = `arn:aws:ssm:${region}:${accountId}:parameter${names.path()}`;
    this.keyArn = keyArn;
    this.region = region;
    this.ready = Object.entries(values).map(([path, setting]) => {
      const { value, sensitive, changedByRunbook }: Parameter = typeof setting === "string" ? { value: setting } : setting;
      return new SsmParameter(this, path.replaceAll(/[^A-Za-z0-9-]/g, "-"), {
        name: names.path(path),
        value,
        ...(sensitive ? { type: "SecureString", keyId: keyArn } : { type: "String" }),
        ...(changedByRunbook && { lifecycle: { ignoreChanges: ["value"] } }),
      });
    });
    this.paths = new Set([...Object.keys(values), ...external]);
  }

  /**
   * The ARN as a literal: a task definition that refers to the parameter itself would depend on what is in it, the database for example.
   * @throws when there is no parameter with the path
   */
  arn(path: string): string {
    if (!this.paths.has(path)) throw new Error(`parameter ${path} does not exist`);
    return `${this.pathArn}/${path}`;
  }

  /** Permissions to read the parameters of this environment and no others. */
  grantRead(): Statement[] {
    return [
      {
        Sid: "ReadOwnParameters",
        Action: ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
        // GetParametersByPath is authorized against the path itself.
        Resource: [this.pathArn, `${this.pathArn}/*`],
      },
      {
        Sid: "DecryptOwnParameters",
        Action: "kms:Decrypt",
        Resource: this.keyArn,
        Condition: viaService("ssm", this.region),
      },
    ];
  }
}

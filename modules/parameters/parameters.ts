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
  private readonly arns: Readonly<Record<string, string>>;
  private readonly pathArn: string;
  private readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, { names, region, accountId, values, external = [], keyArn }: ParametersProps) {
    super(scope, id);
    this.pathArn = `arn:aws:ssm:${region}:${accountId}:parameter${names.path()}`;
    this.keyArn = keyArn;
    this.region = region;
    const own = Object.entries(values).map(([path, setting]): [string, string] => {
      const { value, sensitive, changedByRunbook }: Parameter = typeof setting === "string" ? { value: setting } : setting;
      const parameter = new SsmParameter(this, path.replaceAll(/[^A-Za-z0-9-]/g, "-"), {
        name: names.path(path),
        value,
        ...(sensitive ? { type: "SecureString", keyId: keyArn } : { type: "String" }),
        ...(changedByRunbook && { lifecycle: { ignoreChanges: ["value"] } }),
      });
      return [path, parameter.arn];
    });
    const others = external.map((path): [string, string] => [path, `${this.pathArn}/${path}`]);
    this.arns = Object.fromEntries([...own, ...others]);
  }

  /** @throws when there is no parameter with the path */
  arn(path: string): string {
    const arn = this.arns[path];
    if (arn === undefined) throw new Error(`parameter ${path} does not exist`);
    return arn;
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

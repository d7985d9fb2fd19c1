import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import type { RegionScope } from "../../config/naming";
import { viaService } from "../encryption/key";
import type { Connection, Parameter } from "../connections/connection";
import type { Statement } from "../iam/policy";

export interface ParametersProps extends RegionScope {
  /** Values by their path below the environment's own: `database/writer-endpoint`. Never a secret value. */
  readonly values: Connection["parameters"];
  /** Encrypts the sensitive ones. */
  readonly keyArn: string;
}

/** What the service must know of its environment, under `/standfast/<suffix>/<region>/`: endpoints, ports, ARNs of secrets. */
export class Parameters extends Construct {
  private readonly arns: Readonly<Record<string, string>>;
  private readonly pathArn: string;
  private readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, id: string, { names, region, accountId, values, keyArn }: ParametersProps) {
    super(scope, id);
    this.pathArn = `arn:aws:ssm:${region}:${accountId}:parameter${names.path()}`;
    this.keyArn = keyArn;
    this.region = region;
    this.arns = Object.fromEntries(
      Object.entries(values).map(([path, given]) => {
        const { value, sensitive, changedByRunbook }: Parameter = typeof given === "string" ? { value: given } : given;
        const parameter = new SsmParameter(this, path.replaceAll(/[^A-Za-z0-9-]/g, "-"), {
          name: names.path(path),
          value,
          ...(sensitive ? { type: "SecureString", keyId: keyArn } : { type: "String" }),
          ...(changedByRunbook && { lifecycle: { ignoreChanges: ["value"] } }),
        });
        return [path, parameter.arn];
      }),
    );
  }

  /** @throws when no value was given for the path */
  arn(path: string): string {
    const arn = this.arns[path];
    if (arn === undefined) throw new Error(`there is no parameter ${path}`);
    return arn;
  }

  /** What a role needs to read this environment's parameters and no others. */
  grantRead(): Statement[] {
    return [
      {
        Sid: "ReadOwnParameters",
        Action: ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
        // The path itself is what a listing is checked against.
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

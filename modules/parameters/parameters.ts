import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Construct } from "constructs";
import type { Names } from "../../config/naming";
import type { Statement } from "../iam/policy";

export interface ParametersProps {
  readonly names: Names;
  readonly region: string;
  readonly accountId: string;
  /** Values by their path below the environment's own: `database/writer-endpoint`. Never a secret value. */
  readonly values: Readonly<Record<string, string>>;
}

/** What the service must know of its environment, under `/standfast/<suffix>/<region>/`: endpoints, ports, ARNs of secrets. */
export class Parameters extends Construct {
  private readonly arns: Readonly<Record<string, string>>;
  private readonly pathArn: string;

  constructor(scope: Construct, id: string, { names, region, accountId, values }: ParametersProps) {
    super(scope, id);
    this.pathArn = `arn:aws:ssm:${region}:${accountId}:parameter${names.path("*")}`;
    this.arns = Object.fromEntries(
      Object.entries(values).map(([path, value]) => [
        path,
        new SsmParameter(this, path.replaceAll("/", "-"), { name: names.path(path), type: "String", value }).arn,
      ]),
    );
  }

  /** @throws when no value was given for the path */
  arn(path: string): string {
    const arn = this.arns[path];
    if (arn === undefined) throw new Error(`there is no parameter ${path}`);
    return arn;
  }

  /** What a role needs to read this environment's parameters and no others. */
  grantRead(): Statement {
    return {
      Sid: "ReadOwnParameters",
      Action: ["ssm:GetParameters", "ssm:GetParameter", "ssm:GetParametersByPath"],
      Resource: this.pathArn,
    };
  }
}

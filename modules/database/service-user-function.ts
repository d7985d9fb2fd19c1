import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Authentication, SERVICE_USERNAME } from "../../config/service-user";
import { NodeFunction, type NodeFunctionProps } from "../functions/node-function";
import { readSecretPermissions } from "./database-secret";
import type { Engine } from "./engine";

export interface ServiceUserFunctionProps extends Pick<
  NodeFunctionProps,
  "names" | "region" | "accountId" | "logKeyArn" | "logRetentionDays" | "keyArn" | "alerts"
> {
  /** Engine of the cluster, which decides the SQL statements. */
  readonly engine: Engine["kind"];
  /** TCP port of the database. */
  readonly port: number;
  /** Name of the database in which the user gets its rights. */
  readonly databaseName: string;
  /** Whether the user has a password or authenticates with IAM. */
  readonly authentication: Authentication;
  /** Whether the user may create, change and drop tables. */
  readonly schemaChanges: boolean;
  /** Secret of the master user, secret of the user if it has a password, and the KMS key that encrypts both. */
  readonly masterSecretArn: string;
  /** ARN of the secret of the user. Undefined with IAM authentication. */
  readonly userSecretArn: string | undefined;
  /** ARN of the KMS key of both secrets. */
  readonly secretKeyArn: string;
  /** Host name of the writer of the cluster. */
  readonly host: string;
  /** Path of the parameter with the host name to which the tasks connect, where a runbook changes it. @default - they use `host` */
  readonly hostParameter?: string | undefined;
  /** Version of the password. An increase makes the function set the password again. */
  readonly passwordVersion: number;
  /** Application subnets, and the security group. */
  readonly vpc: NonNullable<NodeFunctionProps["vpc"]>;
}

/** Longer than the attempts of one step, so that the function ends with the reason of the last one: at most 50 s. */
const TIMEOUT_SECONDS = 75;

/**
 * The function that creates the database user of the services. It runs in the VPC and as the master user, and only it and the proxy
 * read the master secret.
 */
export class ServiceUserFunction extends Construct {
  readonly arn: string;
  /** The role of the function and its policy. */
  readonly permissions: NodeFunction["permissions"];
  private readonly lambda: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceUserFunctionProps,
  ) {
    super(scope, id);
    const { region, accountId, userSecretArn, hostParameter } = props;
    const secretArns = userSecretArn === undefined ? props.masterSecretArn : [props.masterSecretArn, userSecretArn];
    this.lambda = new NodeFunction(this, "function", {
      ...props,
      purpose: "set-service-user",
      folder: "modules/database/set-service-user",
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        ENGINE: props.engine,
        PORT: String(props.port),
        DATABASE: props.databaseName,
        USERNAME: SERVICE_USERNAME,
        SCHEMA_CHANGES: String(props.schemaChanges),
        HOST: props.host,
        ...(hostParameter !== undefined && { HOST_PARAMETER: hostParameter }),
        MASTER_SECRET_ARN: props.masterSecretArn,
        ...(userSecretArn !== undefined && { USER_SECRET_ARN: userSecretArn }),
      },
      statements: [
        ...readSecretPermissions(secretArns, props.secretKeyArn, region),
        ...(hostParameter === undefined
          ? []
          : [{ Sid: "ReadHost", Action: "ssm:GetParameter", Resource: `arn:aws:ssm:${region}:${accountId}:parameter${hostParameter}` }]),
      ],
      runbook: "database.md#service-user",
    });
    this.arn = this.lambda.arn;
    this.permissions = this.lambda.permissions;
  }

  /**
   * Invokes the function in the apply that creates the user, and in each apply that changes it. An error of the function fails the apply.
   * The result is in the state: it contains no secret.
   * @param clusterId resource id of the cluster: a replaced cluster has no user
   * @param after the instances, and the way to the database and to AWS
   */
  invoke(clusterId: string, after: readonly ITerraformDependable[]): LambdaInvocation {
    const { passwordVersion, authentication, schemaChanges } = this.props;
    return new LambdaInvocation(this, "invocation", {
      functionName: this.lambda.functionName,
      input: JSON.stringify({}),
      triggers: {
        cluster: clusterId,
        password_version: String(passwordVersion),
        authentication,
        schema_changes: String(schemaChanges),
      },
      dependsOn: [...after],
    });
  }
}

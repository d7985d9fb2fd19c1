import { ModifyDBClusterCommand, RDSClient } from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

export interface Request {
  readonly clusterIdentifier: string;
}

const secrets = new SecretsManagerClient({});
const rds = new RDSClient({});

/**
 * Gives the master user of a cluster the password of the secret. Step Functions cannot do this itself: its executions are
 * logged with their data. Nothing that this function returns, throws or logs contains the password.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
 * @throws the error of AWS when it refuses a call
 */
export async function handler({ clusterIdentifier }: Request): Promise<Record<string, never>> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: requiredVariable("SECRET_ARN") }));
  await rds.send(
    new ModifyDBClusterCommand({
      DBClusterIdentifier: clusterIdentifier,
      MasterUserPassword: passwordIn(SecretString),
      ApplyImmediately: true,
    }),
  );
  return {};
}

function passwordIn(secret: string | undefined): string {
  const password = parse(secret ?? "")?.["password"];
  if (typeof password !== "string" || password === "") throw new Error("the secret has no password");
  return password;
}

/** The message of a syntax error would contain a part of the secret. */
function parse(secret: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(secret) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is missing`);
  return value;
}

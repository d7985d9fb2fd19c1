import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** A call takes at most this time: a function without a way to AWS APIs must say so before its own timeout. */
const OPTIONS = { maxAttempts: 2, requestHandler: { connectionTimeout: 2000, requestTimeout: 3000, throwOnRequestTimeout: true } };

/** The user and the password of a secret. @throws an error without any part of the secret */
export async function credentials(secretArn: string): Promise<Credentials> {
  const { SecretString } = await new SecretsManagerClient(OPTIONS).send(new GetSecretValueCommand({ SecretId: secretArn }));
  const { username, password } = parse(SecretString ?? "") ?? {};
  if (typeof username !== "string" || typeof password !== "string" || username === "" || password === "")
    throw new Error("the secret has no user name or no password");
  return { username, password };
}

/** The message of a syntax error would contain a part of the secret. */
function parse(secret: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(secret) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The value of a parameter. Undefined before the first apply of the stack that creates it. */
export async function parameter(name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await new SSMClient(OPTIONS).send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

import { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Notification, read } from "./alert";
import { endpoints, send } from "./endpoints";

const secrets = new SecretsManagerClient({});

/**
 * Passes messages of the alerts' topic on to every endpoint in a secret. One that fails does not keep the others from
 * getting theirs.
 * @throws when one failed: Lambda tries again twice, and those that took the message get it again
 */
export async function handler({ Records }: { readonly Records: readonly { readonly Sns: Notification }[] }): Promise<void> {
  const own = given("AWS_LAMBDA_FUNCTION_NAME");
  // An endpoint that is down would make this function's alarm ring, whose message would fail again, and so on.
  const messages = Records.map(({ Sns }) => Sns).filter(({ Message }) => !Message.includes(own));
  const known = messages.length > 0 ? await current() : [];
  const sent = await Promise.allSettled(
    messages.flatMap((message) => known.map((endpoint) => send(endpoint, read(message), given("SOURCE")))),
  );
  const failed = sent.filter((result) => result.status === "rejected").map(({ reason }) => (reason as Error).message);
  if (failed.length > 0) throw new Error(`${failed.length} of ${sent.length} endpoints did not take the alert: ${failed.join(", ")}`);
}

/** Read anew for each message: alerts are few, and a changed secret counts at once. */
async function current(): Promise<ReturnType<typeof endpoints>> {
  try {
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: given("ENDPOINTS_SECRET") }));
    return endpoints(SecretString);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    console.warn("the secret has no value yet: nobody is told");
    return [];
  }
}

function given(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}

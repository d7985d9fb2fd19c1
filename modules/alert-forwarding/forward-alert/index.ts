import { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Notification, toAlert } from "./alert";
import { endpoints, send } from "./endpoints";

const secrets = new SecretsManagerClient({});

/**
 * Forwards messages of the alerts topic to every endpoint in a secret, and those of the heartbeat topic to the endpoints that
 * expect a heartbeat. The failure of one endpoint does not affect the others.
 * @throws when an endpoint failed: Lambda retries twice, and all endpoints receive the message again
 */
export async function handler({ Records }: { readonly Records: readonly { readonly Sns: Notification }[] }): Promise<void> {
  const functionName = requiredVariable("AWS_LAMBDA_FUNCTION_NAME");
  const heartbeatTopic = requiredVariable("HEARTBEAT_TOPIC");
  // An endpoint that is down sets the alarm of this function to ALARM. Forwarding that alarm would fail again.
  const messages = Records.map(({ Sns }) => Sns).filter(({ Message }) => !Message.includes(functionName));
  const targets = messages.length > 0 ? await readEndpoints() : [];
  const sent = await Promise.allSettled(
    messages.flatMap((message) =>
      targets
        .filter(({ kind }) => (kind === "heartbeat") === (message.TopicArn === heartbeatTopic))
        .map((endpoint) => send(endpoint, toAlert(message), sourceOf(message))),
    ),
  );
  const failed = sent.filter((result) => result.status === "rejected").map(({ reason }) => (reason as Error).message);
  if (failed.length > 0) throw new Error(`${failed.length} of ${sent.length} endpoints did not accept the alert: ${failed.join(", ")}`);
}

/** The environment and the region of the topic: the alarms of two regions have the same names. */
function sourceOf({ TopicArn }: Notification): string {
  const [, , , region = ""] = TopicArn.split(":");
  return `${requiredVariable("SOURCE")}/${region}`;
}

/** Reads the secret for each message: alerts are rare, and a changed secret applies immediately. */
async function readEndpoints(): Promise<ReturnType<typeof endpoints>> {
  try {
    const { SecretString = "" } = await secrets.send(new GetSecretValueCommand({ SecretId: requiredVariable("ENDPOINTS_SECRET") }));
    return endpoints(SecretString);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    console.warn("the secret has no value: the alert is not forwarded");
    return [];
  }
}

function requiredVariable(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`the environment variable ${variable} is missing`);
  return value;
}

import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { NEEDS } from "./config";

/** The names of the secrets that `NEEDS` uses, and that are not the platform's. */
const NAMES = [
  ...Object.values(NEEDS.images.registry_secrets),
  NEEDS.service.secrets.PARTNER_TOKEN.secret,
  NEEDS.services.ledger.secrets.LEDGER_KEY.secret,
];

/** Creates them in each region, as a bank does before the first apply. */
export async function createGivenSecrets(regions: readonly string[]): Promise<void> {
  for (const region of regions) {
    const client = new SecretsManagerClient({ region });
    for (const Name of NAMES)
      await client.send(
        new CreateSecretCommand({ Name, SecretString: JSON.stringify({ username: "reader", password: "none", token: "none" }) }),
      );
  }
}

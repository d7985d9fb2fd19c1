import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** @throws when there are no credentials, or when they are not of the account in `terraform.tfvars` */
export async function checkAccount(wanted: string, region: string): Promise<void> {
  const actual = await accountOfCredentials(region);
  if (actual !== wanted)
    throw new Error(`The credentials are of account ${actual}, but account_id in terraform.tfvars is ${wanted}. Change one of them.`);
}

async function accountOfCredentials(region: string): Promise<string | undefined> {
  try {
    return (await new STSClient({ region }).send(new GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "CredentialsProviderError") throw error;
    throw new Error(`${error.message}. Set AWS_PROFILE to a profile that exists, or the variables of your credentials.`, { cause: error });
  }
}

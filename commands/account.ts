import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** @throws when the credentials are not of the account in `terraform.tfvars` */
export async function checkAccount(wanted: string, region: string): Promise<void> {
  const { Account: actual } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (actual !== wanted)
    throw new Error(`The credentials are of account ${actual}, but account_id in terraform.tfvars is ${wanted}. Change one of them.`);
}

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

/** Whether the credentials are of the account that is meant: another account's would find nothing, or make what no stack ever finds. */
export async function checkAccount(wanted: string, region: string): Promise<void> {
  const { Account: actual } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (actual !== wanted)
    throw new Error(`These credentials belong to account ${actual}, terraform.tfvars names ${wanted}. Change one of them.`);
}

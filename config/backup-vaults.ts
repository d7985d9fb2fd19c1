/** ARN of a backup vault, with its region and its account. */
export const VAULT_ARN = /^arn:aws:backup:([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):backup-vault:[A-Za-z0-9_-]{2,50}$/;

/** @throws for a text that is not the ARN of a vault */
export function parseVaultArn(arn: string): { readonly region: string; readonly account: string } {
  const [, region, account] = VAULT_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined) throw new Error(`${arn} is not the ARN of a backup vault`);
  return { region, account };
}

/** The accounts of vaults, each once. */
export function accountsOf(arns: readonly string[]): readonly string[] {
  return [...new Set(arns.map((arn) => parseVaultArn(arn).account))];
}

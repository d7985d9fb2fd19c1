/** Texts that are secrets by their form. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html, the prefixes of access keys */
const SECRET_TEXTS: readonly (readonly [what: string, form: RegExp])[] = [
  ["an access key of AWS", /\b(AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a token of GitHub", /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/],
  ["a token of Slack", /\bxox[abeoprs]-[\w-]{10}/],
  ["a key of Stripe", /\b[rs]k_live_[A-Za-z0-9]{16}/],
  ["a signed token", /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@]+@/i],
];

const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY(_ID)?)$/i;
/** A name or a place of a secret: an ARN, a path or a URL. */
const REFERENCE = /^(arn:|\/|[a-z][a-z0-9+.-]*:\/\/)/i;

/** What a variable is, if it looks like a secret: `a private key`. */
export function secretIn(name: string, value: string): string | undefined {
  const found = SECRET_TEXTS.find(([, form]) => form.test(value));
  if (found) return found[0];
  return SECRET_NAME.test(name) && value !== "" && !REFERENCE.test(value) ? "a secret by its name" : undefined;
}

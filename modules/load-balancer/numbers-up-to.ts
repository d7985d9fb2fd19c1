/**
 * A regular expression that matches the decimal numbers from 0 to `most`. It has no capturing group, which AWS WAF does not support.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html
 */
export function numbersUpTo(most: number): string {
  const digits = String(most);
  const shorter = digits.length > 1 ? [`[0-9]{1,${digits.length - 1}}`] : [];
  // Numbers that have the same first digits as `most`, and then a lower one.
  const lower = Array.from(digits).flatMap((digit, index) => {
    const rest = digits.length - index - 1;
    const highest = rest === 0 ? Number(digit) : Number(digit) - 1;
    return highest < 0 ? [] : [`${digits.slice(0, index)}[0-${highest}]${rest === 0 ? "" : `[0-9]{${rest}}`}`];
  });
  return `^(?:${[...shorter, ...lower].join("|")})$`;
}

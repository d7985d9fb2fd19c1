/** The range with a number in a range: `cidrsubnet`. @see https://developer.hashicorp.com/terraform/language/functions/cidrsubnet */
export function cidrSubnet(range: string, bits: number, index: number): string {
  const [address = "", length = "32"] = range.split("/");
  const longer = Number(length) + bits;
  return `${toText(base(address, Number(length)) + index * 2 ** (32 - longer))}/${longer}`;
}

/** An address in a range, by its number from the first, or, if negative, from the last. */
export function cidrHost(range: string, host: number): string {
  const [address = "", length = "32"] = range.split("/");
  const size = 2 ** (32 - Number(length));
  return toText(base(address, Number(length)) + (host < 0 ? size + host : host));
}

function base(address: string, length: number): number {
  const whole = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - length);
  return Math.floor(whole / size) * size;
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

/** What depends on use, with the quantity that is assumed. Not in the monthly total. */
export interface UsageItem {
  readonly stack: string;
  readonly address: string;
  readonly what: string;
  readonly unit: string;
  readonly price: number;
  readonly assumed: number;
  readonly monthly: number;
  readonly source: string;
  readonly verified: boolean;
}

import type { Values } from "./values";

/** Resources by type and name. */
export type ByType = Readonly<Record<string, Readonly<Record<string, Values>>>>;

/** Terraform JSON of one stack, as `cdktf synth` writes it, or as a person writes it. */
export interface TerraformJson {
  readonly resource?: ByType;
  readonly data?: ByType;
  readonly locals?: Values;
  readonly variable?: Readonly<Record<string, Values>>;
  readonly provider?: Values;
  readonly terraform?: Values;
  readonly module?: Readonly<Record<string, Values>>;
  readonly output?: Readonly<Record<string, Values>>;
}

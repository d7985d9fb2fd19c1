import type { RawConfig } from "../schema";

/** Keys that every environment sets itself. */
type OwnKeys = "preset" | "environment_suffix" | "account_id" | "dns";

/** All keys except those that every environment sets itself. Keys as in `terraform.tfvars`. */
export type PresetValues = Omit<RawConfig, OwnKeys> & { readonly dns: Omit<RawConfig["dns"], "zone_name" | "zone_id"> };

/** A system that `preset` in `terraform.tfvars` selects. */
export interface Preset {
  readonly name: string;
  /** Its requirements document, as in the headings of docs/requirements.md: `S000`. @default - none */
  readonly document?: string;
  /** Summary in one line, for `terraform.tfvars.example`. */
  readonly summary: string;
  /** Its row in the table of docs/deploy.md. */
  readonly overview: {
    readonly regions: string;
    readonly database: string;
    readonly sessions: string;
    readonly tasks: string;
    readonly addition: string;
  };
  readonly values: PresetValues;
}

type Deep<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Deep<Value[Key]> }
    : Value;

/** Values that replace those of a preset, before the user's file is applied. */
export type Overlay = Deep<PresetValues>;

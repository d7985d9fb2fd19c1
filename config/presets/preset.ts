import type { RawConfig } from "../schema";

/** What every environment must say for itself, because no preset can know it. */
type OwnKeys = "preset" | "environment_suffix" | "account_id" | "dns";

/** A complete system but for what only its owner knows. Keys as in `terraform.tfvars`. */
export type PresetValues = Omit<RawConfig, OwnKeys> & { readonly dns: Omit<RawConfig["dns"], "zone_name" | "zone_id"> };

/** A system that `preset` in `terraform.tfvars` names. */
export interface Preset {
  readonly name: string;
  /** The document that requires it, as the headings of docs/requirements.md say: `S000`. @default - none */
  readonly document?: string;
  /** In one line, for `terraform.tfvars.example`. */
  readonly summary: string;
  /** Its row in the table of README.md. */
  readonly overview: {
    readonly regions: string;
    readonly database: string;
    readonly sessions: string;
    readonly tasks: string;
    readonly besides: string;
  };
  readonly values: PresetValues;
}

type Deep<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Deep<Value[Key]> }
    : Value;

/** A change to any preset, laid over it before the user's own file. */
export type Overlay = Deep<PresetValues>;

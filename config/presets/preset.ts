import type { RawConfig } from "../schema";

/** What every environment must say for itself, because no preset can know it. */
type OwnKeys = "preset" | "environment_suffix" | "account_id" | "dns";

/** A complete system but for what only its owner knows. Keys as in `terraform.tfvars`. */
export type Preset = Omit<RawConfig, OwnKeys> & { readonly dns: Omit<RawConfig["dns"], "zone_name" | "zone_id"> };

type Deep<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Deep<Value[Key]> }
    : Value;

/** A change to any preset, laid over it before the user's own file. */
export type Overlay = Deep<Preset>;

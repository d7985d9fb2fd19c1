import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { once } from "./once";

/** The Terraform to test with: `TERRAFORM_BINARY_NAME`, as in cdktf itself, else the one on PATH. Undefined when there is none. */
export const findTerraform = once(() => firstThatRuns([process.env["TERRAFORM_BINARY_NAME"], "terraform"], ["version"]));

/** The minor version of the Terraform to test with: 11 of 1.11.4. */
export function terraformMinor(): number {
  const binary = findTerraform();
  if (!binary) return 0;
  const { terraform_version: version } = JSON.parse(
    execFileSync(binary, ["version", "-json"], {
      encoding: "utf8",
      env: { ...process.env, CHECKPOINT_DISABLE: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as { terraform_version: string };
  return Number(version.split(".")[1]);
}

/** A Python with the emulator's library. `PYTHON`, else the one on PATH. Undefined when there is none. */
export const findPythonWithMoto = once(() => firstThatRuns([process.env["PYTHON"], "python3", "python"], ["-c", "import moto"]));

/**
 * A folder that mirrors the Terraform registry, for machines that cannot download: `TERRAFORM_PROVIDER_MIRROR`, else a
 * mirror among the system's add-ons. Undefined leaves it to Terraform, which knows its own mirror folders and downloads
 * otherwise.
 */
export function findProviderMirror(): string | undefined {
  const named = process.env["TERRAFORM_PROVIDER_MIRROR"];
  if (named) return named;
  const ownFolders = [join(homedir(), ".terraform.d", "plugins"), "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"];
  if (ownFolders.some(isMirror)) return undefined;
  const addOns = "/opt";
  return existsSync(addOns)
    ? readdirSync(addOns)
        .map((name) => join(addOns, name))
        .find(isMirror)
    : undefined;
}

function isMirror(folder: string): boolean {
  return existsSync(join(folder, "registry.terraform.io", "hashicorp", "aws"));
}

function firstThatRuns(candidates: readonly (string | undefined)[], args: readonly string[]): string | undefined {
  return candidates.find((candidate) => {
    if (!candidate) return false;
    try {
      execFileSync(candidate, args, { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

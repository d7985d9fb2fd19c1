import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { satisfies } from "semver";
import packageJson from "../../package.json";
import type { Config } from "../../config/config";
import { minorVersion } from "../../config/terraform-version";
import { type Examination, readyIf } from "./finding";

/** What the machine needs that runs Terraform. */
export function machine(config: Config): readonly Examination[] {
  return [
    {
      scope: "machine",
      need: `Node.js ${packageJson.engines.node}`,
      examine: () => Promise.resolve(nodeFinding(process.versions.node)),
    },
    {
      scope: "machine",
      need: `Terraform ${config.terraformVersion} or newer`,
      examine: async () => terraformFinding(await terraformVersion(), config.terraformVersion),
    },
  ];
}

/** @param found version of Node.js: `20.19.2` */
export function nodeFinding(found: string): ReturnType<typeof readyIf> {
  return readyIf(
    satisfies(found, packageJson.engines.node),
    found,
    "Install a version of Node.js with long-term support: https://nodejs.org",
  );
}

/** @param found version of Terraform, undefined if there is none */
export function terraformFinding(found: string | undefined, lowest: string): ReturnType<typeof readyIf> {
  if (found === undefined)
    return readyIf(
      false,
      "not on PATH, and TERRAFORM_BINARY_NAME names none",
      "Install it: https://developer.hashicorp.com/terraform/install",
    );
  const newEnough = minorVersion(found.split(".").slice(0, 2).join(".")) >= minorVersion(lowest);
  return readyIf(newEnough, found, `Install ${lowest} or newer, or set terraform_version in terraform.tfvars to what you have`);
}

async function terraformVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(process.env["TERRAFORM_BINARY_NAME"] ?? "terraform", ["version", "-json"]);
    return (JSON.parse(stdout) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}

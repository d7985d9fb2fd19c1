import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigError, type Problem } from "./errors";
import { parseHcl } from "./parse-hcl";
import { type Resolved, resolve } from "./resolve";
import { decodeTemplates } from "./templates";

export interface Loaded extends Resolved {
  /** The keys of the file itself, as in the file. They are the defaults of the Terraform variables. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Whether `terraform.tfvars.example` takes the place of a missing `terraform.tfvars`. */
  readonly isExample: boolean;
}

/**
 * Reads the configuration of a folder from `TFVARS_FILE`, else `terraform.tfvars`, else the example.
 * `ENVIRONMENT_SUFFIX` overrides the suffix.
 * @param today decides whether a version is still supported
 * @throws {ConfigError} with every problem found
 */
export async function loadConfig(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  today = new Date(),
): Promise<Loaded> {
  const named = environment["TFVARS_FILE"];
  const own = join(folder, "terraform.tfvars");
  const file = named ?? (existsSync(own) ? own : join(folder, "terraform.tfvars.example"));
  const text = read(file);
  const suffix = environment["ENVIRONMENT_SUFFIX"];
  const given = { ...decoded(file, await parse(folder, file, text)), ...(suffix !== undefined && { environment_suffix: suffix }) };
  const { config, notices, objectives } = resolve(basename(file), given, today);
  const isExample = file.endsWith(".example") && !named;
  const missing = "terraform.tfvars does not exist: using terraform.tfvars.example. Run npm run init before you deploy.";
  return { config, given, isExample, notices: [...(isExample ? [missing] : []), ...notices], objectives };
}

function decoded(file: string, values: Record<string, unknown>): Record<string, unknown> {
  const problems: Problem[] = [];
  const result = decodeTemplates(values, problems) as Record<string, unknown>;
  if (problems.length > 0) throw new ConfigError(basename(file), problems);
  return result;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigError(basename(file), [
      {
        where: "",
        given: file,
        why: `cannot be read: ${(error as Error).message}`,
        instead: "the path of a readable file in TFVARS_FILE, or terraform.tfvars in the folder of main.ts",
      },
    ]);
  }
}

async function parse(folder: string, file: string, text: string): Promise<Record<string, unknown>> {
  try {
    return await parseHcl(folder, text);
  } catch (error) {
    // The parser names every file so.
    const message = String(error instanceof Error ? error.message : error)
      .replace(/\s+/g, " ")
      .replaceAll("terraform.tfvars:", `${basename(file)}:`);
    throw new ConfigError(basename(file), [
      {
        where: "",
        why: `is not valid HCL: ${message}`,
        instead: "lines of the form key = value, as in terraform.tfvars.example",
        source: "https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files",
      },
    ]);
  }
}

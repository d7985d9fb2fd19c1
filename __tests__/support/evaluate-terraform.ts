import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run";
import { findTerraform } from "./tools";

/** Evaluates expressions of a stack with Terraform itself. What refers to a resource becomes the text `known after apply`. */
export async function evaluate(
  variable: unknown,
  expressions: Readonly<Record<string, unknown>>,
  locals: unknown,
): Promise<Record<string, unknown>> {
  const terraform = findTerraform();
  if (!terraform) throw new Error("These tests need Terraform on PATH, or its path in TERRAFORM_BINARY_NAME.");
  const folder = mkdtempSync(join(tmpdir(), "standfast-evaluate-"));
  const text = JSON.stringify({
    variable,
    locals,
    output: Object.fromEntries(Object.entries(expressions).map(([name, value]) => [name, { value }])),
  });
  const reference = /(data\.)?(aws|terraform)_\w+\.[\w-]+(\.\w+|\[\d+\])+/g;
  writeFileSync(join(folder, "main.tf.json"), text.replaceAll(reference, '\\"known after apply\\"'));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: "1" };
  for (const command of [["init"], ["apply", "-auto-approve"]]) {
    const { code, stderr } = await run(terraform, [...command, "-input=false", "-no-color"], { cwd: folder, env });
    if (code !== 0) throw new Error(stderr);
  }
  const { stdout } = await run(terraform, ["output", "-json"], { cwd: folder, env });
  return Object.fromEntries(
    Object.entries(JSON.parse(stdout) as Record<string, { value: unknown }>).map(([name, { value }]) => [name, value]),
  );
}

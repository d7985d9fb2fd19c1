import { describe, expect, it } from "@jest/globals";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../config/errors";
import { loadConfig } from "../../config/load";
import { EVERYTHING, MINIMAL } from "../support/config";
import { regionStack } from "../support/synthesized";
import { evaluate } from "../support/evaluate-terraform";

/** Characters that HCL, JSON or Terraform read as more than themselves. */
const TEXT = 'costs ${amount} and %{rate}, %${each}, $5, 100%, "quoted", back\\slash, é 日本,\ttab\nsecond line';
/** The same text in a quoted string of a variable definitions file. */
const ESCAPED = TEXT.replaceAll("\\", "\\\\")
  .replaceAll('"', '\\"')
  .replaceAll("\n", "\\n")
  .replaceAll("\t", "\\t")
  .replaceAll("${", () => "$${")
  .replaceAll("%{", "%%{");
const HEREDOC = TEXT.replaceAll("${", () => "$${").replaceAll("%{", "%%{");
const HEALTH = 'CMD-SHELL", "curl -sfo /dev/null -w \\"%%{http_code}\\" http://$${HOST}:{port}/health || exit 1';

const file = (lines: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "standfast-text-"));
  const { preset, environment_suffix, account_id, dns, alert_emails } = MINIMAL;
  const required = { preset, environment_suffix, account_id, dns, alert_emails };
  const head = Object.entries(required).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  writeFileSync(join(folder, "terraform.tfvars"), [...head, lines].join("\n"));
  return folder;
};

interface Container {
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly healthCheck: { readonly command: readonly string[] };
}

describe("the text of a command or of an environment variable", () => {
  it("reaches the containers of every service character by character", async () => {
    const folder = file(`
      task_environment  = { QUOTED = "${ESCAPED}", HEREDOC = <<TEXT
${HEREDOC}
TEXT
      }
      container_command = ["say", "${ESCAPED}"]
      service           = { health_check_command = ["${HEALTH}"] }
    `);
    const { given } = await loadConfig(folder, {});
    const { task_environment, container_command, service } = given as {
      task_environment: object;
      container_command: string[];
      service: object;
    };
    const { ledger } = EVERYTHING.services;
    const stack = regionStack({
      ...EVERYTHING,
      task_environment,
      container_command,
      service: { ...EVERYTHING.service, ...service },
      services: { ...EVERYTHING.services, ledger: { ...ledger, task_environment, container_command, ...service } },
    });
    const addresses = { payments: "service_task_definition", ledger: "service-ledger_task_definition" };
    const expressions = Object.fromEntries(
      Object.entries(addresses).map(([name, id]) => [name, stack.resource(`aws_ecs_task_definition.${id}`)["container_definitions"]]),
    );
    const values = await evaluate(stack.json["variable"], expressions, stack.json["locals"]);
    for (const [name, port] of [
      ["payments", 8080],
      ["ledger", 8081],
    ] as const) {
      const [container] = JSON.parse(String(values[name])) as Container[];
      const variables = Object.fromEntries((container?.environment ?? []).map(({ name: key, value }) => [key, value]));
      expect(variables).toMatchObject({ QUOTED: TEXT, HEREDOC: `${TEXT}\n` });
      expect(container?.command).toEqual(["say", TEXT]);
      expect(container?.healthCheck.command).toEqual([
        "CMD-SHELL",
        `curl -sfo /dev/null -w "%{http_code}" http://\${HOST}:${port}/health || exit 1`,
      ]);
    }
  });

  it("is rejected where it is a template, or where Terraform would evaluate it, with all places in one report", async () => {
    const folder = file(`
      container_image  = "\${image}"
      task_environment = { HOME = "\${home}" }
      tags             = { Owner = "$\${team}" }
    `);
    const error = (await loadConfig(folder, {}).catch((thrown: unknown) => thrown)) as ConfigError;
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.problems.map(({ where, why }) => [where, why.split(/[,;]/)[0]])).toEqual([
      ["container_image", "is an expression or contains a template"],
      ["tags.Owner", "contains ${ or %{"],
      ["task_environment.HOME", "is an expression or contains a template"],
    ]);
  });
});

describe("the port of a container", () => {
  const definition = (protocol: string): string =>
    String(
      regionStack({ ...EVERYTHING, service: { ...EVERYTHING.service, protocol, health_check_command: ["CMD", "true"] } }).resource(
        "aws_ecs_task_definition.service_task_definition",
      )["container_definitions"],
    );

  it("is HTTP for Service Connect only if it is not encrypted", () => {
    expect(definition("HTTP")).toContain('"appProtocol" = "http"');
    expect(definition("HTTPS")).not.toContain("appProtocol");
  });
});

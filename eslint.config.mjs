import { readdirSync } from "node:fs";
import { join } from "node:path";
import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

/**
 * Forbidden imports of each folder, and the reason. main and commands → stacks → modules → the shared modules; config imports none of
 * them, and only scripts and tests import commands.
 */
const SHARED_MODULES = ["security", "encryption", "iam", "connections", "monitoring", "functions", "queues", "runbook-pages", "state"];
const ABOVE_STACKS = ["**/main", "**/commands/**", "**/scripts/**"];
const ABOVE_MODULES = [
  "**/stacks/**",
  ...ABOVE_STACKS,
  "**/config/config",
  "**/config/resolve",
  "**/config/load",
  "**/config/schema",
  "**/config/presets/**",
];
const MODULE_MESSAGE = `A module has its own props, never the whole configuration. Stacks connect modules; a module imports only the shared modules ${SHARED_MODULES.join(", ")}.`;
const modules = readdirSync(join(import.meta.dirname, "modules"));
const PROVIDER_ROOT = {
  name: "@cdktf/provider-aws",
  message: "Import @cdktf/provider-aws/lib/<resource>: the root loads every resource and takes seconds and a gigabyte of memory.",
};

const INTERNALS = {
  regex: "^(cdktf|constructs)/|^@cdktf/(provider-aws/lib/[^/]+|[^/]+(?<!/provider-aws))/.",
  message: "Files inside of a package of CDKTF are internal: another version, and CDK Terrain, may have others. Import the package.",
};

const restrict = (files, group, message) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { paths: [PROVIDER_ROOT], patterns: [INTERNALS, ...(group.length > 0 ? [{ group, message }] : [])] },
    ],
  },
});

export default tseslint.config(
  { ignores: ["node_modules/", "scripts/bench/aws-cdk/", "cdktf.out/", "coverage/", "site/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Messages contain numbers.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // In CDKTF, constructing a resource declares it; the instance is often not needed.
      "no-new": "off",
      // `environment["TFVARS_FILE"]`: the compiler requires brackets for keys that are not declared.
      "@typescript-eslint/dot-notation": "off",
      // Its fix, the `!` assertion, is forbidden by another rule of the same set.
      "@typescript-eslint/non-nullable-type-assertion-style": "off",
    },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", fetch: "readonly", AbortSignal: "readonly" } },
  },
  restrict(["__tests__/**", "scripts/**", "prove/**"], [], ""),
  restrict(["examples/**"], ["../*"], "An example imports the package by its name, as an app of another project does."),
  restrict(
    ["main.ts"],
    ["**/commands/**", "!**/commands/synth", "!**/commands/synth/*", "**/scripts/**"],
    "main.ts is the synth; the other commands are programs of their own.",
  ),
  restrict(
    ["commands/**"],
    ["**/scripts/**", "**/__tests__/**"],
    "Commands are the product; scripts and tests use them, never the reverse.",
  ),
  restrict(
    ["config/**"],
    ["**/stacks/**", "**/modules/**", "**/commands/**", "**/scripts/**", "cdktf", "@cdktf/provider-aws/*"],
    "config is plain data: it imports no stack, module or CDKTF.",
  ),
  restrict(["stacks/**"], ABOVE_STACKS, "Stacks wire modules; they know nothing above themselves."),
  restrict(["modules/**"], ABOVE_MODULES, MODULE_MESSAGE),
  ...modules
    .filter((module) => !SHARED_MODULES.includes(module))
    .map((module) => {
      const others = modules.filter((other) => other !== module && !SHARED_MODULES.includes(other));
      return restrict([`modules/${module}/**`], [...ABOVE_MODULES, ...others.map((other) => `**/${other}/**`)], MODULE_MESSAGE);
    }),
);

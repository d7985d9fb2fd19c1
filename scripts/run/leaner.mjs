import { readFileSync } from "node:fs";

/**
 * Whether a value has no token and resolves to itself. Tokens are `TfToken[…]` in a text, numbers below -1e280, and numbers in a
 * text, as in 4.5e+298. cdktf searches three regular expressions in each value, which takes a fifth of a synth.
 */
const IS_PLAIN = String.raw`
function isPlain(value) {
  if (typeof value === "string") return !value.includes("TfToken[") && !value.includes(" Map Token Value") && !/[-|\d.+]e[-|\d.eE+]/.test(value);
  if (typeof value === "number") return value > -1e280 && value !== token_1.Token.NUMBER_MAP_TOKEN_VALUE;
  return typeof value === "boolean";
}`;

/** Modules of cdktf, as the end of their path. In each, texts and what replaces them. */
const REPLACEMENTS = {
  // A stack trace for every token takes a tenth of a synth. No known error message of cdktf contains these traces.
  "tokens/private/stack-trace": [["exports.captureStackTrace = captureStackTrace;", "exports.captureStackTrace = () => [];"]],
  // It runs `terraform version` for each `terraform_data`. The JSON has `required_version`, which Terraform itself checks.
  "validations/validate-binary-version": [
    ['const child_process_1 = require("child_process");', ""],
    ['const semver = require("semver");', ""],
    ["validate() {", "validate() { return [];"],
  ],
  // Only an asset that cdktf itself zips needs it, and no stack has one.
  "private/fs": [['const archiver = require("archiver");', 'const archiver = (...args) => require("archiver")(...args);']],
  "tokens/private/resolve": [
    ["function resolve(obj, options) {", `${IS_PLAIN}\nfunction resolve(obj, options) {\nif (isPlain(obj)) return obj;`],
    ["const resolvedKey = makeContext()[0].resolve(key);", "const resolvedKey = isPlain(key) ? key : makeContext()[0].resolve(key);"],
    [
      "const value = makeContext(key)[0].resolve(obj[key]);",
      "const value = isPlain(obj[key]) ? obj[key] : makeContext(key)[0].resolve(obj[key]);",
    ],
  ],
  // For each token in a text, cdktf searches the rest of the text for `${` that is no token. A search that failed once always fails.
  "tokens/private/encoding": [
    [
      "let startMatch = ESCAPE_TOKEN_BEGIN_REGEX.exec(this.str);\n        let endMatch",
      "let startMatch = this.hasNoEscape ? null : ESCAPE_TOKEN_BEGIN_REGEX.exec(this.str);\n        this.hasNoEscape = !startMatch;\n        let endMatch",
    ],
  ],
  // The elements are resolved one by one. What the stack itself overrides is the rest.
  "terraform-stack": [
    [
      "(0, util_1.deepMerge)(tf, this.rawOverrides);\n        return (0, _tokens_1.resolve)(this, tf);",
      "(0, util_1.deepMerge)(tf, (0, _tokens_1.resolve)(this, this.rawOverrides));\n        return tf;",
    ],
  ],
};

/** A plugin of esbuild that leaves out work of cdktf that changes no byte of the JSON. @throws when cdktf has other code */
export const leaner = {
  name: "leaner",
  setup: ({ onLoad }) => {
    for (const [module, replacements] of Object.entries(REPLACEMENTS)) {
      const path = module.replaceAll("/", String.raw`[\\/]`);
      onLoad({ filter: new RegExp(String.raw`[\\/]cdktf[\\/]lib[\\/]${path}\.js$`) }, ({ path: file }) => ({
        contents: replacements.reduce((code, [from, to]) => replaced(code, from, to, file), readFileSync(file, "utf8")),
      }));
    }
  },
};

function replaced(code, from, to, file) {
  if (!code.includes(from)) throw new Error(`${file} does not contain ${from}: this version of cdktf needs another replacement`);
  return code.replace(from, () => to);
}

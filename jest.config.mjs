// The versions are pinned, as in scripts/run.mjs.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const shared = {
  testEnvironment: "node",
  // tsc checks the types; the transform only removes them.
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }] },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out/", "<rootDir>/node_modules/.cache/"],
};

export default {
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "/__tests__/emulator/"],
    },
    { ...shared, displayName: "emulator", testMatch: ["<rootDir>/__tests__/emulator/**/*.test.ts"] },
  ],
  // The emulator tests mostly wait, for seconds that the provider waits before it reads a new resource: more workers than cores are
  // faster. Each needs about 2 GB of memory.
  maxWorkers: 6,
  // Beside the emulator tests, a test that takes one second alone takes many.
  testTimeout: 120_000,
  testSequencer: "<rootDir>/scripts/jest-sequencer.mjs",
  reporters: ["default", "<rootDir>/scripts/jest-summary.mjs"],
};

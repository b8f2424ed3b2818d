/** Tests run what ships: imports of lib/, adapters/ and bin/ are answered from the build (see the resolver). */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/bench/", "\\.harness\\.test\\.ts$"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  resolver: "<rootDir>/__tests__/support/resolve-built.js",
  modulePathIgnorePatterns: ["<rootDir>/dist/package.json", "<rootDir>/.build"],
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/retry-once.ts"],
  // Time-outs are for what hangs: a machine may be busy.
  testTimeout: 40000,
  // Most suites wait for sockets and disks: three share two cores well.
  maxWorkers: 3,
};

/** The harnesses under bench/ in their short forms, and the like: they start and kill servers, and take the machine for themselves. */
module.exports = {
  ...require("./jest.config"),
  testMatch: ["<rootDir>/__tests__/bench/**/*.test.ts", "<rootDir>/__tests__/**/*.harness.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  maxWorkers: 1,
};

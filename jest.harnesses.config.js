/** The harnesses under bench/ in their short forms: they start and kill servers, and take the machine for themselves. */
module.exports = {
  ...require("./jest.config"),
  testMatch: ["<rootDir>/__tests__/bench/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  maxWorkers: 1,
};

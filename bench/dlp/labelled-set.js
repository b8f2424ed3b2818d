const { cleanCases } = require("./clean-cases");
const { personalCases } = require("./personal-cases");
const { seeded } = require("./random");
const { secretCases } = require("./secret-cases");

/**
 * More than 4,000 texts made from published formats, the same for the same seed. `labels` say what is to be found and where;
 * `about` names the entity that a text is about, found or not: `secret` for all credentials, `clean` for none.
 */
exports.labelledSet = function labelledSet(seed = 20_240_611) {
  const random = seeded(seed);
  return [...personalCases(random, 16), ...secretCases(random, 6), ...cleanCases(random, 20)];
};

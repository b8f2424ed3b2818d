const SECRETS = ["API_KEY", "JWT", "CONNECTION_STRING", "URL_CREDENTIALS", "GENERIC_SECRET", "PRIVATE_KEY"];

const classOf = (entity) => (SECRETS.includes(entity) ? "secret" : entity);
const overlaps = (one, other) => one.start < other.end && other.start < one.end;

/**
 * Compares labels with findings: `found[i]` are those of `cases[i]`. All credentials count as one entity; a URL
 * that a text about something else has is not held against anybody. Answers per entity
 * { truePositives, falsePositives, falseNegatives, precision, recall, f1 }, and the same for all personal data as `personal`.
 */
exports.score = function score(cases, found) {
  const counts = new Map();
  const count = (entity, what) => {
    const row = counts.get(entity) ?? { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
    row[what] += 1;
    counts.set(entity, row);
  };
  cases.forEach(({ labels, about }, at) => {
    for (const label of labels) {
      const hit = found[at].some((one) => classOf(one.entity) === classOf(label.entity) && overlaps(one, label));
      count(classOf(label.entity), hit ? "truePositives" : "falseNegatives");
    }
    for (const one of found[at]) {
      const elsewhere = one.entity === "URL" && about !== "URL" && about !== "clean";
      if (!elsewhere && !labels.some((label) => overlaps(one, label))) count(classOf(one.entity), "falsePositives");
    }
  });
  const personal = [...counts].filter(([entity]) => entity !== "secret").map(([, row]) => row);
  counts.set("personal", personal.reduce(sum, { truePositives: 0, falsePositives: 0, falseNegatives: 0 }));
  return Object.fromEntries([...counts].map(([entity, row]) => [entity, { ...row, ...rates(row) }]));
};

function sum(one, other) {
  return Object.fromEntries(Object.keys(one).map((key) => [key, one[key] + other[key]]));
}

function rates({ truePositives, falsePositives, falseNegatives }) {
  const precision = truePositives / (truePositives + falsePositives || 1);
  const recall = truePositives / (truePositives + falseNegatives || 1);
  return { precision, recall, f1: (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives || 1) };
}

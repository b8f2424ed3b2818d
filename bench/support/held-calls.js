const http = require("node:http");
const { once } = require("node:events");
const { DIALECTS } = require("./dialects");

const FAILED = /event: (error|response\.failed)\n/;

/** Streams of every dialect at one gate that stand still after their first text, each read until somebody ends it. */
exports.holdStreams = function holdStreams(origin, key) {
  return Promise.all(DIALECTS.map((dialect) => holdStream(origin, key, dialect)));
};

async function holdStream(origin, key, dialect) {
  const request = http.request(`${origin}/v1${dialect.path}`, {
    method: "POST",
    agent: false,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  request.end(JSON.stringify({ ...dialect.body("hold"), stream: true }));
  const [answer] = await once(request, "response");
  let text = "";
  answer.on("data", (chunk) => (text += chunk)).on("error", () => undefined);
  const ended = once(answer, "close").then(() => ({
    endedAt: performance.now(),
    inDialect: answer.complete && FAILED.test(text),
  }));
  while (!text.includes("piece") && !answer.complete) await once(answer, "data");
  return { ended };
}

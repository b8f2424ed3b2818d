import { startGateway } from "./server";

const { OPENAI_API_KEY, ANTHROPIC_API_KEY, PORT = "8787", DATABASE = "gate.db" } = process.env;

const gateway = startGateway({
  database: DATABASE,
  port: Number(PORT),
  ...(OPENAI_API_KEY && { openaiKey: OPENAI_API_KEY }),
  ...(ANTHROPIC_API_KEY && { anthropicKey: ANTHROPIC_API_KEY }),
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void gateway.stop());
}

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sqliteStore } from "../../adapters/stores/sqlite";
import { mintKey } from "../../lib/keys/mint-key";
import { tempFolder } from "../adapters/stores/temp-folder";
import { chat } from "../support/dialects";
import { requestOf } from "../support/http-check";
import { send } from "../support/http-client";
import { openSite } from "../support/site";

const fresh = tempFolder();
const SECRET_AT = "llmg_".length + 10;

it("G15: whoever takes the database and its trail along has no key, and no part of one that was tried", async () => {
  const path = fresh();
  const site = await openSite({ store: sqliteStore(path) });
  const [alice, revoked] = [await site.key("alice"), await site.mintKey("alice@acme.test")];
  const stranger = mintKey((size) => crypto.getRandomValues(new Uint8Array(size))).key;
  const mistyped = `${alice.slice(0, -1)}~`;
  await site.revokeKey(revoked);
  for (const key of [alice, revoked, stranger, mistyped]) {
    const headers = [["Authorization", `Bearer ${key}`]] as const;
    await send(site.port, await requestOf(site, { dialect: chat, headers }));
    await send(site.port, await requestOf(site, { dialect: chat, headers: [["x-api-key", key]] }));
  }
  const read = () => readdirSync(dirname(path)).map((file) => readFileSync(join(dirname(path), file), "latin1"));
  const open = read().join();
  await site.close();
  const taken = open + read().join();
  expect(taken).toContain(alice.slice("llmg_".length, SECRET_AT));
  for (const key of [alice, revoked, stranger, mistyped]) {
    for (let at = SECRET_AT; at + 12 <= key.length; at += 6) expect(taken).not.toContain(key.slice(at, at + 12));
  }
});

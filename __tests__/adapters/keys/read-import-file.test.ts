import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { readImportFile } from "../../../adapters/keys/read-import-file";

const HEX = "ab".repeat(32);
const BASE64 = Buffer.from(HEX, "hex").toString("base64");
const KEY = "sk-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4";

async function read(text: string, options: Parameters<typeof readImportFile>[1] = { bits: 256 }) {
  const lines = [];
  for await (const line of readImportFile(Readable.from([Buffer.from(text)]), options)) lines.push(line);
  return lines;
}

describe("a file of keys to import", () => {
  it("is CSV with columns in any order, quotes, blank lines and a byte order mark", async () => {
    const text = `\ufeffsha256,name,user,models,networks,expires,bits\r
${HEX},"laptop, ""old""",alice@acme.test,gpt-*;claude-*,192.0.2.0/24,2099-12-31,128\r
\r
${BASE64},,bob@acme.test,,,,\r
`;
    expect(await read(text)).toEqual([
      {
        ...{ line: 2, email: "alice@acme.test", name: 'laptop, "old"', bits: 128 },
        ...{ models: ["gpt-*", "claude-*"], networks: ["192.0.2.0/24"], expiresAt: Date.UTC(2099, 11, 31) },
        digest: Uint8Array.from(Buffer.from(HEX, "hex")),
      },
      {
        ...{
          line: 4,
          email: "bob@acme.test",
          name: "imported",
          bits: 256,
          models: null,
          networks: null,
          expiresAt: null,
        },
        digest: Uint8Array.from(Buffer.from(HEX, "hex")),
      },
    ]);
  });

  it("is JSON lines, with lists, numbers and nulls", async () => {
    const object = {
      user: "alice@acme.test",
      hmac_sha256: `hmac-sha256:${HEX}`,
      bits: 130,
      models: ["gpt-*", "o1"],
      name: null,
    };
    expect(await read(`${JSON.stringify(object)}\n`)).toMatchObject([
      { line: 1, email: "alice@acme.test", name: "imported", bits: 130, models: ["gpt-*", "o1"] },
    ]);
  });

  it("gives of a key itself its SHA-256, where keys may be read", async () => {
    const text = `user,key\nalice@acme.test,${KEY}\n`;
    const [line] = await read(text, { bits: 128, plainKeys: true });
    expect(line).toMatchObject({ digest: Uint8Array.from(createHash("sha256").update(KEY).digest()) });
    await expect(read(text)).rejects.toMatchObject({ code: "import_unreadable" });
  });

  it.each([
    ["user,sha256\nalice@acme.test,xyz\n", "its digest is not 32 bytes in hex or base64"],
    [`user,sha256\n,${HEX}\n`, "it names no user"],
    [`user,sha256\nalice@acme.test\n`, "it does not have 2 cells"],
    [`user,sha256,hmac_sha256\na@b.test,${HEX},${HEX}\n`, "it must have one of sha256, hmac_sha256 and key"],
    [`user,sha256,bits\na@b.test,${HEX},many\n`, "bits must be a whole number"],
    [`user,sha256,expires\na@b.test,${HEX},soon\n`, "expires must be a date"],
    [`user,sha256\n"alice@acme.test,${HEX}\n`, "it does not have 2 cells"],
    ['{"user":\n', "it is not a JSON object"],
    ["{}\n", "it names no user"],
    ['{"user":"a@b.test","secret":"s"}\n', "it has a member that is none of"],
    ['{"user":{}}\n', "its values must be texts"],
    [`{"user":"a@b.test","key":"${KEY}"}\n`, "keys themselves are taken from standard input only"],
  ])("has each wrong line told by its number: %j", async (text, sentence) => {
    const [problem] = await read(text);
    expect(problem).toEqual({ line: text.startsWith("{") ? 1 : 2, message: expect.stringContaining(sentence) });
  });

  it("must say how hard its keys are to guess", async () => {
    expect(await read(`user,sha256\na@b.test,${HEX}\n`, {})).toMatchObject([
      { message: expect.stringContaining("strength") },
    ]);
  });

  it.each([
    ["short", "16 to 512"],
    ["with blanks in the middle of it", "16 to 512"],
    ["0123456789012345", "has 53 bits at most"],
    ["0123456789abcdef0123456789abcde", "has 124 bits at most"],
  ])("has no key that no header carries, or that can be guessed: %s", async (key, sentence) => {
    const [problem] = await read(`user,key\na@b.test,${key}\n`, { bits: 128, plainKeys: true });
    expect(problem).toMatchObject({ message: expect.stringContaining(sentence) });
    expect(JSON.stringify(problem)).not.toContain(key);
  });

  it("is not read when its columns are wrong", async () => {
    for (const head of ["user,digest", "user,user", '"user'])
      await expect(read(`${head}\n`)).rejects.toMatchObject({ code: "import_unreadable" });
  });
});

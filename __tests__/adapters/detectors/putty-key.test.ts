import { privateKeyDetector } from "../../../adapters/detectors/built-in/private-key";
import { found } from "../../support/dlp";

const line = (letter: string, length = 64): string => letter.repeat(length);
const PUBLIC = `Public-Lines: 3\n${line("A")}\n${line("b")}\n${line("9", 20)}=\n`;
const PRIVATE = `Private-Lines: 2\n${line("C")}\n${line("d", 31)}=\n`;

const VERSION_2 = `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: rsa-key-20200101\n${PUBLIC}${PRIVATE}Private-MAC: ${line("0f", 20)}`;
const VERSION_3 = [
  "PuTTY-User-Key-File-3: ecdsa-sha2-nistp256",
  "Encryption: aes256-cbc",
  "Comment: me@host, the new one",
  `${PUBLIC}Key-Derivation: Argon2id`,
  "Argon2-Memory: 8192",
  "Argon2-Passes: 13",
  "Argon2-Parallelism: 1",
  `Argon2-Salt: ${line("3c", 16)}`,
  `${PRIVATE}Private-MAC: ${line("1e", 32)}`,
].join("\n");

const KEYS = [
  ["version 2", VERSION_2],
  ["version 3, encrypted", VERSION_3],
  ["version 1", VERSION_2.replace("File-2", "File-1").replace("Private-MAC", "Private-Hash")],
  ["CRLF lines", VERSION_3.replaceAll("\n", "\r\n")],
  ["line breaks escaped", VERSION_2.replaceAll("\n", "\\r\\n")],
  ["indented lines", VERSION_2.replaceAll("\n", "\n    ")],
  ["its end missing", VERSION_2.slice(0, VERSION_2.indexOf("\nPrivate-MAC"))],
] as const;

test.each(KEYS)("a key of PuTTY's is found whole: %s", async (_, key) => {
  expect(await found(privateKeyDetector(), `here:\n    ${key}\n\nThat is it.`)).toEqual([key]);
  expect(await found(privateKeyDetector(), `${key}\n${key}`)).toEqual([key, key]);
});

test.each([
  "PuTTY-User-Key-File-2: ssh-rsa",
  "a file that begins with PuTTY-User-Key-File-3: is one\nPrivate-Lines: 14",
  `PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: public half\n${PUBLIC}`,
])("what only speaks of such keys, or is public, is none: %j", async (text) => {
  expect(await found(privateKeyDetector(), text)).toEqual([]);
});

test.each(KEYS)("in a stream it is held from its first letter until it is over: %s", (_, key) => {
  const { openAt } = privateKeyDetector();
  for (let length = 1; length < key.length; length++) {
    expect(openAt?.(`so: ${key.slice(0, length)}`)).toBe(4);
  }
  const over = `${key}\n\n${"so it goes on. ".repeat(5)}`;
  expect(openAt?.(over)).toBe(over.length);
});

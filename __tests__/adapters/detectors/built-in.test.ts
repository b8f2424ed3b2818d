import { creditCardDetector } from "../../../adapters/detectors/built-in/credit-card";
import { emailAddressDetector } from "../../../adapters/detectors/built-in/email-address";
import { privateKeyDetector } from "../../../adapters/detectors/built-in/private-key";
import { apiTokenDetector } from "../../../adapters/detectors/secrets/api-token";
import { detectorCases } from "../../../lib/conformance";
import { armoured, CARD, found } from "../../support/dlp";

const KEY = armoured("PRIVATE KEY");

describe.each([
  {
    factory: emailAddressDetector,
    samples: {
      found: [{ text: "mail alice@example.com now", entity: "EMAIL_ADDRESS", start: 5, end: 22 }],
      clean: ["react@18.2.0", "@alice, see https://example.com/@bob"],
    },
  },
  {
    factory: creditCardDetector,
    samples: {
      found: [{ text: `card ${CARD}.`, entity: "CREDIT_CARD", start: 5, end: 21 }],
      clean: ["card 4111111111111112"],
    },
  },
  {
    factory: privateKeyDetector,
    samples: {
      found: [{ text: `key:\n${KEY}\n`, entity: "PRIVATE_KEY", start: 5, end: 5 + KEY.length }],
      clean: [
        "a PRIVATE KEY is secret",
        "-----BEGIN CERTIFICATE-----\nMIIEowIBAAKCAQEA7bq8\n-----END CERTIFICATE-----",
      ],
    },
  },
])("the detector $factory.name", ({ factory, samples }) => {
  for (const { name, run } of detectorCases(factory, samples)) test(name, run);
});

test("a token that is all of a text is found", async () => {
  const token = "ghp_r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko";
  expect(await found(apiTokenDetector(), token)).toEqual([token]);
});

describe("e-mail addresses", () => {
  test.each([
    ["alice@example.com", "alice@example.com"],
    ["<alice.b+tag@sub.example.co.uk>, hello", "alice.b+tag@sub.example.co.uk"],
    ["mailto:alice@example.com?subject=x", "alice@example.com"],
    ["email=alice@example.com&x=1", "alice@example.com"],
    ["**alice@example.com**.", "alice@example.com"],
    ["'o'brien@example.com'", "o'brien@example.com"],
    ["请联系alice@example.com谢谢", "alice@example.com谢谢"],
    ["josé.ñandú@example.com", "josé.ñandú@example.com"],
    ["用户@例子.广告", "用户@例子.广告"],
    ["a@xn--bcher-kva.xn--p1ai ok", "a@xn--bcher-kva.xn--p1ai"],
    ["alice@example.com.2024", "alice@example.com"],
    ["alice@example.com12 x", "alice@example.com"],
    ["alice@example.com-", "alice@example.com"],
    ["https://bob:pass@example.com/", "pass@example.com"],
  ])("are found in %j", async (text, address) => {
    expect(await found(emailAddressDetector(), text)).toEqual([address]);
  });

  test.each([
    "lodash@4.17.21",
    "icon@2x.png",
    "icon@1.5x.webp",
    "user@localhost",
    "@media (max-width: 600px)",
    "git@github.com:acme/repo.git",
    "a @ b.com",
    "alice@",
    "..@example.com",
    "SHA256@sha256:3b5d5c3712955042212316173ccf37be",
  ])("are not seen in %j", async (text) => {
    expect(await found(emailAddressDetector(), text)).toEqual([]);
  });

  test("are all found where many stand together", async () => {
    expect(await found(emailAddressDetector(), "a@b.co,c@d.org;e@f.net")).toEqual(["a@b.co", "c@d.org", "e@f.net"]);
  });
});

describe("payment cards", () => {
  test.each([
    ["4012 8888 8888 1881", "4012 8888 8888 1881"],
    ["4012-8888-8888-1881", "4012-8888-8888-1881"],
    ["4012.8888.8888.1881", "4012.8888.8888.1881"],
    ["4012/8888/8888/1881", "4012/8888/8888/1881"],
    ["4012\n8888\n8888\n1881", "4012\n8888\n8888\n1881"],
    ["4012 8888-8888.1881", "4012 8888-8888.1881"],
    ["4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1", "4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1"],
    ["amex 378282246310005 on file", "378282246310005"],
    ["amex 3782 822463 10005 on file", "3782 822463 10005"],
    ["5555555555554444", "5555555555554444"],
    ["2223003122003222", "2223003122003222"],
    ["6011111111111117", "6011111111111117"],
    ["30569309025904", "30569309025904"],
    ["3530111333300000", "3530111333300000"],
    ["6200000000000005", "6200000000000005"],
    ["4111111111111111 12/29 123", "4111111111111111"],
    ["4111 1111 1111 1111 12/29 123", "4111 1111 1111 1111"],
    ["卡号4111111111111111是", "4111111111111111"],
    ['{"card_4111111111111111": 1}', "4111111111111111"],
  ])("are found in %j", async (text, card) => {
    expect(await found(creditCardDetector(), text)).toEqual([card]);
  });

  test.each([
    ["an order number that fails the check digit", "order 4111111111111112"],
    ["a number of no issuer", "9999999999999995"],
    ["a part of a longer run", "14111111111111111"],
    ["a part of a hash", "a4111111111111111f"],
    ["a UUID", "41111111-1111-4111-8111-111111111111"],
    ["a commit hash", "d0da4111111111111111c5d6e7f8"],
    ["a decimal fraction", "0.4111111111111111"],
    ["a decimal number", "4.111111111111111"],
    ["a version", "4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1"],
    ["a telephone number", "+4915123456789"],
    ["a time in milliseconds", "1700000000000"],
    ["a time in nanoseconds", "1700000000000000000"],
    ["a date and time", "2024-01-15 10:30:00.000000"],
    ["zeros", "0000000000000000"],
  ])("are not seen in %s", async (_, text) => {
    expect(await found(creditCardDetector(), text)).toEqual([]);
  });
});

describe("private keys", () => {
  const kinds = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"];
  test.each([...kinds, "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "ANY PRIVATE KEY"])(
    "of kind %j are found",
    async (kind) => {
      expect(await found(privateKeyDetector(), `x ${armoured(kind)} y`)).toEqual([armoured(kind)]);
    },
  );

  test.each([
    [
      "with header fields",
      armoured("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\nMIIEowIBAAKCAQEA7bq8\n"),
    ],
    [
      "of SSH2 form",
      "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nMIIEowIBAAKCAQEA7bq8\n---- END SSH2 ENCRYPTED PRIVATE KEY ----",
    ],
    ["with escaped line ends", armoured("PRIVATE KEY").replaceAll("\n", "\\n")],
    ["on one line", armoured("PRIVATE KEY").replaceAll("\n", " ")],
    ["that are short", "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----"],
    ["that are abridged", "-----BEGIN PRIVATE KEY-----\nMIIE...\n-----END PRIVATE KEY-----"],
    [
      "concatenated in code",
      `"-----BEGIN PRIVATE KEY-----\\n" +\n "MIIEowIBAAKCAQEA7bq8" +\n "-----END PRIVATE KEY-----"`.slice(1, -1),
    ],
  ])("%s are found whole", async (_, text) => {
    expect(await found(privateKeyDetector(), text)).toEqual([text]);
  });

  test("that are not closed are found to their end", async () => {
    const open = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8\nPzV3cCg0Gq3JyyPzV3cC\nAw==";
    expect(await found(privateKeyDetector(), `${open}\n\nHere is my key, please keep it safe.`)).toEqual([open]);
  });

  test("that are not closed end at the bound", async () => {
    const text = `-----BEGIN PRIVATE KEY-----\n${"MIIEowIBAAKCAQEA7bq8\n".repeat(5_000)}`;
    const [block = ""] = await found(privateKeyDetector(), text);
    expect(block.length).toBeGreaterThan(16_000);
    expect(block.length).toBeLessThan(40_000);
  });

  test("are told apart where two stand together", async () => {
    const text = `${armoured("PRIVATE KEY")}\n${armoured("EC PRIVATE KEY")}`;
    expect(await found(privateKeyDetector(), text)).toEqual([armoured("PRIVATE KEY"), armoured("EC PRIVATE KEY")]);
  });

  test.each([
    ["a head alone", 'if (pem.startsWith("-----BEGIN PRIVATE KEY-----")) return;'],
    ["code that puts one together", "'-----BEGIN PRIVATE KEY-----\\n' + key + '\\n-----END PRIVATE KEY-----'"],
    ["a placeholder", "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"],
    ["a public key", armoured("PUBLIC KEY")],
    ["a signature", armoured("PGP SIGNATURE")],
  ])("are not seen in %s", async (_, text) => {
    expect(await found(privateKeyDetector(), text)).toEqual([]);
  });
});

import { armoured } from "./dlp";

/** Per entity that streams are not held whole for: values as they are written, among what could hide where they end. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  EMAIL_ADDRESS: [
    "mail alice@example.com now",
    "bob.smith+tag@mail.example.co.uk.",
    "<a@b.co>,c@d.co",
    "ab\u00adab@exam\u200bple.com!",
    "git@host:path and git@host.example",
    "用户@例子.中国 и почта@пример.рф",
  ],
  CREDIT_CARD: [
    "card 4111111111111111, ok",
    "4111 1111 1111 1111 5 items",
    "no 4012-8888-8888-1881-7 or 4012-8888-8888-1881",
    "3782 822463 10005\n\n1 2 3",
    "５１０５ 1051\u00a00510 5100.",
    "4111\u200b1111 1111 1111\u200b x",
    "1 4111111111111111 2",
  ],
  PRIVATE_KEY: [
    `key:\n${armoured("PRIVATE KEY")}\nend`,
    `${armoured("RSA PRIVATE KEY")} ${armoured("EC PRIVATE KEY")}`,
    "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8Pz\nand no end",
    "-----BEGIN PUBLIC KEY-----\nMIIEow\n-----END PUBLIC KEY-----",
    "--- a rule ---\n-----BEGIN PRIVATE KEY----- is how one begins",
  ],
};

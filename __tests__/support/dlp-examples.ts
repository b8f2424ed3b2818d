import { armoured } from "./dlp";

const RANDOM = "r8Xk2mQ7vZp4LwTn9cYb3Hd6sJf1Ga5Ue0Ko";

/** Per detector that streams are not held whole for: values as they are written, among what could hide where they end. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "email-address": [
    "mail alice@example.com now",
    "bob.smith+tag@mail.example.co.uk.",
    "<a@b.co>,c@d.co",
    "ab\u00adab@exam\u200bple.com!",
    "git@host:path and git@host.example",
    "用户@例子.中国 и почта@пример.рф",
  ],
  "credit-card": [
    "card 4111111111111111, ok",
    "4111 1111 1111 1111 5 items",
    "no 4012-8888-8888-1881-7 or 4012-8888-8888-1881",
    "3782 822463 10005\n\n1 2 3",
    "５１０５ 1051\u00a00510 5100.",
    "4111\u200b1111 1111 1111\u200b x",
    "1 4111111111111111 2",
  ],
  "private-key": [
    `key:\n${armoured("PRIVATE KEY")}\nend`,
    `${armoured("RSA PRIVATE KEY")} ${armoured("EC PRIVATE KEY")}`,
    "-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq8Pz\nand no end",
    "-----BEGIN PUBLIC KEY-----\nMIIEow\n-----END PUBLIC KEY-----",
    "--- a rule ---\n-----BEGIN PRIVATE KEY----- is how one begins",
  ],
  "api-token": [
    `use ghp_${RANDOM} here`,
    `export KEY=AKIAQ3EGR5XJ7TWZ2MNB, ok`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${RANDOM}.`,
  ],
  "credential-url": [
    "at postgres://app:s3cr3tPw9@db.example.com:5432/app now",
    "https://user:s3cr3tPw9@example.com/x.",
  ],
  "connection-pairs": ["Server=db;User Id=sa;Password=Gr33n7ree!;Database=x;", "set Host=db; Password=Gr33n7ree! now"],
  "assigned-secret": [
    `{"api_key": "${RANDOM.slice(0, 24)}", "n": 1}`,
    `STRIPE_SECRET_KEY=${RANDOM}\nX=1`,
    `Authorization: Bearer ${RANDOM}${RANDOM} ok`,
    `bitmexSecret := " ${RANDOM} " and more`,
    `the abuseipdb secret ${RANDOM} within`,
  ],
  "curl-password": ["curl -s -u elastic:Gr33n7ree! https://a.example", "curl --user kevin:'pRf7vG2h1L8n' x"],
  password: ['password: "hunter2!Blue7", user: x', "the password is Tr0ub4dor&3 today"],
  "iban-code": ["pay DE89 3704 0044 0532 0130 00 today", "GB29 NWBK 6016 1331 9268 19 x", "gb29nwbk60161331926819."],
  identifier: [
    "my SSN is 536-90-4399, ok",
    "NINO AB 12 34 56 C was given",
    "NHS number 943 476 5919 of 2024",
    "Steuer-ID 86 095 742 719 und",
    "NIR 1 84 12 76 451 089 46 est",
    "PESEL 44051401359, CPF 111.444.777-35.",
  ],
  "spaced-ssn": ["my ssn 536 - 22 - 8726 - ok", "ssn 536\r\n  22\r\n  8726\r\n1"],
  "phone-number": [
    "call +1 (415) 555-2671 or not",
    "phone (415) 555-2671 ext. 123 please",
    "Tel. +49 30 901820, 0171 1234567 und 3 mehr",
  ],
  "crypto-wallet": ["send to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.", "eth 0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe ok"],
  "ip-address": ["host 192.168.17.23, port 80", "at 2001:0db8:85a3::8a2e:0370:7334 it", "v 1.2.3.4.5"],
  "mac-address": ["mac 00:1A:2B:3C:4D:5E ok", "cisco 001A.2B3C.4D5E."],
  "date-of-birth": ["date of birth: 1985-03-05, ok", "born on March 5th, 1985 in Rome", "DOB 5 September 1985"],
  url: ["see https://example.com/a/b?c=d#e.", "at www.example.co.uk/path, or example.com"],
};

const PIECES = ["a", "A", "1", "1 ", "12 ", "123 ", "1234 ", "12345678901 ", "1-", "11-", "111-", "1.", "a.", "a1", "aA1", ":", "1:1:", "@", "a.a@", "=", "|", "_", "token_", "pat", "sk-", "eyJ", "eyJa.", "ghp_a", "key=a1", "token = a1B2c3D4e5F6 ", "abuseipdb_key=a1b2c3d4e5f6a7b8 ", "password=a;", "Password=a;", "Server=a;Password=b1;", "://a:b", "http://", "www.", "a.com", "curl -u a", "DE89 ", "+1 ", "(1", "born 1 ", "born1", "AB 12 ", "A1B2", "0x", "bc1", "192.168.1.", "fe80:", "00:1A:", "-----BEGIN ", "\n", "é", "\ud83d", "\u200b"]; // prettier-ignore

/** Texts of `length` characters that patterns dread, by the piece that each repeats. */
exports.hostileTexts = (length) =>
  PIECES.map((piece) => ({ piece, text: piece.repeat(Math.ceil(length / piece.length)).slice(0, length) }));

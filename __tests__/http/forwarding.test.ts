import { DIALECTS, messages } from "../support/dialects";
import { check, FORMS, type HeaderPairs } from "../support/http-check";
import { json } from "../support/scripted-upstream";
import { EXPRESSES, openSite, PROVIDER_KEY, type Site } from "../support/site";

describe.each(EXPRESSES)("forwarding on %s", (_name, express) => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite({ express });
  });
  afterAll(() => site.close());

  const sent = () => site.upstream.calls.at(-1);

  describe.each(DIALECTS)("$path", (dialect) => {
    it("C19: sends the very bytes that were judged, numbers and white space included", async () => {
      const body = JSON.stringify(dialect.ask("héllo 🎉 \u0001"), null, 2).replace(
        "{",
        '{ "seed": 12345678901234567890, "x": 1.0, "y": 1e400, "z": "\\u00e9\\/",',
      );
      const { records } = await check(site, { dialect, as: "alice", body }, {});
      expect(sent()?.body.equals(Buffer.from(body))).toBe(true);
      expect(sent()?.headers).toMatchObject({
        "content-length": String(Buffer.byteLength(body)),
        "content-type": "application/json",
      });
      expect(records[0]?.digestIn).toBe(records[0]?.digestOut);
    });

    it.each(FORMS)(
      "A23: sends the provider's key in place of the client's credentials and cookies, given by %s",
      async (form) => {
        const headers: HeaderPairs = [
          ["Cookie", "sid=secret"],
          ["Proxy-Authorization", "Basic c2VjcmV0"],
          ...(form === "bearer" ? ([["x-api-key", await site.key("bob")]] as const) : []),
        ];
        await check(site, { dialect, as: "alice", form, headers }, {});
        const seen = sent()?.headers ?? {};
        expect(seen["authorization"]).toBe(`Bearer ${PROVIDER_KEY}`);
        for (const name of ["x-api-key", "cookie", "proxy-authorization"]) expect(seen[name]).toBeUndefined();
        expect(JSON.stringify(seen)).not.toContain("llmg_");
      },
    );

    it("drops hop-by-hop fields, those that Connection names, and what would shape the answer", async () => {
      await check(
        site,
        {
          ...{ dialect, as: "alice" },
          headers: [
            ["Connection", "close, X-Hop"],
            ["X-Hop", "1"],
            ["TE", "trailers"],
            ["Keep-Alive", "timeout=5"],
            ["Proxy-Connection", "keep-alive"],
            ["Range", "bytes=0-1"],
            ["If-None-Match", '"1"'],
            ["Accept-Encoding", "gzip, br"],
            ["X-Request-Id", "mine"],
          ],
        },
        { record: { clientRequestId: "mine" } },
      );
      const seen = sent()?.headers ?? {};
      for (const name of ["x-hop", "te", "proxy-connection", "range", "if-none-match", "x-request-id"])
        expect(seen[name]).toBeUndefined();
      expect(seen["accept-encoding"]).toBe("identity");
      expect(seen["host"]).toBe(new URL(site.upstream.origin).host);
    });

    it("passes what belongs to the protocols", async () => {
      const fields = {
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "a,b",
        "openai-organization": "org",
        "x-claude-code-session-id": "s",
      };
      await check(site, { dialect, as: "alice", headers: Object.entries(fields) }, {});
      expect(sent()?.headers).toMatchObject(fields);
    });

    it("passes status, headers and bytes of the answer, less hop-by-hop fields and cookies; x-request-id is ours", async () => {
      const answer = JSON.stringify(dialect.answer("Hello", { store: false }), null, 1);
      site.upstream.next((_req, res) => {
        res.writeHead(201, [
          ...[
            "Content-Type",
            "application/json",
            "Set-Cookie",
            "a=1",
            "Set-Cookie",
            "b=2",
            "Connection",
            "X-Vendor-Hop, close",
          ],
          ...[
            "X-Vendor-Hop",
            "1",
            "Request-Id",
            "req_vendor",
            "X-Request-Id",
            "vendor-1",
            "X-Ratelimit-Remaining",
            "7",
            "ETag",
            '"v"',
          ],
        ]);
        res.end(answer);
      });
      const ask = { dialect, as: "alice", with: { store: false } };
      const { text, headers } = await check(site, ask, { status: 201, record: { upstreamRequestId: "vendor-1" } });
      expect(text).toBe(answer);
      expect(headers).toMatchObject({
        "request-id": "req_vendor",
        "x-ratelimit-remaining": "7",
        etag: '"v"',
        "content-type": "application/json",
      });
      for (const name of ["set-cookie", "x-vendor-hop"]) expect(headers[name]).toBeUndefined();
      expect(headers["x-request-id"]).not.toBe("vendor-1");
    });

    it("calls the model what its provider calls it, and changes no other byte", async () => {
      const body = JSON.stringify(dialect.ask("Hello", { model: "gpt-renamed" }));
      await check(site, { dialect, as: "alice", body }, { record: { model: "gpt-renamed" } });
      expect(sent()?.body.toString()).toBe(body.replace("gpt-renamed", "vendor/renamed-2026"));
    });

    it("keeps the query, which decides nothing", async () => {
      await check(site, { dialect, as: "alice", path: `${dialect.path}?beta=true&x=%2F` }, {});
      expect(sent()?.path).toBe(`${dialect.path}?beta=true&x=%2F`);
    });

    it("cuts the members that can spoof governance data, on chat and messages", async () => {
      const members = { metadata: { user_id: "x" }, litellm_metadata: {}, proxy_server_request: {} };
      await check(site, { dialect, as: "alice", with: { ...members, kept: 1 } }, {});
      const forwarded = JSON.parse(sent()?.body.toString() ?? "") as object;
      expect(forwarded).toEqual(
        dialect.ask("Hello", dialect.name === "responses" ? { ...members, kept: 1 } : { kept: 1 }),
      );
    });
  });

  it("speaks of usage and sizes on record", async () => {
    site.upstream.next(json(messages.answer("Hello")));
    await check(
      site,
      { dialect: messages, as: "alice" },
      { record: { inputTokens: 3, outputTokens: 5, upstream: "openai" } },
    );
  });
});

describe("forward.remove", () => {
  it("may be empty, or name other members", async () => {
    for (const remove of [[], ["user"]]) {
      const site = await openSite({ forward: { remove } });
      for (const dialect of DIALECTS) {
        await check(site, { dialect, as: "alice", with: { metadata: { a: 1 }, user: "u" } }, {});
        const forwarded = JSON.parse(site.upstream.calls.at(-1)?.body.toString() ?? "") as object;
        expect(forwarded).toEqual(
          dialect.ask("Hello", remove.length === 0 ? { metadata: { a: 1 }, user: "u" } : { metadata: { a: 1 } }),
        );
      }
      await site.close();
    }
  });
});

describe("a provider that does not speak the protocol", () => {
  it("is 400 on the model", async () => {
    const site = await openSite({ upstream: { protocols: ["chat"] } });
    for (const dialect of DIALECTS.slice(1)) {
      await check(
        site,
        { dialect, as: "alice" },
        { refused: "unsupported_parameter", reason: "unsupported_protocol", outcome: "refused", upstream: 0 },
      );
    }
    await site.close();
  });
});

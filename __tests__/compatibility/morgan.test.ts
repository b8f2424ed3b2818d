import morgan from "morgan";
import { chat, messages, type Dialect } from "../support/dialects";
import { requestOf, type Ask } from "../support/http-check";
import { open, send } from "../support/http-client";
import { begun, json } from "../support/scripted-upstream";
import { EXPRESSES, openSite, type Site } from "../support/site";

describe.each(EXPRESSES)("morgan() beside the gate on %s", (_name, express) => {
  let site: Site;
  let lines: string[];
  let logged: (count: number) => Promise<readonly string[]>;

  async function openWith(order: "before" | "behind"): Promise<void> {
    lines = [];
    const heard: (() => void)[] = [];
    const log = morgan(":method :url :status :res[content-length]", {
      stream: {
        write(line) {
          lines.push(line.trim());
          heard.splice(0).forEach((resume) => resume());
        },
      },
    });
    logged = async (count) => {
      while (lines.length < count) await new Promise<void>((resolve) => heard.push(resolve));
      return lines;
    };
    site = await openSite({
      express,
      mount(app, { gate, forwarder }) {
        for (const one of order === "before" ? [log, gate] : [gate, log]) app.use(one);
        app.use("/v1", forwarder);
      },
    });
  }

  const ask = async (dialect: Dialect, more: Partial<Ask> = {}): ReturnType<typeof send> =>
    send(site.port, await requestOf(site, { dialect, as: "alice", ...more }));

  afterEach(() => site.close());

  it("before it logs what the client saw: answers, refusals, an upstream's errors and a host's", async () => {
    await openWith("before");
    const answered = await ask(chat);
    const unauthorized = await send(site.port, { path: messages.path });
    const forbidden = await ask(chat, { with: { model: "gpt-5-pro" } });
    site.upstream.next(json({ error: { message: "Too many." } }, 429));
    const limited = await ask(chat);
    site.upstream.next((_req, res) => res.destroy());
    const broken = await ask(messages);
    const seen = [answered, unauthorized, forbidden, limited, broken];
    expect(seen.map(({ status }) => status)).toEqual([200, 401, 403, 429, 502]);
    const paths = [chat, messages, chat, chat, messages].map(({ path }) => path);
    expect(await logged(5)).toEqual(
      seen.map(({ status, body }, index) => `POST ${paths[index] ?? ""} ${status} ${body.length}`),
    );
  });

  it("before it logs a streamed answer once, when it is over", async () => {
    await openWith("before");
    const events = chat.events("one", "two");
    let finish = (): void => undefined;
    site.upstream.next(begun(events.slice(0, 2), (res) => (finish = () => void res.end(events.slice(2).join("")))));
    const request = await requestOf(site, { dialect: chat, as: "alice", with: { stream: true } });
    const { answer } = await open(site.port, request);
    expect(lines).toEqual([]);
    finish();
    answer.resume();
    expect(await logged(1)).toEqual([`POST ${chat.path} 200 -`]);
  });

  it("behind it hears only of calls that passed", async () => {
    await openWith("behind");
    expect((await send(site.port, { path: messages.path })).status).toBe(401);
    expect((await ask(chat)).status).toBe(200);
    expect((await logged(1)).map((line) => line.replace(/ \S+$/, ""))).toEqual([`POST ${chat.path} 200`]);
  });
});

import { postgresNotifyBus } from "../../../adapters/buses/postgres-notify";
import { redisBus } from "../../../adapters/buses/redis";
import { busCases } from "../../../lib/conformance";
import { describeWithPostgres, postgresDatabases } from "../../support/postgres-server";
import { describeWithRedis, redisUrl } from "../../support/redis-server";

describeWithPostgres("the bus of PostgreSQL", () => {
  const database = postgresDatabases();
  for (const { name, run } of busCases(async () => {
    const url = await database();
    return { first: postgresNotifyBus(url), second: postgresNotifyBus(url) };
  }))
    it(name, run);
});

describeWithRedis("the bus of Redis", () => {
  const url = redisUrl();
  let channels = 0;
  for (const { name, run } of busCases(() => {
    const channel = `test:${(channels += 1)}`;
    return { first: redisBus(url(), { channel }), second: redisBus(url(), { channel }) };
  }))
    it(name, run);
});

describe("a bus", () => {
  it.each(["", "localhost:6379", "http://localhost", "redis://:secret@host:port"])("refuses the address %p", (url) => {
    expect(() => redisBus(url)).toThrow(/is written as a URL/);
    if (url !== "") expect(() => redisBus(url)).not.toThrow(url);
  });
});

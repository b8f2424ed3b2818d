const { spawn } = require("node:child_process");
const net = require("node:net");
const { setTimeout: sleep } = require("node:timers/promises");
const { freePort } = require("./own-program");

/** A Redis that keeps nothing, in a process of our own: it may be frozen and thawed. */
exports.startRedis = async function startRedis() {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" });
  while (!(await answers(port))) await sleep(20);
  return {
    url: `redis://127.0.0.1:${port}`,
    freeze: () => child.kill("SIGSTOP"),
    thaw: () => child.kill("SIGCONT"),
    end: () => child.kill("SIGKILL"),
  };
};

function answers(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true))).once("error", () => resolve(false));
  });
}

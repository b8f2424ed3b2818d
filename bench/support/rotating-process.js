/** Rotates a key when told to. Takes `{ url, request }` as JSON in its first argument. */
const { once } = require("node:events");
const { openAdmin } = require("./shared-admin");

void main(JSON.parse(process.argv[2]));

async function main({ url, request }) {
  const { admin } = await openAdmin(url);
  await admin.groups();
  process.send("ready");
  await once(process, "message");
  await admin.rotateKey(request);
  process.send("rotated");
}

/** Whether an address is in one of some networks; an unknown or odd address (null) is in none. */
export type NetworkMatcher = (address: string | null) => boolean;

interface Network {
  readonly bits: 32 | 128;
  readonly prefix: bigint;
  readonly length: number;
}

/** Networks in CIDR notation, or single addresses. Throws RangeError for what is neither. */
export function compileNetworks(networks: readonly string[]): NetworkMatcher {
  const compiled = networks.map(parseNetwork);
  return (address) => {
    const parsed = address === null ? null : parseAddress(address);
    return parsed !== null && compiled.some((network) => contains(network, parsed));
  };
}

/** Whether a text is a network that `compileNetworks` takes: in CIDR notation, with no bit set behind the prefix. */
export function isNetwork(text: string): boolean {
  return readNetwork(text) !== null;
}

function parseNetwork(text: string): Network {
  const network = readNetwork(text);
  if (network === null) throw new RangeError(`${JSON.stringify(text)} is not a network.`);
  return network;
}

function readNetwork(text: string): Network | null {
  const [address = "", written, ...more] = text.split("/");
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0 || (written !== undefined && !/^\d{1,3}$/.test(written))) return null;
  const length = written === undefined ? parsed.bits : Number(written);
  if (length > parsed.bits) return null;
  const network = { bits: parsed.bits, prefix: parsed.value >> BigInt(parsed.bits - length), length };
  return network.prefix << BigInt(parsed.bits - length) === parsed.value ? network : null;
}

function contains({ bits, prefix, length }: Network, address: Address): boolean {
  return address.bits === bits && address.value >> BigInt(bits - length) === prefix;
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** IPv4 inside IPv6 (`::ffff:192.0.2.1`), as sockets of both kinds report it, is the IPv4 address. A zone is dropped. */
function parseAddress(text: string): Address | null {
  if (!text.includes(":")) return parseIpv4(text);
  const value = parseIpv6(text.replace(/%.*$/, ""));
  if (value === null) return null;
  return value >> 32n === 0xffffn ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

function parseIpv4(text: string): Address | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

function parseIpv6(text: string): bigint | null {
  const dotted = /^(.*:)(\d[\d.]*\.[\d.]*)$/.exec(text);
  const tail = dotted === null ? null : parseIpv4(dotted[2] ?? "");
  if (dotted !== null && tail === null) return null;
  const low = tail === null ? "" : `${(tail.value >> 16n).toString(16)}:${(tail.value & 0xffffn).toString(16)}`;
  const groups = expanded(dotted === null ? text : `${dotted[1] ?? ""}${low}`);
  if (groups?.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** Writes `::` out. */
function expanded(text: string): readonly string[] | null {
  const [before = "", after, ...more] = text.split("::");
  if (more.length > 0) return null;
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  if (after === undefined) return groups(before);
  const missing = 8 - groups(before).length - groups(after).length;
  return missing < 1 ? null : [...groups(before), ...Array<string>(missing).fill("0"), ...groups(after)];
}

import fc from "fast-check";
import { BlockList } from "node:net";
import { compileNetworks, isNetwork } from "../../../lib/policy/match-network";

describe("a network", () => {
  it.each([
    ["192.0.2.0/24", "192.0.2.255", true],
    ["192.0.2.0/24", "192.0.3.0", false],
    ["192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7/32", "192.0.2.8", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "2001:db8::1", false],
    ["::/0", "2001:db8::1", true],
    ["2001:db8::/32", "2001:DB8:ffff::1%eth0", true],
    ["2001:db8::/32", "2001:db9::", false],
    ["192.0.2.0/24", "::ffff:192.0.2.1", true],
    ["192.0.2.0/24", "::ffff:c000:201", true],
    ["::1", "::1", true],
    ["::1", "127.0.0.1", false],
  ])("%s holds %s: %s", (network, address, holds) => {
    expect(compileNetworks(["198.51.100.0/24", network])(address)).toBe(holds);
  });

  it.each([null, "", "localhost", "192.0.2", "192.0.2.256", "192.0.2.01", "1:2:3", "::1::", "1.2.3.4.5", "::1.2.3"])(
    "never holds %p",
    (address) => expect(compileNetworks(["0.0.0.0/0", "::/0"])(address)).toBe(false),
  );

  it.each(["", "*", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/24/1", "2001:db8::1/64", "::/129", "a/8"])(
    "is not written %p",
    (text) => {
      expect(isNetwork(text)).toBe(false);
      expect(() => compileNetworks([text])).toThrow(RangeError);
    },
  );

  it("holds nothing when there is none", () => expect(compileNetworks([])("192.0.2.1")).toBe(false));

  it("holds what the platform's own list holds", () => {
    const length = fc.integer({ min: 0, max: 32 });
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), length, (base, address, bits) => {
        const list = new BlockList();
        list.addSubnet(base, bits, "ipv4");
        const value = base.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
        const prefix = bits === 0 ? 0 : Math.floor(value / 2 ** (32 - bits)) * 2 ** (32 - bits);
        const network = [24, 16, 8, 0].map((shift) => Math.floor(prefix / 2 ** shift) % 256).join(".");
        expect(compileNetworks([`${network}/${bits}`])(address)).toBe(list.check(address, "ipv4"));
      }),
    );
  });

  it("reads every form of an IPv6 address", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const list = new BlockList();
        list.addAddress(address, "ipv6");
        expect(compileNetworks([address])(new URL(`http://[${address}]`).hostname.slice(1, -1))).toBe(true);
      }),
    );
  });
});

import { BlockList, isIP } from "node:net";

/** IPv4 that is nobody's public host (IANA's special-purpose registry), and one address that a cloud keeps for itself. */
const closed4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** All of IPv6 that is given to public hosts; what is mapped, translated by 64:ff9b::/96, local or multicast lies outside. */
const open6 = "2000::/3";

/** Within it: protocol assignments with Teredo, documentation, 6to4. */
const closed6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const listOf = (ranges: readonly string[], family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = "", bits = ""] = range.split("/");
    list.addSubnet(net, Number(bits), family);
  }
  return list;
};

/**
 * Makes the rule whether an address may be dialled for somebody who is not the operator: only hosts of the public internet,
 * so that no page of this machine, its network or its cloud can be read. What is no plain address may not.
 */
export const createPublicAddressRule = (): ((address: string) => boolean) => {
  const [four, closed, open] = [listOf(closed4, "ipv4"), listOf(closed6, "ipv6"), listOf([open6], "ipv6")];
  return (address) => {
    // A zone id names an interface of this machine.
    if (address.includes("%")) return false;
    const family = isIP(address);
    if (family === 4) return !four.check(address, "ipv4");
    return family === 6 && open.check(address, "ipv6") && !closed.check(address, "ipv6");
  };
};

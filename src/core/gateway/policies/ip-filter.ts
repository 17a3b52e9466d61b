import { childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { contentReader, requiredAttribute } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { NotSupported, PolicyError } from "../policy-error.ts";

export const ipFilter: PolicyRunner = {
  name: "ip-filter",
  fidelity: {
    level: "full",
    notes: [["Lets callers in, or keeps them out, by address or range; others get 403.", "documented"]],
  },
  prepare: (element) => {
    const allows = requiredAttribute(element, "action") === "allow";
    const tests = childElements(element).map(testOf);
    return (exchange) => {
      const address = exchange.context.request.ipAddress;
      const number = addressNumber(address);
      if (number === undefined) {
        throw new PolicyError(403, "Failed to establish IP address for the caller. Access denied.", {
          reason: "FailedToParseCallerIP",
        });
      }
      const isListed = tests.some((test) => test(exchange)(number));
      if (isListed === allows) return undefined;
      throw allows
        ? new PolicyError(403, `Caller IP address ${address} is not allowed. Access denied.`, {
            reason: "CallerIpNotAllowed",
          })
        : new PolicyError(403, "Caller IP address is blocked. Access denied.", { reason: "CallerIpBlocked" });
    };
  },
};

function testOf(child: PolicyElement): Reader<(address: bigint) => boolean> {
  if (child.name === "address") {
    const read = contentReader(child);
    return (exchange) => {
      const wanted = addressNumber(read(exchange).trim());
      return (address) => address === wanted;
    };
  }
  if (child.name !== "address-range") throw new NotSupported(`<ip-filter> cannot hold <${child.name}>`);
  const from = addressNumber(requiredAttribute(child, "from"));
  const to = addressNumber(requiredAttribute(child, "to"));
  if (from === undefined || to === undefined) throw new NotSupported("an address range holds no addresses");
  return () => (address) => from <= address && address <= to;
}

/** An address as a number, IPv4 in the place that IPv6 has for it; undefined for what is none. */
export function addressNumber(text: string): bigint | undefined {
  const four = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(text);
  if (four !== null) {
    const bytes = four.slice(1).map(Number);
    if (bytes.some((byte) => byte > 255)) return undefined;
    return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0xffffn);
  }
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined || !text.includes(":")) return undefined;
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const start = groups(head);
  const end = tail === undefined ? [] : groups(tail);
  const missing = 8 - start.length - end.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...start, ...Array<string>(missing).fill("0"), ...end];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65_536n + BigInt(parseInt(group, 16)), 0n);
}

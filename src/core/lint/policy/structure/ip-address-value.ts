import { elementText } from "../../../policy/tree.ts";
import type { PolicyFinding, PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, atValue } from "./findings.ts";
import { parseIpAddress } from "./ip-address.ts";
import { literalOf, typedLiterals } from "./literals.ts";
import { placementsAt } from "./placement.ts";
import type { PolicyLintContext } from "../policy-context.ts";

export const ipAddressValue: PolicyRule = {
  id: "ip-address-value",
  severity: "warning",
  summary: "`ip-filter` names no IP address, or a range that ends before it starts.",
  why: "`address` holds one address; a range goes from the lower to the higher address of one family (learn.microsoft.com/azure/api-management/ip-filter-policy).",
  examples: {
    bad: inbound(`<ip-filter action="allow"><address-range from="10.0.0.9" to="10.0.0.1" /></ip-filter>`),
    good: inbound(`<ip-filter action="allow"><address-range from="10.0.0.1" to="10.0.0.9" /></ip-filter>`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "ip-filter/address")) {
      const text = literalOf(elementText(element));
      if (text === undefined || text === "" || parseIpAddress(text) !== undefined) continue;
      yield atElement(element, {
        message: `\`${text}\` is no IP address`,
        ...(text.includes("/") ? { help: "write a block of addresses as `address-range`" } : {}),
      });
    }
    for (const { element, attribute, literal } of typedLiterals(context, ["ip-address"])) {
      if (parseIpAddress(literal) !== undefined) continue;
      yield atValue(element, attribute, { message: `\`${literal}\` is no IP address` });
    }
    yield* rangeFindings(context);
  },
};

function* rangeFindings(context: PolicyLintContext): Generator<PolicyFinding> {
  for (const { element } of placementsAt(context, "ip-filter/address-range")) {
    const attribute = element.attributes.find(({ name }) => name === "from");
    const to = element.attributes.find(({ name }) => name === "to");
    const first = parseIpAddress(attribute?.value.trim() ?? "");
    const last = parseIpAddress(to?.value.trim() ?? "");
    if (attribute === undefined || first === undefined || last === undefined) continue;
    if (first.version !== last.version) {
      yield atValue(element, attribute, { message: "`from` and `to` are of different address families" });
    } else if (first.value > last.value) {
      yield atValue(element, attribute, { message: "`from` is above `to`: the range is empty" });
    }
  }
}

/** `callers` of a product: who is let in at all. The address first: it needs no token to be read. */
import { element, text } from "../policy/build.ts";
import type { PolicyElement } from "../policy/tree.ts";
import { compareText } from "../problem.ts";
import { parseAddressRange } from "../spec/address-range.ts";
import type { CallersSpec } from "../spec/schema.ts";
import type { WrittenFor } from "./element-keys.ts";

export function callersPolicies({ entra, ipRanges }: CallersSpec, writtenFor: WrittenFor): PolicyElement[] {
  return [
    ...(ipRanges === undefined ? [] : [writtenFor(ipFilterPolicy(ipRanges), "key", "callers", "ipRanges")]),
    ...(entra === undefined ? [] : [writtenFor(entraPolicy(entra), "key", "callers", "entra")]),
  ];
}

function ipFilterPolicy(ranges: readonly string[]): PolicyElement {
  const children = ranges.flatMap((written) => {
    const range = parseAddressRange(written);
    if (range === undefined) throw new Error(`not an address range: ${written}`);
    const { from, to } = range;
    return from === to ? element("address", {}, [text(from)]) : element("address-range", { from, to });
  });
  return element("ip-filter", { action: "allow" }, children);
}

type EntraSpec = NonNullable<CallersSpec["entra"]>;

function entraPolicy({
  tenant,
  audiences,
  clientApplications,
  requiredClaims,
  header,
}: EntraSpec): PolicyElement {
  const claims = Object.entries(requiredClaims ?? {}).sort(([a], [b]) => compareText(a, b));
  return element("validate-azure-ad-token", { "tenant-id": tenant, "header-name": header }, [
    ...list("client-application-ids", "application-id", clientApplications),
    ...list("audiences", "audience", audiences),
    ...(claims.length === 0 ? [] : [element("required-claims", {}, claims.map(claimElement))]),
  ]);
}

function list(name: string, item: string, texts: readonly string[] = []): PolicyElement[] {
  return texts.length === 0
    ? []
    : [
        element(
          name,
          {},
          texts.map((each) => element(item, {}, [text(each)])),
        ),
      ];
}

type ClaimSpec = NonNullable<EntraSpec["requiredClaims"]>[string];

function claimElement([name, claim]: readonly [string, ClaimSpec]): PolicyElement {
  const { values, match, separator } = Array.isArray(claim)
    ? { values: claim, match: undefined, separator: undefined }
    : claim;
  const children = values.map((value) => element("value", {}, [text(value)]));
  return element("claim", { name, match: match ?? "all", separator }, children);
}

import type { GatewaySpec, OperationSpec, SectionName, XmlSource } from "./schema.ts";
import { pointer } from "./source.ts";

/** A place in the spec that holds policy XML or names a file with it. */
export type PolicyXmlPlace = { readonly pointer: string; readonly xml: XmlSource };

const parts: readonly (SectionName | "document")[] = [
  "inbound",
  "backend",
  "outbound",
  "on-error",
  "document",
];

/** All such places: fragments, and `policies` of every scope. */
export function policyXmlPlaces(spec: GatewaySpec): PolicyXmlPlace[] {
  const fragments = Object.entries(spec.fragments ?? {}).map(([id, xml]) => ({
    pointer: pointer("fragments", id),
    xml,
  }));
  const apis = Object.entries(spec.apis ?? {}).flatMap(([api, { policies, operations }]) => [
    ...placesIn(pointer("apis", api), policies === false ? undefined : policies),
    ...Object.entries(operations ?? {}).flatMap(([operation, own]) =>
      placesIn(pointer("apis", api, "operations", operation), own.policies),
    ),
  ]);
  const products = Object.entries(spec.products ?? {}).flatMap(([id, product]) =>
    placesIn(pointer("products", id), product.policies),
  );
  return [...fragments, ...apis, ...products, ...placesIn("", spec.policies)];
}

function placesIn(at: string, policies: OperationSpec["policies"]): PolicyXmlPlace[] {
  return parts.flatMap((part) => {
    const xml = policies?.[part];
    return xml === undefined ? [] : [{ pointer: `${at}${pointer("policies", part)}`, xml }];
  });
}

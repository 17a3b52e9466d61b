import type { GatewaySpec, SectionName, XmlSource } from "./schema.ts";
import { pointer } from "./source.ts";

/** A place in the spec that holds policy XML or names a file with it. */
export type PolicyXmlPlace = { readonly pointer: string; readonly xml: XmlSource };

const sections: readonly SectionName[] = ["inbound", "backend", "outbound", "on-error"];

/** All such places: fragments, and `policies` of operations. */
export function policyXmlPlaces(spec: GatewaySpec): PolicyXmlPlace[] {
  const fragments = Object.entries(spec.fragments ?? {}).map(([id, xml]) => ({
    pointer: pointer("fragments", id),
    xml,
  }));
  const operations = Object.entries(spec.apis ?? {}).flatMap(([api, { operations: listed }]) =>
    Object.entries(listed ?? {}).flatMap(([operation, { policies }]) =>
      sections.flatMap((section) => {
        const xml = policies?.[section];
        return xml === undefined
          ? []
          : [{ pointer: pointer("apis", api, "operations", operation, "policies", section), xml }];
      }),
    ),
  );
  return [...fragments, ...operations];
}

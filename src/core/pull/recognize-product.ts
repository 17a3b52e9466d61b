/** A live document of a product, or the global one → what the spec says for it. Exact, as for operations. */
import { globalDocument } from "../compile/global.ts";
import { productDocument } from "../compile/product-document.ts";
import { samePolicy } from "../policy/canonical.ts";
import { childElement } from "../policy/tree.ts";
import type { PolicyDocument, PolicyNode } from "../policy/tree.ts";
import type { ServiceRef } from "../ports.ts";
import type { ProductSpec } from "../spec/schema.ts";
import { afterBase, section } from "./recognize-operation.ts";
import type { PolicyParts } from "./recognize-operation.ts";
import { readProductKeys } from "./product-keys.ts";
import type { ProductKeys } from "./product-keys.ts";

export type RecognizedProduct = {
  /** Those of its keys that write into the document. */
  readonly keys: ProductKeys;
  readonly parts: PolicyParts;
};

/** With as much as possible in the spec's own words; `verbatim` takes the document as it is. */
export function recognizeProduct(id: string, document: PolicyDocument, verbatim: boolean): RecognizedProduct {
  const whole: RecognizedProduct = { keys: {}, parts: { sections: {}, document } };
  if (verbatim) return whole;
  const nodes = (name: "inbound" | "backend" | "outbound" | "on-error"): readonly PolicyNode[] =>
    childElement(document.root, name)?.children ?? [];
  const backend = afterBase(nodes("backend")).length === 0 ? {} : section("backend", nodes("backend"));
  const shared = { ...backend, ...section("on-error", afterBase(nodes("on-error"))) };
  const read = readProductKeys(id, afterBase(nodes("inbound")), afterBase(nodes("outbound")));
  const guesses: RecognizedProduct[] = [
    {
      keys: read.keys,
      parts: {
        sections: { ...shared, ...section("inbound", read.inbound), ...section("outbound", read.outbound) },
      },
    },
    {
      keys: {},
      parts: {
        sections: {
          ...shared,
          ...section("inbound", afterBase(nodes("inbound"))),
          ...section("outbound", afterBase(nodes("outbound"))),
        },
      },
    },
  ];
  const right = guesses.find(({ keys, parts }) => {
    const product: ProductSpec = { ...keys, policies: {} };
    return samePolicy(productDocument({ id, product, handWritten: parts.sections, owner: "x" }), document);
  });
  return right ?? whole;
}

/** Sections that are as in a new service are left out; of a workspace's document those that only inherit. */
export function recognizeGlobal(
  document: PolicyDocument,
  service: Pick<ServiceRef, "workspace">,
  verbatim: boolean,
): PolicyParts {
  const whole: PolicyParts = { sections: {}, document };
  if (verbatim) return whole;
  const nodesOf = (name: "inbound" | "outbound" | "on-error") =>
    childElement(document.root, name)?.children ?? [];
  const own = (name: "inbound" | "outbound" | "on-error") =>
    section(name, service.workspace === undefined ? nodesOf(name) : afterBase(nodesOf(name)));
  const shared = { ...own("inbound"), ...own("outbound"), ...own("on-error") };
  const backend = section("backend", childElement(document.root, "backend")?.children ?? []);
  const right = [shared, { ...shared, ...backend }].find((sections) =>
    samePolicy(globalDocument(sections, "x", service), document),
  );
  return right === undefined ? whole : { sections: right };
}

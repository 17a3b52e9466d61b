/** One product of the spec: the product itself, its document, and the links that put APIs into it. */
import { policyPath, productPolicyResource } from "../model/kinds/policy.ts";
import { productApiResource, productPath, productResource } from "../model/kinds/product.ts";
import { subscriptionResource, subscriptionsOf } from "../model/kinds/subscription.ts";
import type { Resource } from "../model/resource.ts";
import type { ProductSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import type { CompileContext, Compiled } from "./compile.ts";
import { recordBelow } from "./element-keys.ts";
import { checkSettings } from "./product-settings.ts";
import { hasDocument, productDocument } from "./product-document.ts";
import { wholeDocument } from "./policies.ts";
import { handWrittenPolicies } from "./sections.ts";

export function compileProduct(context: CompileContext, id: string, product: ProductSpec): Compiled {
  const { spec, source } = context;
  const at = source.locateKey(pointer("products", id));
  const { resources, problems, handWritten } = compileDocument(context, id, product);
  // Calls come through the product once an API is linked and somebody has a key: what limits them is there before.
  const before = resources.length === 0 ? [] : [policyPath(productPath(id))];
  const links = (product.apis ?? []).map((api, index) =>
    productApiResource(id, api, before, spec.service, source.locate(pointer("products", id, "apis", index))),
  );
  const subscriptions = subscriptionsOf(product).map(([name, subscription], index) => {
    const path = pointer(
      "products",
      id,
      "subscriptions",
      Array.isArray(product.subscriptions) ? index : name,
    );
    const place = Array.isArray(product.subscriptions) ? source.locate(path) : source.locateKey(path);
    return subscriptionResource(id, name, subscription, before, spec.service, place);
  });
  return {
    resources: [productResource(id, product, spec.name, at), ...resources, ...links, ...subscriptions],
    problems,
    handWritten,
  };
}

/** Without anything to say in it, a product has no document: a document that is there stays somebody else's. */
function compileDocument(context: CompileContext, id: string, product: ProductSpec): Compiled {
  if (!hasDocument(product)) return { resources: [], problems: [], handWritten: [] };
  const at = pointer("products", id);
  const owner = context.spec.name;
  const { sections, document: whole, problems, handWritten } = handWrittenPolicies(context, at);
  const writtenFor = recordBelow(context.elementKeys, at);
  const document =
    whole === undefined
      ? productDocument({ id, product, handWritten: sections, owner, writtenFor })
      : wholeDocument(whole, owner);
  const references = context.references.document(document);
  const resource: Resource = productPolicyResource(id, document, references, context.source.locateKey(at));
  return {
    resources: [resource],
    problems: [...checkSettings(context, id, product), ...problems],
    handWritten,
  };
}

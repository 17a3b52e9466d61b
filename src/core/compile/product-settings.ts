import { namedValueNames } from "../policy/references.ts";
import type { Problem } from "../problem.ts";
import { productDocumentKeys } from "../spec/schema-product.ts";
import type { ProductSpec } from "../spec/schema.ts";
import { pointer } from "../spec/source.ts";
import { checkCharacters } from "./api-settings.ts";
import type { CompileContext } from "./compile.ts";
import { checkNamedValue } from "./hand-written.ts";

/**
 * The texts of a product's settings that end up in its document: XML must be able to hold them, and their `{{name}}` must be named
 * values that are known.
 */
export function checkSettings(
  { names, source }: Pick<CompileContext, "names" | "source">,
  id: string,
  product: ProductSpec,
): Problem[] {
  return productDocumentKeys.flatMap((key) =>
    textsIn(product[key], pointer("products", id, key)).flatMap(({ text, at }) => {
      const place = source.locate(at);
      const named = namedValueNames(text).flatMap((name) => checkNamedValue(name, names, place) ?? []);
      return [...checkCharacters(text, place), ...named];
    }),
  );
}

type Text = { readonly text: string; readonly at: string };

/** Every text below a value of the spec, keys of maps among them, with its place. */
function textsIn(value: unknown, at: string): Text[] {
  if (typeof value === "string") return [{ text: value, at }];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => textsIn(item, `${at}/${index}`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = `${at}${pointer(key)}`;
    return [{ text: key, at: inner }, ...textsIn(member, inner)];
  });
}

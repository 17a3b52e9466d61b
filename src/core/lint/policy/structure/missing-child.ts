import { childElements } from "../../../policy/tree.ts";
import { hasPlaceholder } from "../placeholders.ts";
import { elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement, doubtful } from "./findings.ts";
import { knownPlacements, type KnownPlacement } from "./placement.ts";

export const missingChild: PolicyRule = {
  id: "missing-child",
  severity: "error",
  summary: "An element lacks a child that it must have.",
  why: "The service refuses an element without its required children (learn.microsoft.com/azure/api-management/api-management-policies).",
  examples: {
    bad: inbound(`<cors><allowed-methods><method>GET</method></allowed-methods></cors>`),
    good: inbound(`<cors><allowed-origins><origin>https://example.com</origin></allowed-origins></cors>`),
  },
  *check(context) {
    for (const place of knownPlacements(context)) {
      const { element, content, isDoubtful } = place;
      if (isFilledIn(place)) continue;
      for (const child of content.children) {
        const count = childElements(element).filter(({ name }) => isSameChild(name, child.name)).length;
        if (count >= child.min) continue;
        yield atElement(element, {
          message: `\`${element.name}\` needs a child \`${child.name}\``,
          ...doubtful(
            isDoubtful ||
              isEmptyList(place) ||
              child.undocumented === true ||
              child.doubts?.includes("minimum") === true,
          ),
        });
      }
      if (childElements(element).length < (content.anyPolicy?.min ?? 0)) {
        yield atElement(element, { message: `\`${element.name}\` holds no policy`, severity: "warning" });
      }
    }
  },
};

/** An empty list, such as the `allowed-headers` of cors: deployed documents have it, whatever the page says of its items. */
function isEmptyList({ role, element, content }: KnownPlacement): boolean {
  return role === "part" && content.children.length === 1 && childElements(element).length === 0;
}

/** A placeholder among the children, or an included fragment, may stand for any of them. */
function isFilledIn({ element }: KnownPlacement): boolean {
  const hasFragment = childElements(element).some(({ name }) => name === "include-fragment");
  return hasFragment || hasPlaceholder(elementText(element));
}

/** The stylesheet may be called `xsl:transform` or have another prefix. */
function isSameChild(name: string, wanted: string): boolean {
  return name === wanted || (wanted === "xsl:stylesheet" && /(^|:)(stylesheet|transform)$/.test(name));
}

import { childElement, childElements, elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalOf } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const corsOrigin: PolicyRule = {
  id: "cors-origin",
  severity: "warning",
  summary: "An allowed origin is no origin, or `*` stands among others.",
  why: "An origin is `scheme://host[:port]` without a path, or `*` alone (learn.microsoft.com/azure/api-management/cors-policy). Browsers compare it letter by letter.",
  examples: {
    bad: inbound(
      `<cors><allowed-origins><origin>*</origin><origin>https://example.com/app</origin></allowed-origins></cors>`,
    ),
    good: inbound(`<cors><allowed-origins><origin>https://example.com</origin></allowed-origins></cors>`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "cors")) {
      const list = childElement(element, "allowed-origins");
      const origins = list === undefined ? [] : childElements(list);
      for (const origin of origins) {
        const text = literalOf(elementText(origin));
        if (text === undefined || text === "") continue;
        if (text === "*" && origins.length > 1) {
          yield atElement(origin, { message: "`*` must be the only origin" });
        } else if (text !== "*" && text !== "null" && !/^[a-z][a-z0-9+.-]*:\/\/[^/\s"']+$/i.test(text)) {
          yield atElement(origin, {
            message: `\`${text}\` is no origin`,
            help: "an origin is scheme, host and port: no path, no slash at the end",
          });
        }
      }
    }
  },
};

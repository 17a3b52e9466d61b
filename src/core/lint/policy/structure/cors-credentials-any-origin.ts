import { childElement, childElements, elementText } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const corsCredentialsAnyOrigin: PolicyRule = {
  id: "cors-credentials-any-origin",
  severity: "warning",
  summary: "`cors` allows credentials from any origin.",
  why: "Browsers refuse an answer that allows credentials together with the origin `*` (https://fetch.spec.whatwg.org, CORS protocol and credentials).",
  examples: {
    bad: inbound(
      `<cors allow-credentials="true"><allowed-origins><origin>*</origin></allowed-origins></cors>`,
    ),
    good: inbound(
      `<cors allow-credentials="true"><allowed-origins><origin>https://example.com</origin></allowed-origins></cors>`,
    ),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "cors")) {
      if (literalAttribute(element, "allow-credentials") !== "true") continue;
      const list = childElement(element, "allowed-origins");
      const any = childElements(list ?? element).find((origin) => elementText(origin).trim() === "*");
      if (any === undefined) continue;
      yield atElement(any, {
        message: "browsers refuse credentials together with the origin `*`",
        help: "name the origins",
      });
    }
  },
};

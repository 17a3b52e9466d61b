import type { PolicyRule } from "../policy-rule.ts";
import { outbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const fixed = new Set(["connection", "content-length", "keep-alive", "transfer-encoding"]);

export const headerNotChangeable: PolicyRule = {
  id: "header-not-changeable",
  severity: "warning",
  summary: "`set-header` names a header that the gateway keeps to itself.",
  why: "`Connection`, `Content-Length`, `Keep-Alive` and `Transfer-Encoding` cannot be changed, `Server` cannot be removed (learn.microsoft.com/azure/api-management/set-header-policy).",
  examples: {
    bad: outbound(`<set-header name="Server" exists-action="delete" />`),
    good: outbound(`<set-header name="X-Powered-By" exists-action="delete" />`),
  },
  *check(context) {
    for (const { element, parent } of placementsAt(context, "set-header")) {
      const attribute = element.attributes.find(({ name }) => name === "name");
      const name = literalAttribute(element, "name")?.toLowerCase();
      const isDeleted = literalAttribute(element, "exists-action") === "delete";
      // Requests of the gateway's own are another matter.
      const isOwnRequest = parent?.name.startsWith("send-") === true;
      if (attribute === undefined || name === undefined || isOwnRequest) continue;
      if (!fixed.has(name) && !(name === "server" && isDeleted)) continue;
      yield atValue(element, attribute, {
        message: `the header \`${attribute.value.trim()}\` cannot be ${isDeleted ? "deleted" : "changed"}`,
      });
    }
  },
};

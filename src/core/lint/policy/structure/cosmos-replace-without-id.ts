import { childElement } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { atElement } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

const document = (id: string) => `<cosmosdb-data-source>
  <connection-info>
    <connection-string use-managed-identity="true">AccountEndpoint=https://a.example/</connection-string>
    <database-name>d</database-name>
    <container-name>c</container-name>
  </connection-info>
  <write-request type="replace">${id}<set-body>{}</set-body></write-request>
</cosmosdb-data-source>`;

export const cosmosReplaceWithoutId: PolicyRule = {
  id: "cosmos-replace-without-id",
  severity: "warning",
  summary: "A write request that replaces an item does not say which.",
  why: 'With `type="replace"` the `id` of the item is needed (learn.microsoft.com/azure/api-management/cosmosdb-data-source-policy).',
  examples: { bad: document(""), good: document("<id>1</id>") },
  *check(context) {
    for (const { element } of placementsAt(context, "cosmosdb-data-source/write-request")) {
      const isReplacing = literalAttribute(element, "type") === "replace";
      const hasId = ["id", "include-fragment"].some((name) => childElement(element, name) !== undefined);
      if (!isReplacing || hasId) continue;
      yield atElement(element, { message: "`write-request` that replaces an item needs its `id`" });
    }
  },
};

import { attributeValue } from "../../../policy/tree.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { inbound } from "./examples.ts";
import { atValue } from "./findings.ts";
import { literalAttribute } from "./literals.ts";
import { placementsAt } from "./placement.ts";

export const daprTopic: PolicyRule = {
  id: "dapr-topic",
  severity: "warning",
  summary: "`publish-to-dapr` does not say which component to publish to.",
  why: "Without `pubsub-name` the topic has the form `pubsub-name/topic-name` (learn.microsoft.com/azure/api-management/publish-to-dapr-policy).",
  examples: {
    bad: inbound(`<publish-to-dapr topic="orders">@("x")</publish-to-dapr>`),
    good: inbound(`<publish-to-dapr topic="bus/orders">@("x")</publish-to-dapr>`),
  },
  *check(context) {
    for (const { element } of placementsAt(context, "publish-to-dapr")) {
      const topic = literalAttribute(element, "topic");
      const attribute = element.attributes.find(({ name }) => name === "topic");
      const isNamed = attributeValue(element, "pubsub-name") !== undefined;
      if (topic === undefined || attribute === undefined || isNamed || topic.includes("/")) continue;
      yield atValue(element, attribute, {
        message: "without `pubsub-name` the topic must be `pubsub-name/topic-name`",
      });
    }
  },
};

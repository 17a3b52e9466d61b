import { attributeValue, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { numberReader, optionalText, requiredAttribute, requiredText } from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import { whenWhole } from "../message.ts";
import type { Fidelity, PolicyRunner } from "../policy-definition.ts";
import { usageOf } from "../token-usage.ts";

export const emitMetric: PolicyRunner = {
  name: "emit-metric",
  fidelity: {
    level: "recorded",
    notes: [["Name, value and dimensions are recorded with the request.", "documented"]],
  },
  prepare: (element) => {
    const name = requiredAttribute(element, "name");
    const namespace = attributeValue(element, "namespace") ?? "API Management";
    const value = numberReader(element, "value") ?? (() => 1);
    const dimensions = dimensionReader(element);
    return (exchange) => {
      const values = { namespace, name, value: value(exchange), ...dimensions(exchange) };
      exchange.recorded.push({ policy: "emit-metric", values });
      note(exchange, () => `${namespace}/${name}: ${values.value}`);
      return undefined;
    };
  },
};

const tokenFidelity: Fidelity = {
  level: "recorded",
  notes: [
    [
      "Total, prompt and completion tokens are recorded with the request, from `usage` where there is one.",
      "documented",
    ],
  ],
};

export const llmEmitTokenMetric: PolicyRunner = {
  name: "llm-emit-token-metric",
  fidelity: tokenFidelity,
  prepare: emitTokens,
};

export const azureOpenAiEmitTokenMetric: PolicyRunner = {
  name: "azure-openai-emit-token-metric",
  fidelity: tokenFidelity,
  prepare: emitTokens,
};

function emitTokens(element: PolicyElement): Policy {
  const namespace = attributeValue(element, "namespace") ?? "API Management";
  const dimensions = dimensionReader(element);
  return (exchange) => {
    const record = (): void => {
      const usage = usageOf(exchange);
      if (usage === undefined) return;
      const values = {
        namespace,
        "Total Tokens": usage.total,
        "Prompt Tokens": usage.prompt,
        "Completion Tokens": usage.completion,
        ...dimensions(exchange),
      };
      exchange.recorded.push({ policy: element.name, values });
    };
    exchange.afterBackend.push(() => whenWhole(exchange.context.response?.body, record));
    return undefined;
  };
}

function dimensionReader(element: PolicyElement): Reader<Record<string, string>> {
  const dimensions = childElements(element).map((child) => ({
    name: requiredText(child, "name"),
    value: optionalText(child, "value"),
  }));
  return (exchange) => {
    const pairs = dimensions.map(({ name, value }): [string, string] => {
      const key = name(exchange);
      return [key, value?.(exchange) ?? defaultDimension(key, exchange)];
    });
    return Object.fromEntries(pairs);
  };
}

/** The values of dimensions that need none given. */
function defaultDimension(name: string, { context, attempts }: Exchange): string {
  switch (name) {
    case "API ID":
      return context.api.id;
    case "Operation ID":
      return context.operation.id;
    case "Product ID":
      return context.product?.id ?? "";
    case "User ID":
      return context.user?.id ?? "";
    case "Subscription ID":
      return context.subscription?.id ?? "";
    case "Location":
      return context.deployment.region;
    case "Gateway ID":
      return context.deployment.gatewayId;
    case "Backend ID":
      return attempts.at(-1)?.backend ?? "";
    default:
      return "";
  }
}

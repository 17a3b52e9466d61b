import { attributeValue, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { isJsonObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { contentReader, flagReader, numberReader, requiredNumber } from "../attributes.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import { jsonBody, requestText } from "../llm-text.ts";
import type { Fidelity, PolicyRunner } from "../policy-definition.ts";
import { promptVector } from "../semantic-cache.ts";
import type { PromptVector } from "../semantic-cache.ts";
import { copyResponse } from "./cache-response.ts";

const lookupFidelity: Fidelity = {
  level: "partial",
  notes: [
    [
      "The nearest earlier prompt within `score-threshold` gives the answer; `vary-by`, `ignore-system-messages` and `max-message-count`.",
      "documented",
    ],
    [
      "Nearness is approximate: a prompt is its words and their counts, a score one minus the cosine of two. No embeddings backend is called.",
      "inferred",
    ],
    ["A lower threshold is stricter; a switch turns scores into similarities.", "documented"],
    ["Answers are kept by path, model and whether they are streamed, besides.", "inferred"],
    ["After a hit neither the backend nor other policies run.", "inferred"],
  ],
};

const storeFidelity: Fidelity = {
  level: "partial",
  notes: [
    [
      "Keeps the answer for the prompt that a lookup has read: 200, or all with `cache-response`.",
      "documented",
    ],
    ["All gateway instances share the cache, as an external one.", "documented"],
  ],
};

/** What a lookup leaves for the store of the same request. */
type Asked = { readonly partition: string; readonly vector: PromptVector };
const asked = new WeakMap<Exchange, Asked>();

export const llmSemanticCacheLookup: PolicyRunner = {
  name: "llm-semantic-cache-lookup",
  fidelity: lookupFidelity,
  prepare: lookup,
};

export const azureOpenAiSemanticCacheLookup: PolicyRunner = {
  name: "azure-openai-semantic-cache-lookup",
  fidelity: lookupFidelity,
  prepare: lookup,
};

export const llmSemanticCacheStore: PolicyRunner = {
  name: "llm-semantic-cache-store",
  fidelity: storeFidelity,
  prepare: store,
};

export const azureOpenAiSemanticCacheStore: PolicyRunner = {
  name: "azure-openai-semantic-cache-store",
  fidelity: storeFidelity,
  prepare: store,
};

function lookup(element: PolicyElement): Policy {
  const threshold = requiredNumber(element, "score-threshold");
  const ignoresSystem = flagReader(element, "ignore-system-messages", false);
  const most = numberReader(element, "max-message-count");
  const varies = childElements(element)
    .filter(({ name }) => name === "vary-by")
    .map(contentReader);
  const cache = attributeValue(element, "cache-id") ?? "";
  return (exchange) => {
    const { context, instance, now, options } = exchange;
    const body = jsonBody(context.request.body);
    if (body === undefined) return skipped(exchange, "the request has no JSON to look for");
    const messages = dialog(body, ignoresSystem(exchange));
    const limit = most?.(exchange);
    if (limit !== undefined && messages.length > limit) {
      return skipped(exchange, `${messages.length} messages are more than ${limit}`);
    }
    const text = requestText(body["messages"] === undefined ? body : { ...body, messages });
    const { path } = context.request.originalUrl;
    const partition = JSON.stringify([
      ...[cache, path, body["model"] ?? null, body["stream"] === true],
      ...varies.map((read) => read(exchange)),
    ]);
    const vector = promptVector(text);
    asked.set(exchange, { partition, vector });
    const nearest = instance.semanticCache.nearest(partition, vector, now());
    if (nearest === undefined) return skipped(exchange, "nothing is in the cache");
    const score = options.semanticScore === "distance" ? nearest.distance : 1 - nearest.distance;
    const wanted = threshold(exchange);
    const isHit = options.semanticScore === "distance" ? score <= wanted : score >= wanted;
    note(
      exchange,
      () =>
        `${isHit ? "found in" : "not near enough in"} the cache: ${score.toFixed(3)}, threshold ${wanted}`,
    );
    if (!isHit) return undefined;
    context.response = copyResponse(nearest.entry.response);
    exchange.answeredBy = null;
    exchange.isEnded = true;
    return undefined;
  };
}

function skipped(exchange: Exchange, why: string): undefined {
  note(exchange, () => why);
}

/** The messages, without those of the system where they are to be passed over. */
function dialog({ messages }: JsonObject, ignoresSystem: boolean): readonly JsonObject[] {
  const all = Array.isArray(messages) ? messages.filter(isJsonObject) : [];
  return ignoresSystem ? all.filter(({ role }) => role !== "system" && role !== "developer") : all;
}

function store(element: PolicyElement): Policy {
  const duration = requiredNumber(element, "duration");
  const keepsAll = flagReader(element, "cache-response", false);
  return (exchange) => {
    const { response } = exchange.context;
    const key = asked.get(exchange);
    if (key === undefined || response === null) return undefined;
    if (response.statusCode !== 200 && !keepsAll(exchange)) return undefined;
    const until = exchange.now() + duration(exchange) * 1000;
    exchange.instance.semanticCache.add({ ...key, response: copyResponse(response), until });
    note(exchange, () => "kept");
    return undefined;
  };
}

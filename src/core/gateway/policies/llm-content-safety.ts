import { childElement, childElements } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { isJsonObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import {
  contentReader,
  flagReader,
  numberReader,
  optionalText,
  requiredNumber,
  requiredText,
} from "../attributes.ts";
import type { Reader } from "../attributes.ts";
import type { SingleBackend } from "../backend-config.ts";
import { credentialHeaders, withCredentialQuery } from "../credentials.ts";
import type { CallAnswer, Exchange, SendEffect, Steps } from "../exchange.ts";
import { note } from "../exchange.ts";
import { answerText, jsonBody, requestText } from "../llm-text.ts";
import { createBody, HeaderMap } from "../message.ts";
import { changesResponse } from "../passing-message.ts";
import type { PolicyRunner } from "../policy-definition.ts";
import { internalError, PolicyError } from "../policy-error.ts";

type Category = { readonly name: Reader<string>; readonly threshold: Reader<number> };

type Settings = {
  readonly backend: Reader<string>;
  readonly shields: Reader<boolean>;
  readonly outputType: Reader<string>;
  readonly categories: readonly Category[];
  readonly blocklists: readonly Reader<string>[];
  readonly window: Reader<number>;
  readonly overlap: Reader<number>;
};

export const llmContentSafety: PolicyRunner = {
  name: "llm-content-safety",
  fidelity: {
    level: "partial",
    notes: [
      ["The text of the request goes to the backend's `text:shieldPrompt` and `text:analyze`.", "documented"],
      [
        "An attack, a severity from `threshold` on, or a blocklist's hit: 403, with the text that has been seen.",
        "observed",
      ],
      [
        "In outbound, and with `enforce-on-completions`, the answer's text is checked, in windows.",
        "documented",
      ],
      ["Mock accounts find everything safe, but for what a scenario's `contentSafety` lists.", "inferred"],
      [
        "A streamed answer is read whole first, and refused whole; the service looks at it as it passes.",
        "inferred",
      ],
      ["Requests of more than 10,000 characters, and no answer of the backend: 500.", "documented"],
      ["The backend refuses the call: 403 as well.", "observed"],
    ],
  },
  prepare: (element, { section }) => {
    const settings = settingsOf(element);
    const enforces = flagReader(element, "enforce-on-completions", false);
    if (changesResponse(section)) return (exchange) => checkAnswer(exchange, settings);
    return (exchange) => {
      const own = exchange.at;
      if (enforces(exchange)) {
        exchange.answerChecks.push(() => {
          exchange.at = own;
          return checkAnswer(exchange, settings);
        });
      }
      const body = jsonBody(exchange.context.request.body);
      const text = body === undefined ? "" : requestText(body);
      return text === "" ? undefined : checkRequest(exchange, settings, text);
    };
  },
};

const apiVersion = "?api-version=2024-09-01";
const mostCharacters = 10_000;

function settingsOf(element: PolicyElement): Settings {
  const categories = childElement(element, "categories");
  const blocklists = childElement(element, "blocklists");
  return {
    backend: requiredText(element, "backend-id"),
    shields: flagReader(element, "shield-prompt", false),
    outputType:
      (categories === undefined ? undefined : optionalText(categories, "output-type")) ??
      (() => "FourSeverityLevels"),
    categories: (categories === undefined ? [] : childElements(categories)).map((category) => ({
      name: requiredText(category, "name"),
      threshold: requiredNumber(category, "threshold"),
    })),
    blocklists: (blocklists === undefined ? [] : childElements(blocklists)).map(contentReader),
    window: numberReader(element, "window-size") ?? (() => mostCharacters),
    overlap: numberReader(element, "window-overlap-size") ?? (() => 0),
  };
}

function* checkRequest(exchange: Exchange, settings: Settings, text: string): Steps {
  if (text.length > mostCharacters) {
    throw new PolicyError(500, `The request has more than ${mostCharacters} characters.`, {
      answer: internalError,
    });
  }
  yield* check(exchange, settings, text, settings.shields(exchange));
}

function* checkAnswer(exchange: Exchange, settings: Settings): Steps {
  const { response } = exchange.context;
  if (response === null || response.statusCode >= 400) return;
  const text = answerText(response.body);
  const size = Math.min(Math.max(settings.window(exchange), 1), mostCharacters);
  const step = Math.max(size - Math.max(settings.overlap(exchange), 0), 1);
  for (let start = 0; start < text.length; start += step) {
    yield* check(exchange, settings, text.slice(start, start + size), false);
    if (start + size >= text.length) return;
  }
}

/** Throws PolicyError 403 for what is not let through. */
function* check(exchange: Exchange, settings: Settings, text: string, shields: boolean): Steps {
  const backend = backendOf(exchange, settings.backend(exchange));
  const seen: string[] = [];
  if (shields) {
    const answer = yield* ask(exchange, backend, "shieldPrompt", { userPrompt: text, documents: [] });
    const prompt = answer["userPromptAnalysis"];
    if (isJsonObject(prompt) && prompt["attackDetected"] === true) throw unsafe(exchange, "an attack");
    seen.push("no attack");
  }
  const categories = settings.categories.map(({ name, threshold }) => ({
    name: name(exchange),
    threshold: threshold(exchange),
  }));
  const blocklistNames = settings.blocklists.map((read) => read(exchange).trim());
  if (categories.length + blocklistNames.length > 0) {
    const answer = yield* ask(exchange, backend, "analyze", {
      text,
      ...(categories.length === 0 ? {} : { categories: categories.map(({ name }) => name) }),
      ...(blocklistNames.length === 0 ? {} : { blocklistNames }),
      outputType: settings.outputType(exchange),
    });
    for (const { name, threshold } of categories) {
      const severity = severityOf(answer["categoriesAnalysis"], name);
      if (severity !== undefined && severity >= threshold) throw unsafe(exchange, `${name} ${severity}`);
      seen.push(`${name} ${severity ?? "not rated"}`);
    }
    const [hit] = objects(answer["blocklistsMatch"]);
    if (hit !== undefined) throw unsafe(exchange, `the blocklist ${JSON.stringify(hit["blocklistName"])}`);
  }
  exchange.recorded.push({
    policy: "llm-content-safety",
    values: { result: "safe", characters: text.length },
  });
  note(exchange, () => `safe: ${seen.join(", ")}`);
}

function unsafe(exchange: Exchange, what: string): PolicyError {
  exchange.recorded.push({ policy: "llm-content-safety", values: { result: "unsafe", found: what } });
  note(exchange, () => `not safe: ${what}`);
  return new PolicyError(403, "Request failed content safety check.");
}

function backendOf({ instance, now }: Exchange, id: string): SingleBackend {
  const config = instance.backend(id);
  const picked = config === undefined ? undefined : instance.pick(config, now(), false).backend;
  if (picked !== undefined) return picked;
  throw new PolicyError(500, `There is no backend \`${id}\` for content safety.`, { answer: internalError });
}

function* ask(
  exchange: Exchange,
  backend: SingleBackend,
  operation: "shieldPrompt" | "analyze",
  body: JsonObject,
): Generator<SendEffect, JsonObject, undefined> {
  const own = exchange.at;
  const { address, credentials } = backend;
  if (address === undefined) {
    throw new PolicyError(500, `The backend \`${backend.id}\` has no address.`, { answer: internalError });
  }
  const path = `${address.path.replace(/\/(?:contentsafety\/?)?$/, "")}/contentsafety/text:${operation}`;
  const headers = new HeaderMap([["Content-Type", "application/json"]]);
  const effect: SendEffect = {
    kind: "send",
    call: {
      backend,
      method: "POST",
      url: withCredentialQuery({ ...address, path, queryString: apiVersion }, credentials),
      headers: credentialHeaders(headers, credentials),
      body: createBody(JSON.stringify(body)),
      timeoutMilliseconds: 60_000,
      followsRedirects: false,
      answerUse: "content",
      buffersResponse: true,
    },
    result: undefined,
  };
  yield effect;
  exchange.at = own;
  const { result } = effect;
  if (result === undefined) throw new Error("a call went on before it had a result");
  if (result.kind === "failed") {
    throw new PolicyError(500, result.message, { reason: result.reason, answer: internalError });
  }
  return answerOf(exchange, result);
}

function answerOf(exchange: Exchange, { status, body }: CallAnswer): JsonObject {
  const json = jsonBody(body);
  if (status < 300 && json !== undefined) return json;
  note(exchange, () => `the content safety backend answered ${status}`);
  if (status >= 400 && status < 500 && status !== 429)
    throw unsafe(exchange, `nothing, since it answered ${status}`);
  throw new PolicyError(500, `The content safety backend answered ${status}.`, { answer: internalError });
}

function severityOf(analysis: Json | undefined, name: string): number | undefined {
  const found = objects(analysis).find(({ category }) => category === name);
  const severity = found?.["severity"];
  return typeof severity === "number" ? severity : undefined;
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** What a diagnostic logs of language models: `largeLanguageModel` in ARM, from 2024-06-01-preview on. */
import type { JsonObject } from "../../json.ts";
import type { DiagnosticSpec } from "../../spec/schema.ts";
import { numberMember, objectMember, stringMember, withoutEmpty } from "../kind-definition.ts";

const messages = ["requests", "responses"] as const;

/** The property of the body; undefined when the spec does not decide it. */
export function llmBody(llm: DiagnosticSpec["llm"]): JsonObject | undefined {
  if (llm === undefined) return undefined;
  if (llm === false) return { logs: "disabled" };
  const { requestBytes, responseBytes } = llm === true ? {} : llm;
  return { logs: "enabled", requests: messageBody(requestBytes), responses: messageBody(responseBytes) };
}

function messageBody(maxSizeInBytes: number | undefined): JsonObject | undefined {
  return maxSizeInBytes === undefined ? undefined : { messages: "all", maxSizeInBytes };
}

/** As it is compared: switched off and not there are the same. */
export function normalizeLlm(llm: JsonObject | undefined): JsonObject | undefined {
  if (llm === undefined || stringMember(llm, "logs")?.toLowerCase() !== "enabled") return undefined;
  const logged = messages.map((name): [string, JsonObject] => [name, loggedMessage(objectMember(llm, name))]);
  return withoutEmpty({ logs: "enabled", ...Object.fromEntries(logged) });
}

function loggedMessage(message: JsonObject | undefined): JsonObject {
  if (message === undefined || stringMember(message, "messages")?.toLowerCase() !== "all") return {};
  return { messages: "all", maxSizeInBytes: numberMember(message, "maxSizeInBytes") };
}

/** What a spec says for it. */
export function llmSpecOf(live: JsonObject | undefined): DiagnosticSpec["llm"] {
  const llm = normalizeLlm(live);
  if (llm === undefined) return undefined;
  const [requestBytes, responseBytes] = messages.map((name) => bytesOf(objectMember(llm, name)));
  if (requestBytes === undefined && responseBytes === undefined) return true;
  return {
    ...(requestBytes === undefined ? {} : { requestBytes }),
    ...(responseBytes === undefined ? {} : { responseBytes }),
  };
}

function bytesOf(message: JsonObject | undefined): number | undefined {
  return message && numberMember(message, "maxSizeInBytes");
}

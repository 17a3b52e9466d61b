/**
 * The one thing that apimgw sends in a later version than the swagger's: what diagnostics log of language models
 * (learn.microsoft.com/azure/templates/microsoft.apimanagement/service/diagnostics). Everything else of such a request must be
 * as in the swagger's version.
 */
import { isJsonObject } from "../../../src/core/json.ts";
import type { SentRequest } from "./record-requests.ts";

const version = "2024-06-01-preview";

/** The request as it would be in the swagger's version, and what is wrong with the rest of it. */
export function asStable(request: SentRequest): {
  readonly request: SentRequest;
  readonly faults: readonly string[];
} {
  const url = new URL(request.path, "http://arm.invalid");
  const isNewer = url.searchParams.get("api-version") === version;
  if (!isNewer || !/\/diagnostics(?:\/[^/]+)?$/i.test(url.pathname)) return { request, faults: [] };
  url.searchParams.set("api-version", "2024-05-01");
  const path = `${url.pathname}${url.search}`;
  const sent: unknown = request.body === "" ? undefined : JSON.parse(request.body);
  if (!isJsonObject(sent) || !isJsonObject(sent["properties"]))
    return { request: { ...request, path }, faults: [] };
  const { largeLanguageModel, ...properties } = sent["properties"];
  const body = JSON.stringify({ ...sent, properties });
  return { request: { ...request, path, body }, faults: faultsOf(largeLanguageModel) };
}

function faultsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) return ["largeLanguageModel is no object"];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === "logs")
      return member === "enabled" || member === "disabled" ? [] : ["logs is neither on nor off"];
    if (name !== "requests" && name !== "responses") return [`there is no largeLanguageModel.${name}`];
    const { messages, maxSizeInBytes: size, ...others } = isJsonObject(member) ? member : {};
    const isSound = messages === "all" && typeof size === "number" && size > 0 && size <= 262_144;
    return isSound && Object.keys(others).length === 0 ? [] : [`largeLanguageModel.${name} is not sound`];
  });
}

import { expect } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import type { LocalProject } from "./local-project.ts";

/** A request that apimgw itself never sends, to the local APIM or what stands beside it; it must succeed. Returns the answer's JSON. */
export async function send(
  { endpoint }: LocalProject,
  method: string,
  id: string,
  body?: JsonObject,
): Promise<unknown> {
  const version = /Microsoft\.Authorization/.test(id)
    ? "2022-04-01"
    : /CognitiveServices/.test(id)
      ? "2024-10-01"
      : "2024-05-01";
  const response = await fetch(`${endpoint}${id}?api-version=${version}`, {
    method,
    headers: { Authorization: "Bearer x", "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

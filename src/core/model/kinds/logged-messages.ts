/**
 * What of messages a diagnostic sends: ARM has four places for it (frontend and backend, request and response), a spec one for all
 * and one for each.
 */
import { canonicalJson, isJsonObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { compareText } from "../../problem.ts";
import type { DiagnosticSpec } from "../../spec/schema.ts";
import { listMember, numberMember, objectMember, stringMember, withoutEmpty } from "../kind-definition.ts";

type Side = NonNullable<DiagnosticSpec["frontend"]>;
type Message = NonNullable<Side["request"]>;
type LoggedSpec = Pick<DiagnosticSpec, "headers" | "bodyBytes" | "mask" | "frontend" | "backend">;
type Masking = NonNullable<Message["mask"]>["headers"];

const sides = ["frontend", "backend"] as const;
const messages = ["request", "response"] as const;

/** `frontend` and `backend` of the body; a side of which the spec says nothing is absent. */
export function loggedMessages(spec: DiagnosticSpec): JsonObject {
  const forAll = { headers: spec.headers, bodyBytes: spec.bodyBytes, mask: spec.mask };
  const isForAll = Object.values(forAll).some((value) => value !== undefined);
  const written = sides.flatMap((side): [string, JsonObject][] => {
    if (!isForAll && spec[side] === undefined) return [];
    const bodies = messages.map((name): [string, JsonObject] => [
      name,
      messageBody({ ...forAll, ...spec[side]?.[name] }),
    ]);
    return [[side, Object.fromEntries(bodies)]];
  });
  return Object.fromEntries(written);
}

/** How many bytes of a body are sent. */
export function loggedBodyBytes(
  spec: DiagnosticSpec,
  side: (typeof sides)[number],
  message: (typeof messages)[number],
): number {
  return spec[side]?.[message]?.bodyBytes ?? spec.bodyBytes ?? 0;
}

function messageBody({ headers, bodyBytes, mask }: Message): JsonObject {
  return {
    headers: headers ?? [],
    body: { bytes: bodyBytes ?? 0 },
    ...(mask === undefined
      ? {}
      : { dataMasking: { headers: entities(mask.headers), queryParams: entities(mask.query) } }),
  };
}

function entities(masking: Masking): JsonObject[] {
  return Object.entries(masking ?? {})
    .sort(([a], [b]) => compareText(a, b))
    .map(([value, mode]) => ({ value, mode: modes[mode] }));
}

const modes = { mask: "Mask", hide: "Hide" } as const;

/** A side as it is compared: nothing said and nothing sent are the same. */
export function normalizeSide(side: JsonObject | undefined): JsonObject | undefined {
  if (side === undefined) return undefined;
  const bodies = messages.map((name): [string, JsonObject] => {
    const message = objectMember(side, name) ?? {};
    const bytes = numberMember(objectMember(message, "body") ?? {}, "bytes");
    return [name, { ...message, body: bytes === 0 ? null : { bytes } }];
  });
  return withoutEmpty(Object.fromEntries(bodies));
}

/** What a spec says for the messages of a live diagnostic: in one place where all four are alike. */
export function loggedMessagesOf(properties: JsonObject): LoggedSpec {
  const live = sides.map((side) => normalizeSide(objectMember(properties, side)) ?? {});
  const all = live.flatMap((side) => messages.map((name) => objectMember(side, name) ?? {}));
  const [first = {}] = all;
  if (all.every((message) => canonicalJson(message) === canonicalJson(first))) return messageSpec(first);
  const [frontend, backend] = live.map(sideSpec);
  return { ...(frontend && { frontend }), ...(backend && { backend }) };
}

function sideSpec(side: JsonObject): Side | undefined {
  const [request, response] = messages.map((name) => {
    const message = objectMember(side, name);
    return message && messageSpec(message);
  });
  if (request === undefined && response === undefined) return undefined;
  return { ...(request && { request }), ...(response && { response }) };
}

function messageSpec(message: JsonObject): Message {
  const headers = listMember(message, "headers").filter((name) => typeof name === "string");
  const bodyBytes = numberMember(objectMember(message, "body") ?? {}, "bytes");
  const mask = maskSpec(objectMember(message, "dataMasking") ?? {});
  return {
    ...(headers.length === 0 ? {} : { headers }),
    ...(bodyBytes === undefined ? {} : { bodyBytes }),
    ...(mask === undefined ? {} : { mask }),
  };
}

function maskSpec(dataMasking: JsonObject): Message["mask"] {
  const [headers, query] = ["headers", "queryParams"].map((name) => maskingOf(dataMasking, name));
  if (headers === undefined && query === undefined) return undefined;
  return { ...(headers && { headers }), ...(query && { query }) };
}

function maskingOf(dataMasking: JsonObject, name: string): Masking {
  const found = listMember(dataMasking, name).flatMap((entity): [string, "mask" | "hide"][] => {
    if (!isJsonObject(entity)) return [];
    const value = stringMember(entity, "value");
    const mode = stringMember(entity, "mode");
    return value === undefined ? [] : [[value, mode?.toLowerCase() === "hide" ? "hide" : "mask"]];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

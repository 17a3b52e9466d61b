/** What the service refuses → the place in the user's files that it comes from. */
import { locateIn } from "../compile/hand-written.ts";
import type { CompileResult } from "../compile/compile.ts";
import { ServiceFailure } from "../failure.ts";
import type { Failure, ServiceErrorDetail } from "../failure.ts";
import type { Location } from "../location.ts";
import { objectMember, stringMember } from "../model/kind-definition.ts";
import type { Resource } from "../model/resource.ts";
import type { OpenApiDocument } from "../openapi/document.ts";
import { createLocator } from "../openapi/locate.ts";
import type { ErrorPlace } from "../plan/plan.ts";
import { decodeRun } from "../policy/decoded-run.ts";
import { LineIndex } from "../policy/positions.ts";
import type { PolicyDocument, Range } from "../policy/tree.ts";
import type { SpecSource } from "../spec/source.ts";
import { pointer } from "../spec/source.ts";
import { readClues } from "./error-clues.ts";
import type { ErrorClues } from "./error-clues.ts";
import { keysInMessage } from "./json-place.ts";
import { findByClues } from "./locate-in-print.ts";
import type { FoundElement } from "./locate-in-print.ts";

/** Where a model came from. */
export type ModelOrigins = Pick<CompileResult, "handWritten" | "elementKeys"> & {
  readonly source: SpecSource;
  /** By API id. */
  readonly openApi: ReadonlyMap<string, OpenApiDocument>;
  /** Texts of the files that were read, by the name that locations use. */
  readonly texts: ReadonlyMap<string, string>;
};

/**
 * One place for each thing that the service refuses about a resource; what cannot be traced is left out. Places are in the
 * spec, in a policy file, or in an OpenAPI document.
 */
export function errorPlaces(resource: Resource, failure: Failure, origins: ModelOrigins): ErrorPlace[] {
  if (!(failure instanceof ServiceFailure) || failure.code !== "SERVICE.REJECTED") return [];
  // Fragments are refused in another shape, without details (Azure/apiops#160).
  const details = failure.details.length > 0 ? failure.details : [{ message: failure.message }];
  const places = details.flatMap((detail) => placesOf(detail, resource, origins));
  const seen = new Set<string>();
  return places.filter((place) => {
    const key = JSON.stringify(place);
    return !seen.has(key) && seen.add(key);
  });
}

function placesOf(detail: ServiceErrorDetail, resource: Resource, origins: ModelOrigins): ErrorPlace[] {
  if (resource.document !== undefined) {
    const clues = readClues(detail);
    const at = documentPlace(resource.document, clues, origins);
    return at === undefined ? [] : [{ message: clues.message, at }];
  }
  const places = openApiPlaces(detail, resource, origins) ?? keyPlaces(detail, resource, origins);
  return places.map((at) => ({ message: detail.message, at }));
}

function documentPlace(
  document: PolicyDocument,
  clues: ErrorClues,
  origins: ModelOrigins,
): Location | undefined {
  const found = findByClues(document, clues);
  if (found === undefined) return undefined;
  const source = origins.handWritten.get(found.element);
  if (source !== undefined) {
    const range = writtenRange(found, source.text);
    return range === undefined ? undefined : locateIn(source, origins.source, range);
  }
  const owners = [found.element, ...found.ancestors.toReversed()];
  const key = owners.map((element) => origins.elementKeys.get(element)).find((known) => known !== undefined);
  if (key === undefined) return undefined;
  return key.part === "key" ? origins.source.locateKey(key.pointer) : origins.source.locate(key.pointer);
}

/** The value or the point in it that is meant, else the element's name, in the text that was written. */
function writtenRange({ element, part, offset }: FoundElement, text: string): Range | undefined {
  const range = part === undefined ? undefined : "name" in part ? part.valueRange : part.range;
  if (range === undefined) return element.nameRange;
  if (offset === undefined) return range;
  const run = decodeRun(text, range.start.offset, range.end.offset);
  const start = run.offsets[Math.min(offset, run.offsets.length - 1)] ?? range.start.offset;
  return new LineIndex(text).range(start, start + 1);
}

const openApiTargets = ["representation", "value", "format"];

/** Undefined when the refusal is not about an OpenAPI document. */
function openApiPlaces(
  { message, target }: ServiceErrorDetail,
  { kind, id, body }: Resource,
  { openApi, texts, source }: ModelOrigins,
): Location[] | undefined {
  const document = kind === "api" ? openApi.get(id) : undefined;
  const isMeant = /^Parsing error/.test(message) || openApiTargets.includes(target ?? "");
  if (document === undefined || !isMeant) return undefined;
  const sent = stringMember(objectMember(body, "properties") ?? {}, "value") ?? document.json;
  const text = texts.get(document.file);
  const keys = text === undefined ? [] : keysInMessage(message, sent);
  if (text === undefined || keys.length === 0) return [source.locate(pointer("apis", id, "openapi"))];
  const locate = createLocator(text, document.file);
  return keys.map(locate);
}

/** From the wire's names of properties to the spec's, where these differ. */
const specNames: readonly (readonly [wire: RegExp, spec: string])[] = [
  [/^properties\./, ""],
  [/^circuitBreaker\.rules\[\d+\]/, "circuitBreaker"],
  [/\.failureCondition\b/, ""],
  [/\bstatusCodeRanges\b/, "statusCodes"],
  [/^pool(\.services)?\b/, "members"],
  [/^subscription(Required|KeyParameterNames)\b/, "subscriptionKey"],
  [/^loggerId\b/, "logger"],
];

/** The key of the property that is refused; a property that the spec does not give leads to the nearest one that it does. */
function keyPlaces(
  { target }: ServiceErrorDetail,
  { origin }: Resource,
  { source }: ModelOrigins,
): Location[] {
  if (target === undefined || origin.pointer === undefined) return [];
  const name = specNames.reduce((text, [wire, spec]) => text.replace(wire, spec), target);
  const keys = name.split(/[.[\]]+/).filter((key) => key !== "");
  return [source.locateKey(`${origin.pointer}${pointer(...keys)}`)];
}

/** What to do about a name that the service does not know; undefined for everything else. */
export function missingNameRemedy(places: readonly ErrorPlace[]): string | undefined {
  const isMissing = places.some(({ message }) =>
    /could not be found|\bnot found\b|Cannot find a property/i.test(message),
  );
  return isMissing
    ? "What is named must be on the service: plan again, in case it was deleted since; or declare it in the spec."
    : undefined;
}

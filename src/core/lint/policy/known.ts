/** What is on the service, as a folder that `render` or `pull` wrote says it, or a JSON file that lists it. */
import { isJsonObject } from "../../json.ts";
import { nearestName } from "../../nearest-name.ts";
import { parsePolicyDocument } from "../../policy/parse.ts";
import type { PolicyDocument } from "../../policy/tree.ts";
import { compareText } from "../../problem.ts";
import { didYouMean } from "../../spec/suggestion.ts";
import type { KnownEntities } from "./policy-rule.ts";

const kinds = ["backends", "fragments", "loggers", "namedValues", "certificates"] as const;
type Kind = (typeof kinds)[number];

/** Folders of ARM's paths and what the files in them are. */
const folders: Readonly<Record<string, Kind>> = {
  backends: "backends",
  policyFragments: "fragments",
  loggers: "loggers",
  namedValues: "namedValues",
  certificates: "certificates",
};

/** Which files of such a folder have to be read, and not only listed: named values are known by their display names. */
export function mustReadKnownFile(path: string): boolean {
  return placeOf(path)?.kind === "namedValues" || isFragmentDocument(path);
}

/** The fragments of such a folder, by id in lower case, without those whose text does not parse. */
export function fragmentsFromFiles(
  files: readonly { readonly path: string; readonly text?: string }[],
): ReadonlyMap<string, PolicyDocument> {
  return new Map(
    files.flatMap(({ path, text }): [string, PolicyDocument][] => {
      const place = isFragmentDocument(path) ? placeOf(path) : undefined;
      if (place === undefined || text === undefined) return [];
      const parsed = parsePolicyDocument(text, { dialect: "auto" });
      return parsed.ok ? [[place.id.toLowerCase(), parsed.document]] : [];
    }),
  );
}

function isFragmentDocument(path: string): boolean {
  return placeOf(path)?.kind === "fragments" && path.endsWith(".xml");
}

/** Reads a folder: paths relative to it with `/`, and the text where `mustReadKnownFile` says so. */
export function knownFromFiles(
  files: readonly { readonly path: string; readonly text?: string }[],
): KnownEntities {
  const names: Record<Kind, Set<string>> = {
    backends: new Set(),
    fragments: new Set(),
    loggers: new Set(),
    namedValues: new Set(),
    certificates: new Set(),
  };
  for (const { path, text } of files) {
    const place = placeOf(path);
    if (place === undefined) continue;
    const name = place.kind === "namedValues" ? (displayName(text) ?? place.id) : place.id;
    names[place.kind].add(name);
  }
  return {
    backends: sorted(names.backends),
    fragments: sorted(names.fragments),
    loggers: sorted(names.loggers),
    namedValues: sorted(names.namedValues),
    certificates: sorted(names.certificates),
  };
}

export type ReadKnown =
  { readonly ok: true; readonly known: KnownEntities } | { readonly ok: false; readonly why: string };

/** Reads `{"backends": [], "fragments": [], "loggers": [], "namedValues": [], "certificates": []}`; lists may be left out. */
export function parseKnown(text: string): ReadKnown {
  const value = parseJson(text);
  if (!isJsonObject(value)) return { ok: false, why: "it is not a JSON object" };
  const unknown = Object.keys(value).find((key) => !kinds.some((kind) => kind === key));
  if (unknown !== undefined) {
    return { ok: false, why: `there is no list \`${unknown}\`${didYouMean(nearestName(unknown, kinds))}` };
  }
  const wrong = kinds.find((kind) => value[kind] !== undefined && !isTexts(value[kind]));
  if (wrong !== undefined) return { ok: false, why: `\`${wrong}\` is not a list of names` };
  const listed = (kind: Kind): readonly string[] => {
    const names = value[kind];
    return isTexts(names) ? names : [];
  };
  const known: KnownEntities = {
    backends: listed("backends"),
    fragments: listed("fragments"),
    loggers: listed("loggers"),
    namedValues: listed("namedValues"),
    certificates: listed("certificates"),
  };
  return { ok: true, known };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function placeOf(path: string): { readonly kind: Kind; readonly id: string } | undefined {
  const [, folder = "", id] = /^([^/]+)\/([^/]+)\.(?:json|xml)$/.exec(path) ?? [];
  const kind = folders[folder];
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

function displayName(text: string | undefined): string | undefined {
  const value = text === undefined ? undefined : parseJson(text);
  const properties = isJsonObject(value) ? value["properties"] : undefined;
  const name = isJsonObject(properties) ? properties["displayName"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sorted(names: ReadonlySet<string>): string[] {
  return [...names].sort(compareText);
}

/** The OpenAPI documents that a spec names, by file or by name. Nothing is fetched. */
import { join } from "node:path";
import type { OpenApiDocument } from "../core/openapi/document.ts";
import {
  documentFileName,
  isDocumentName,
  nearestDocuments,
  ownDocuments as knownDocuments,
} from "../core/openapi/document-names.ts";
import { parseOpenApi } from "../core/openapi/parse.ts";
import type { Files } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { pointer } from "../core/spec/source.ts";
import type { ParsedSpec } from "../core/spec/source.ts";
import { besideSpec, readReference, type Read, type Reader } from "./read-reference.ts";

export type OpenApiSources = {
  readonly files: Pick<Files, "exists" | "read">;
  readonly reader: Reader;
  /** Folder of the documents that come with apimgw. */
  readonly ownDocuments: string | undefined;
};

/** Where a project keeps documents that its spec names by name, when it does not say. */
const defaultFolder = "specs";

/** Reads and parses each document once. An API whose document cannot be read is absent, and among the problems. */
export async function readOpenApi(
  sources: OpenApiSources,
  specFile: string,
  parsed: ParsedSpec,
): Promise<Read<OpenApiDocument>> {
  const values = new Map<string, OpenApiDocument>();
  const problems: Problem[] = [];
  const parsedByName = new Map<string, ReturnType<typeof parseOpenApi>>();
  for (const [id, { openapi }] of Object.entries(parsed.spec.apis ?? {})) {
    if (openapi === undefined) continue;
    const read = await readSource(sources, specFile, parsed, id, openapi);
    if ("problem" in read) {
      problems.push(read.problem);
      continue;
    }
    const known = parsedByName.get(read.name);
    const document = known ?? parseOpenApi(read.text, read.name);
    parsedByName.set(read.name, document);
    if (document.ok) values.set(id, document.document);
    else if (known === undefined) problems.push(...document.problems);
  }
  return { values, problems };
}

type Source = { readonly name: string; readonly text: string } | { readonly problem: Problem };

async function readSource(
  sources: OpenApiSources,
  specFile: string,
  { spec, source }: ParsedSpec,
  api: string,
  openapi: string,
): Promise<Source> {
  const at = pointer("apis", api, "openapi");
  if (!isDocumentName(openapi)) {
    const read = await readReference(sources.reader, source, at, openapi);
    return "problem" in read ? { problem: suggestName(read.problem, openapi) } : read;
  }
  const folder = spec.openapiFolder ?? defaultFolder;
  const file = await findInFolder(sources.files, specFile, folder, openapi);
  if (file !== undefined) return readReference(sources.reader, source, at, file);
  const { files, ownDocuments } = sources;
  if (ownDocuments === undefined || !knownDocuments.includes(openapi))
    return { problem: unknownDocument(source.locate(at), openapi, folder) };
  // Known by its name, wherever apimgw is installed.
  return { name: openapi, text: await files.read(join(ownDocuments, `${documentFileName(openapi)}.json`)) };
}

/** The project's own document, which wins over the one that comes with apimgw. */
async function findInFolder(
  files: OpenApiSources["files"],
  specFile: string,
  folder: string,
  name: string,
): Promise<string | undefined> {
  const candidates = ["json", "yaml", "yml"].map((ending) =>
    join(folder, `${documentFileName(name)}.${ending}`),
  );
  const there = await Promise.all(candidates.map((file) => files.exists(besideSpec(specFile, file))));
  return candidates.find((_, index) => there[index]);
}

function unknownDocument(at: Problem["at"], name: string, folder: string): Problem {
  return {
    rule: "unknown-openapi",
    severity: "error",
    message: `there is no OpenAPI document \`${name}\``,
    at,
    help: `known are ${listDocuments(name)}; your own is a file ${folder}/${documentFileName(name)}.json beside the spec`,
  };
}

/** A word that is no file was rather meant as a name; an address is none either. */
function suggestName(problem: Problem, openapi: string): Problem {
  if (/^https?:\/\//i.test(openapi)) {
    const message = "`openapi` is an address, and nothing is fetched when a spec is read";
    return { ...problem, message, help: "save the document beside the spec, and name the file" };
  }
  if (problem.rule !== "missing-file" || !/^[\w-]+$/.test(openapi)) return problem;
  return { ...problem, help: `${problem.help ?? ""}; documents by name are ${listDocuments(openapi)}` };
}

function listDocuments(name: string): string {
  return nearestDocuments(name)
    .map((document) => `\`${document}\``)
    .join(", ");
}

/** Spec file → model: reads the spec, the OpenAPI documents and the policy files that it names, and compiles. */
import { compile } from "../core/compile/compile.ts";
import type { CompileResult } from "../core/compile/compile.ts";
import type { PolicySource } from "../core/compile/hand-written.ts";
import { Failure } from "../core/failure.ts";
import type { Model } from "../core/model/resource.ts";
import type { OpenApiDocument } from "../core/openapi/document.ts";
import type { Files } from "../core/ports.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem } from "../core/problem.ts";
import { parseSpec } from "../core/spec/parse-spec.ts";
import { policyXmlPlaces } from "../core/spec/policy-xml-places.ts";
import type { ParsedSpec } from "../core/spec/source.ts";
import { createReader, readReference } from "./read-reference.ts";
import type { Read, Reader } from "./read-reference.ts";
import { readOpenApi } from "./read-openapi.ts";

export type GatewayRequest = {
  /** The spec, relative to the working directory. */
  readonly file: string;
  readonly environment?: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folder of the OpenAPI documents that come with apimgw. Absent: there are none, and a spec can only name its own. */
  readonly ownDocuments?: string;
  /** The service as named on the command line, where it is. */
  readonly overrides?: ServiceOverrides;
};

export type ServiceOverrides = {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly service?: string;
  readonly workspace?: string;
  /** The tier that the service says it has, for a spec that does not name one. */
  readonly tier?: string;
};

export type LoadedGateway = {
  /** Sorted by place. */
  readonly problems: readonly Problem[];
  /** Texts of the files that were read, by the name that problems use. */
  readonly texts: ReadonlyMap<string, string>;
  /** Absent when the spec itself is not sound. */
  readonly parsed?: ParsedSpec;
  /** Present when the spec is sound, even if what it compiles to has problems. */
  readonly model?: Model;
  /** The hand-written elements in the model's documents, with the text that each came from. */
  readonly handWritten?: CompileResult["handWritten"];
  /** What places in those documents, and in the OpenAPI documents, are traced back with. */
  readonly elementKeys?: CompileResult["elementKeys"];
  /** By API id. */
  readonly openApi?: ReadonlyMap<string, OpenApiDocument>;
};

/** Throws Failure `FILE.*` when the spec cannot be read; whatever is wrong inside it is a problem. */
export async function loadGateway(files: Files, request: GatewayRequest): Promise<LoadedGateway> {
  const text = await readSpecFile(files, request.file);
  const texts = new Map([[request.file, text]]);
  const { parsed, problems } = parseSpec(text, { ...request });
  if (parsed === undefined) return { problems: [...problems].sort(compareProblems), texts };
  const reader = createReader(files, request.file, texts);
  const [openApi, policies] = await Promise.all([
    readOpenApi({ files, reader, ownDocuments: request.ownDocuments }, request.file, parsed),
    readPolicies(reader, parsed),
  ]);
  const compiled = compile({ parsed, openApi: openApi.values, policySources: policies.values });
  const all = [...problems, ...openApi.problems, ...policies.problems, ...compiled.problems].sort(
    compareProblems,
  );
  const { model, handWritten, elementKeys } = compiled;
  return { problems: all, texts, parsed, model, handWritten, elementKeys, openApi: openApi.values };
}

/** A gateway without errors. */
export type SoundGateway = Required<LoadedGateway>;

/** Like loadGateway, for commands that need a sound gateway. Throws Failure `SPEC.INVALID` with all problems. */
export async function loadSoundGateway(files: Files, request: GatewayRequest): Promise<SoundGateway> {
  const loaded = await loadGateway(files, request);
  const { problems, texts, parsed, model, handWritten, elementKeys, openApi } = loaded;
  const errors = problems.filter(({ severity }) => severity === "error");
  const isWhole =
    parsed !== undefined &&
    model !== undefined &&
    handWritten !== undefined &&
    elementKeys !== undefined &&
    openApi !== undefined;
  if (errors.length > 0 || !isWhole) {
    const count = errors.length === 1 ? "one error" : `${errors.length} errors`;
    throw new Failure("SPEC.INVALID", `${request.file} has ${count}`, { problems: errors });
  }
  return { problems, texts, parsed, model, handWritten, elementKeys, openApi };
}

async function readSpecFile(files: Files, file: string): Promise<string> {
  try {
    return await files.read(file);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "FILE.NOT_FOUND") throw error;
    throw new Failure("FILE.NOT_FOUND", `there is no gateway spec ${file}`, {
      remedy: "Name it with --file, or start one with `apimgw init --template NAME`.",
      cause: error,
    });
  }
}

async function readPolicies(reader: Reader, { spec, source }: ParsedSpec): Promise<Read<PolicySource>> {
  const values = new Map<string, PolicySource>();
  const problems: Problem[] = [];
  for (const { pointer: at, xml } of policyXmlPlaces(spec)) {
    if (typeof xml === "string") {
      values.set(at, { pointer: at, text: xml });
      continue;
    }
    const read = await readReference(reader, source, `${at}/file`, xml.file);
    if ("problem" in read) problems.push(read.problem);
    else values.set(at, { pointer: at, text: read.text, file: read.name });
  }
  return { values, problems };
}

/** `init`: a folder with a gateway spec to start from. */
import type { Files } from "../core/ports.ts";
import { writeNewFiles } from "./new-files.ts";
import type { NewFile } from "./new-files.ts";

export type Template = { readonly name: string; readonly title: string; readonly description: string };

/** The patterns, simplest first. Each has a folder of that name in templates/. */
export const templates: readonly Template[] = [
  {
    name: "simple",
    title: "One account",
    description: "One Azure OpenAI account; only the listed operations are open.",
  },
  {
    name: "facade",
    title: "One front for several accounts",
    description: "Each operation goes to the account in the region that has its model.",
  },
  {
    name: "load-balance",
    title: "Quotas added up",
    description:
      "Several accounts with the same model and deployment name share the calls, evenly or by weight.",
  },
  {
    name: "burst-breaker",
    title: "Overflow by circuit breaker",
    description: "The main account until it is throttled, then the other one for a while.",
  },
  {
    name: "burst-retry",
    title: "Overflow by retry",
    description: "The main account; on 429 this very request goes to the next one.",
  },
  {
    name: "burst-combined",
    title: "Overflow by breaker and retry",
    description: "Breaker and pool, and the client never sees the 429 that trips the breaker.",
  },
  {
    name: "rename-deployments",
    title: "Deployments of other names",
    description: "As the overflow patterns, though a deployment has another name on each account.",
  },
  {
    name: "model-routing",
    title: "By model",
    description:
      "The deployment in the path, or the model in the body, decides the backend; others are refused.",
  },
  {
    name: "shared",
    title: "Many applications",
    description: "Each team has a product: keys of its own, a token limit, metrics.",
  },
  {
    name: "whole-gateway",
    title: "A whole gateway",
    description:
      "Three APIs, twelve accounts in six regions, four products, and a morning's load to try it with.",
  },
];

export type InitRequest = {
  readonly template: Template;
  /** Folder to write to; need not exist. */
  readonly directory: string;
  /** Folder that holds the templates. */
  readonly templateFolder: string;
  /** Text of gateway.schema.json. */
  readonly schema: string;
  /** Whether files that are there may be overwritten. */
  readonly force: boolean;
};

/** Writes a template's files and returns their paths, the spec first. Throws Failure `INIT.EXISTS`. */
export async function initialize(files: Files, request: InitRequest): Promise<readonly string[]> {
  const { directory, force } = request;
  const wanted = await readTemplate(files, request);
  return writeNewFiles(files, directory, wanted, { force, code: "INIT.EXISTS" });
}

/** What a template's folder holds. */
const ordinaryFiles = ["gateway.yaml", "gateway.gateway-test.yaml"];
const moreFiles: Readonly<Record<string, readonly string[]>> = { "whole-gateway": ["morning.yaml"] };
/** Their specs name documents that come with apimgw, in place of a file. */
const withoutDocument = ["whole-gateway"];

async function readTemplate(
  files: Files,
  { template, templateFolder, schema }: InitRequest,
): Promise<NewFile[]> {
  const names = [...ordinaryFiles, ...(moreFiles[template.name] ?? [])];
  const own = names.map(async (path) => ({
    path,
    text: await files.read(`${templateFolder}/${template.name}/${path}`),
  }));
  const document = {
    path: "specs/azure-openai.json",
    text: await files.read(`${templateFolder}/openapi/azure-openai-2025-03-01-preview.json`),
  };
  return [
    ...(await Promise.all(own)),
    ...(withoutDocument.includes(template.name) ? [] : [document]),
    { path: "gateway.schema.json", text: schema },
  ];
}

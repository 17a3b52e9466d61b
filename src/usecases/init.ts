/** `init`: a folder with a gateway spec to start from. */
import { Failure } from "../core/failure.ts";
import type { Files } from "../core/ports.ts";

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

type NewFile = { readonly path: string; readonly text: string };

/**
 * Writes a template's files and returns their paths, the spec first. Checks everything before it writes anything: throws
 * Failure `INIT.EXISTS`, naming every file that is in the way. A .gitignore that is there gets a line more, since the
 * local APIM keeps what it is sent, secrets too, as plain text in `.apimgw`.
 */
export async function initialize(files: Files, request: InitRequest): Promise<readonly string[]> {
  const { directory, force } = request;
  const wanted = await readTemplate(files, request);
  const existing: string[] = [];
  for (const { path } of wanted)
    if (await files.exists(join(directory, path))) existing.push(join(directory, path));
  if (existing.length > 0 && !force) throw alreadyThere(existing);

  const ignore = await withIgnoredState(files, join(directory, ".gitignore"));
  const all = ignore === undefined ? wanted : [...wanted, { path: ".gitignore", text: ignore }];
  // The spec last: should a write fail, there is no spec yet that looks complete.
  for (const { path, text } of all.toReversed()) await files.write(join(directory, path), text);
  return all.map(({ path }) => join(directory, path));
}

/** The text of a .gitignore that has the state folder; undefined when it has it already. */
async function withIgnoredState(files: Files, path: string): Promise<string | undefined> {
  const entry = ".apimgw/\n";
  if (!(await files.exists(path))) return entry;
  const text = await files.read(path);
  if (/^\/?\.apimgw\/?\r?$/m.test(text)) return undefined;
  return text === "" || text.endsWith("\n") ? `${text}${entry}` : `${text}\n${entry}`;
}

async function readTemplate(
  files: Files,
  { template, templateFolder, schema }: InitRequest,
): Promise<NewFile[]> {
  return [
    { path: "gateway.yaml", text: await files.read(`${templateFolder}/${template.name}/gateway.yaml`) },
    {
      path: "specs/azure-openai.json",
      text: await files.read(`${templateFolder}/openapi/azure-openai-2025-03-01-preview.json`),
    },
    { path: "gateway.schema.json", text: schema },
  ];
}

function alreadyThere(paths: readonly string[]): Failure {
  return new Failure("INIT.EXISTS", `not overwriting what is there: ${paths.join(", ")}`, {
    why: "Nothing was written.",
    remedy: "Choose another folder, or overwrite with --force.",
  });
}

function join(directory: string, path: string): string {
  return directory === "" || directory === "." ? path : `${directory.replace(/[/\\]+$/, "")}/${path}`;
}

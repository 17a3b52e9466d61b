/** The documentation tells what is true today: its examples compile, its commands exist, its links lead somewhere. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { commands } from "../src/cli/commands/index.ts";
import { exitCodeMeanings } from "../src/cli/exit-codes.ts";
import { Failure } from "../src/core/failure.ts";
import type { Files } from "../src/core/ports.ts";
import { parseSpec } from "../src/core/spec/parse-spec.ts";
import { templates } from "../src/usecases/init.ts";
import { render } from "../src/usecases/render.ts";

const root = resolve(import.meta.dirname, "..");
const pages = ["README.md", "CHANGELOG.md", ...globSync("docs/**/*.md", { cwd: root })]
  .map((path) => path.replaceAll("\\", "/"))
  .sort();
const chapters = pages.filter((path) => path.startsWith("docs/patterns/"));

type Block = { readonly language: string; readonly text: string; readonly source: string | undefined };

describe.each(pages)("%s", (page) => {
  it("has links that lead somewhere", () => {
    expect(linksIn(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  it("mentions commands, flags and choices that exist", () => {
    expect(commandLinesIn(page).flatMap(faultsOf)).toEqual([]);
  });

  it("has specs that are sound", () => {
    const specs = blocksOf(page).filter(({ language }) => language === "yaml spec");
    expect(
      specs.flatMap(({ text }) => parseSpec(complete(text), { file: page, variables }).problems),
    ).toEqual([]);
  });

  it("shows compiled text as it is in the fixtures", () => {
    for (const { source, text } of blocksOf(page))
      if (source !== undefined) expect(text, source).toBe(readSource(source));
  });
});

describe("patterns", () => {
  it("has a chapter for every template", () => {
    // The whole gateway is no pattern: it is made of them.
    const patterns = templates.map(({ name }) => name).filter((name) => name !== "whole-gateway");
    expect(chapters).toEqual(patterns.map((name) => `docs/patterns/${name}.md`).sort());
  });

  it.each(chapters)("%s shows the spec that the blocks beside it come from", async (page) => {
    const pattern = page.replace(/^.*\/|\.md$/g, "");
    const [spec, ...others] = blocksOf(page).filter(({ language }) => language === "yaml spec");
    const sources = blocksOf(page).flatMap(({ source }) => source ?? []);
    expect(others).toEqual([]);
    for (const [folder, environment] of [
      ["rendered", undefined],
      ["rendered-keep", "keep"],
    ] as const) {
      const fixture = `fixtures/patterns/${pattern}/${folder}`;
      expect(sources.some((source) => source.startsWith(`${fixture}/`))).toBe(true);
      const rendered = await compile(complete(spec?.text ?? "", pattern) + keep, environment);
      const paths = globSync("**/*.*", { cwd: join(root, fixture) }).map((path) =>
        path.replaceAll("\\", "/"),
      );
      expect(rendered.map(({ path }) => path).sort()).toEqual(paths.sort());
      for (const { path, text } of rendered) expect(text, path).toBe(read(`${fixture}/${path}`));
    }
  });
});

describe("docs/README.md", () => {
  it("lists every page", () => {
    const isPart = (page: string): boolean => page.startsWith("docs/rules/") || page === "docs/README.md";
    const listed = new Set(linksIn("docs/README.md").map((target) => `docs/${target}`));
    const missing = pages.filter((page) => page.startsWith("docs/") && !isPart(page) && !listed.has(page));
    expect(missing).toEqual([]);
  });
});

describe("README.md", () => {
  const readme = read("README.md");

  it("names every command and every exit code", () => {
    const expected = commands.map(({ name }) => `| \`apimgw ${name}`);
    expect(expected.filter((text) => !readme.includes(text))).toEqual([]);
    const codes = [...readme.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(exitCodeMeanings.map(({ code }) => code));
  });

  it("says how to start it and how to test it", () => {
    expect(readme).toContain("npm start");
    expect(readme).toContain("npm test");
  });
});

const variables = {
  AZURE_SUBSCRIPTION_ID: "00000000-0000-0000-0000-000000000001",
  APPINSIGHTS_CONNECTION_STRING: "InstrumentationKey=0",
};
const keep = "environments:\n  keep: { apis: { azure-openai: { inheritance: keep } } }\n";

/** A spec with the lines that the chapters leave out. */
function complete(text: string, name = "example"): string {
  if (/^apimgw:/m.test(text)) return text;
  const service = `{ subscriptionId: ${variables.AZURE_SUBSCRIPTION_ID}, resourceGroup: rg-ai, name: contoso-apim }`;
  return `apimgw: 1\nname: ${name}\nservice: ${service}\n${text}`;
}

function compile(spec: string, environment: string | undefined): ReturnType<typeof render> {
  const files = filesOf({
    "gateway.yaml": spec,
    "specs/azure-openai.json": read("fixtures/openapi/small.json"),
  });
  const request = { file: "gateway.yaml", variables, ...(environment === undefined ? {} : { environment }) };
  return render(files, request, "rawxml");
}

function filesOf(texts: Readonly<Record<string, string>>): Files {
  const refuse = (): Promise<void> => Promise.reject(new Error("nothing is written here"));
  return {
    read: (path) => {
      const text = texts[path.replaceAll("\\", "/")];
      return text === undefined
        ? Promise.reject(new Failure("FILE.NOT_FOUND", `there is no ${path}`))
        : Promise.resolve(text);
    },
    exists: (path) => Promise.resolve(path in texts),
    write: refuse,
    append: refuse,
  };
}

/** The file that `path` names, or with `path: name` its one element of that name, moved to the left. */
function readSource(source: string): string {
  const [path = "", name] = source.split(": ");
  const text = read(path);
  return name === undefined ? text : onlyElement(text, name);
}

function onlyElement(xml: string, name: string): string {
  const lines = xml.split("\n");
  const starts = [...lines.keys()].filter((index) => new RegExp(`^ *<${name}[ >]`).test(lines[index] ?? ""));
  expect(starts, `<${name}>`).toHaveLength(1);
  const [start = 0] = starts;
  const indent = /^ */.exec(lines[start] ?? "")?.[0] ?? "";
  const end = lines.indexOf(`${indent}</${name}>`, start);
  const element = lines.slice(start, end + 1);
  return element.map((line) => `${line.slice(indent.length)}\n`).join("");
}

/** Fenced blocks, with what the comment before them says about where they come from. */
function blocksOf(page: string): Block[] {
  const fenced = /(?:<!-- from (\S[^\n]*?) -->\n\n)?^```([^\n]*)\n([^]*?)^```$/gm;
  return [...read(page).matchAll(fenced)].map(([, source, language = "", text = ""]) => ({
    language,
    text,
    source,
  }));
}

function linksIn(page: string): string[] {
  const prose = read(page).replaceAll(/^```[^]*?^```$/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

function leadsSomewhere(page: string, target: string): boolean {
  if (/^https:\/\//.test(target)) return URL.canParse(target);
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || headingsOf(file).includes(anchor);
}

/** Headings as GitHub turns them into anchors. */
function headingsOf(page: string): string[] {
  const headings = [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"));
}

/** Command lines in fenced blocks and in `code`, each without the name apimgw and whatever follows it in the shell. */
function commandLinesIn(page: string): string[] {
  const code = [...read(page).matchAll(/^```[^\n]*\n([^]*?)^```$|`([^`\n]+)`/gm)].map(
    ([, block, span]) => block ?? span ?? "",
  );
  const lines = code.flatMap((text) => text.replaceAll("\\\n", " ").split("\n"));
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|[\s(])apimgw ([^|>#;&)]+)/g)].map(([, words = ""]) => words.trim()),
  );
}

/** What a command line says that the table of commands does not know. */
function faultsOf(line: string): string[] {
  const [name = "", ...words] = line.split(/\s+/);
  if (name.startsWith("-")) return ["-h", "--help", "-V", "--version"].includes(name) ? [] : [line];
  const command =
    commands.find((known) => known.name === `${name} ${words[0] ?? ""}`) ??
    commands.find((known) => known.name === name);
  if (command === undefined) return [`there is no command: ${line}`];
  const options = Object.values(command.options);
  return words.flatMap((word, index) => {
    if (!word.startsWith("-") || ["-h", "--help"].includes(word)) return [];
    const [flag = "", inline] = word.split("=");
    const option = options.find(({ flags }) => namesOf(flags).includes(flag));
    if (option === undefined) return [`there is no ${flag}: ${line}`];
    const value = inline ?? words[index + 1] ?? "";
    const choices =
      flag === "--template" || flag === "-t" ? templates.map((template) => template.name) : option.choices;
    const isFine = choices === undefined || choices.includes(value) || /^[A-Z]+$/.test(value);
    return isFine ? [] : [`${flag} does not take ${value}: ${line}`];
  });
}

/** `-f, --file <path>` → `-f` and `--file`. */
function namesOf(flags: string): string[] {
  return flags.split(", ").map((flag) => flag.split(" ")[0] ?? "");
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

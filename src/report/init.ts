import { palette, type ReportStyle } from "./style.ts";
import { quoted, visibleLine } from "./visible.ts";

/** A pattern that `init` can start from. */
type TemplateInfo = { readonly name: string; readonly title: string; readonly description: string };

export function formatTemplates(templates: readonly TemplateInfo[], style: ReportStyle): string {
  const { bold, dim } = palette(style);
  const width = Math.max(...templates.map(({ name }) => name.length));
  return templates
    .map(
      ({ name, title, description }) =>
        `${bold(name.padEnd(width))}  ${title}\n${" ".repeat(width + 2)}${dim(description)}`,
    )
    .join("\n");
}

export function formatTemplatesJson(templates: readonly TemplateInfo[]): string {
  const listed = templates.map(({ name, title, description }) => ({ name, title, description }));
  return JSON.stringify({ formatVersion: 1, templates: listed }, null, 2);
}

/** The files that `init` wrote, and where to go from there. */
export function formatWritten(
  written: readonly string[],
  directory: string,
  format: "text" | "json",
): string {
  if (format === "json") return JSON.stringify({ formatVersion: 1, written }, null, 2);
  const lines = written.map((path) => `  ${visibleLine(path)}`);
  const enter = directory === "." || directory === "" ? [] : [`  cd ${quoted(directory)}`];
  const next = [
    "  apimgw lint                              check it",
    "  apimgw test                              run the cases in gateway.gateway-test.yaml",
    "  apimgw render                            see what it compiles to",
    "  apimgw apply --local --auto-approve      try it on the local APIM, without Azure",
    "  apimgw plan                              see what it would change on the service it names",
  ];
  return [
    "Written:",
    ...lines,
    "",
    "Next, put your accounts and your service into gateway.yaml, and:",
    ...enter,
    ...next,
  ].join("\n");
}

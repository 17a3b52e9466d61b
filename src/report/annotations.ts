/** Lint results as the log commands of CI services: each finding is one line that the service turns into an annotation. */
import { formatLocation } from "../core/location.ts";
import { compareProblems } from "../core/problem.ts";
import type { Problem, Severity } from "../core/problem.ts";
import { visible } from "./visible.ts";

const githubCommands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
};

/** Workflow commands of GitHub Actions (docs.github.com, "Workflow commands", setting an error message). */
export function formatLintGithub(problems: readonly Problem[]): string {
  return problems
    .toSorted(compareProblems)
    .map(({ rule, severity, message, at, help }) => {
      const properties = [
        ["file", at.file],
        ["line", String(at.line)],
        ["endLine", String(at.endLine ?? at.line)],
        ["col", String(at.column)],
        ...endColumn(at),
        ["title", rule],
      ];
      const list = properties.map(([name = "", value = ""]) => `${name}=${githubProperty(value)}`).join(",");
      return `::${githubCommands[severity]} ${list}::${githubData(withHelp(message, help))}`;
    })
    .join("\n");
}

/** GitHub takes columns only for a range on one line. */
function endColumn({ line, endLine, endColumn: end }: Problem["at"]): string[][] {
  return end === undefined || (endLine ?? line) !== line ? [] : [["endColumn", String(end)]];
}

function githubData(text: string): string {
  return visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function githubProperty(text: string): string {
  return githubData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Logging commands of Azure Pipelines (task.logissue), which know errors and warnings; an info is a line of the log. */
export function formatLintAzureDevops(problems: readonly Problem[]): string {
  return problems
    .toSorted(compareProblems)
    .map(({ rule, severity, message, at, help }) => {
      const said = azureData(withHelp(message, help));
      if (severity === "info") return azureLine(`${formatLocation(at)} info ${message} (${rule})`);
      const properties = {
        type: severity,
        sourcepath: at.file,
        linenumber: String(at.line),
        columnnumber: String(at.column),
        code: rule,
      };
      const list = Object.entries(properties).map(([name, value]) => `${name}=${azureProperty(value)};`);
      return `##vso[task.logissue ${list.join("")}]${said}`;
    })
    .join("\n");
}

/** The agent takes `##vso[` for a command wherever it stands in a line. */
function azureLine(text: string): string {
  return azureData(text).replaceAll("##vso[", "## vso[");
}

function azureData(text: string): string {
  return visible(text).replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function azureProperty(text: string): string {
  return azureData(text).replaceAll(";", "%3B").replaceAll("]", "%5D");
}

function withHelp(message: string, help: string | undefined): string {
  return help === undefined ? message : `${message}\n${help}`;
}

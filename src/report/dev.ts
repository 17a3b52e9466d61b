/** What `dev` says: where the local APIM is, and every request that it answers. */
import { palette, type ReportStyle } from "./style.ts";
import { visibleLine } from "./visible.ts";

/** One request to the local APIM, answered or with its connection broken on purpose. */
type AnsweredRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly outcome: number | "dropped";
  readonly milliseconds: number;
};

export function formatReady(management: string, directory: string, style: ReportStyle): string {
  const { bold } = palette(style);
  return [
    `The local APIM is at ${bold(management)}, its state in ${visibleLine(directory)}.`,
    "",
    "Use it from another terminal; any token will do:",
    `  APIMGW_ACCESS_TOKEN=anything apimgw plan --arm-endpoint ${management}`,
    "",
    "It has the management side only: it stores and checks what is applied, and answers no calls. Ctrl-C ends it.",
  ].join("\n");
}

export function formatReadyJson(management: string): string {
  return JSON.stringify({ formatVersion: 1, management });
}

/** `PUT contoso-apim/backends/a  201  3 ms  ?api-version=...`; what is before the service's name is left out. */
export function formatRequest(request: AnsweredRequest, style: ReportStyle): string {
  const { dim, red, yellow } = palette(style);
  const { method, path, query, outcome, milliseconds } = request;
  const shown = /\/providers\/Microsoft\.ApiManagement\/service\/(.+)$/i.exec(path)?.[1] ?? path;
  const isBad = outcome === "dropped" || outcome >= 500;
  const paint = isBad ? red : outcome >= 400 ? yellow : (text: string) => text;
  const asked = query === "" ? "" : `  ${dim(visibleLine(`?${query}`))}`;
  return `${method.padEnd(6)} ${visibleLine(shown)}  ${paint(String(outcome))}  ${milliseconds} ms${asked}`;
}

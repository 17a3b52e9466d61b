import { ServiceFailure, type Failure, type ServiceErrorDetail } from "../../core/failure.ts";
import { palette, type ReportStyle } from "../style.ts";
import { visible } from "../visible.ts";
import { formatProblem, indent, type Sources } from "./problem.ts";

/** What went wrong, why, what to do, and the problems that caused it with their lines. */
export function formatFailure(failure: Failure, sources: Sources, style: ReportStyle): string {
  const { red, bold } = palette(style);
  const lines = [`${red("error:")} ${bold(visible(failure.message))}`];
  if (failure.why !== undefined) lines.push(indent(`why: ${visible(failure.why)}`));
  if (failure instanceof ServiceFailure) lines.push(...failure.details.map(formatDetail));
  if (failure.remedy !== undefined) lines.push(indent(`fix: ${visible(failure.remedy)}`));
  if (failure.diff !== undefined) lines.push(indent(visible(failure.diff)));
  const problems = failure.problems.map((problem) => formatProblem(problem, sources, style));
  return [lines.join("\n"), ...problems].join("\n\n");
}

function formatDetail({ code, target, message }: ServiceErrorDetail): string {
  const place = [code, target].filter((part) => part !== undefined && part !== "").join(" ");
  return indent(visible(`service: ${place === "" ? "" : `${place}: `}${message}`));
}

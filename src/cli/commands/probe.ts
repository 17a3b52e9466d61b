import { text as readAll } from "node:stream/consumers";
import { createHttpCaller } from "../../adapters/probe/http-caller.ts";
import { Failure } from "../../core/failure.ts";
import type { ProbeCall } from "../../core/probe/calls.ts";
import { ProbeStatistics } from "../../core/probe/statistics.ts";
import { buildCall } from "../../core/probe/target.ts";
import type { BuiltCall } from "../../core/probe/target.ts";
import { durationPattern, durationRule, parseDuration } from "../../core/spec/duration.ts";
import { formatProbeJson } from "../../report/probe/json.ts";
import { formatProbeCall, formatProbeChart, formatProbeSummary } from "../../report/probe/text.ts";
import { probe as repeatCalls } from "../../usecases/probe.ts";
import type { ProbePlan } from "../../usecases/probe.ts";
import type { ProbeOptions } from "../command-options.ts";
import type { CommandHandler } from "../command.ts";
import type { CommandContext, Output } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { packageVersion } from "../package-root.ts";
import { usageFailure } from "../usage.ts";

export const probe: CommandHandler<ProbeOptions> = async (context, [url = ""], options) => {
  const { output, clock, signal, env } = context;
  const plan = planOf(options);
  const timeoutMilliseconds = milliseconds("--timeout", options.timeout);
  const call = await callOf(context, url, options);
  const userAgent = `apimgw/${packageVersion()}`;
  const { concurrency } = options;
  const caller = createHttpCaller({ ...call, timeoutMilliseconds }, { concurrency, env, userAgent });
  const statistics = new ProbeStatistics();
  const kept: ProbeCall[] = [];
  const onCall = (ended: ProbeCall): void => {
    statistics.add(ended);
    if (options.chart || options.format === "json") kept.push(ended);
    if (options.format === "text" && !output.isQuiet) {
      output.writeResult(formatProbeCall(ended, { color: output.resultColor }));
    }
  };
  if (options.format === "text") output.message(`${call.method} ${call.url}`);
  try {
    const took = await repeatCalls(plan, { clock, caller, signal, onCall });
    output.writeResult(report(kept, statistics, took, options, output));
  } finally {
    caller.close();
  }
  return statistics.answered > 0 || statistics.calls === 0 ? exitCodes.done : exitCodes.failed;
};

function report(
  calls: readonly ProbeCall[],
  statistics: ProbeStatistics,
  took: number,
  { format, chart }: ProbeOptions,
  { resultColor: color, isQuiet }: Output,
): string {
  if (format === "json") return formatProbeJson(calls, statistics, took);
  const summary = formatProbeSummary(statistics, took, { color });
  const drawn = chart && calls.length > 0 ? `\n\n${formatProbeChart(calls, { color })}` : "";
  return `${isQuiet ? "" : "\n"}${summary}${drawn}`;
}

const usualCount = 20;

function planOf({ count, duration, concurrency, rate }: ProbeOptions): ProbePlan {
  return {
    count: count ?? (duration === undefined ? usualCount : Infinity),
    durationMilliseconds: duration === undefined ? Infinity : milliseconds("--duration", duration),
    concurrency,
    perSecond: rate === undefined ? Infinity : perSecond(rate),
  };
}

function milliseconds(flag: string, text: string): number {
  const value = durationPattern.test(text) ? parseDuration(text) : 0;
  if (value > 0) return value;
  throw usageFailure("DURATION", `${flag} does not take ${JSON.stringify(text)}`, {
    remedy: `Give ${durationRule}.`,
  });
}

/** `5`, `5/s`, `90/m`. */
function perSecond(text: string): number {
  const [, amount, unit = "s"] = /^(\d+(?:\.\d+)?)(?:\/([sm]))?$/.exec(text) ?? [];
  const value = Number(amount ?? 0) / (unit === "m" ? 60 : 1);
  if (value > 0) return value;
  throw usageFailure("RATE", `--rate does not take ${JSON.stringify(text)}`, {
    remedy: "Give calls per second or minute, such as 5/s or 90/m.",
  });
}

async function callOf(context: CommandContext, url: string, options: ProbeOptions): Promise<BuiltCall> {
  const { method, header, key, keyHeader, deployment, apiVersion } = options;
  const body = options.body === undefined ? undefined : await bodyOf(context, options.body);
  return buildCall({
    url,
    headers: header,
    keyHeader,
    ...(method === undefined ? {} : { method }),
    ...(key === undefined ? {} : { key }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(body === undefined ? {} : { body }),
  });
}

/** `-`: standard input. What looks like JSON or prose is the text itself; anything else is a file, so that a typing error is not sent. */
async function bodyOf({ files, readInput }: CommandContext, given: string): Promise<string> {
  if (given === "-") return readAll(inputStream(readInput()));
  if (/^\s*[[{"]|\s/.test(given) && !(await files.exists(given))) return given;
  try {
    return await files.read(given);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "FILE.NOT_FOUND") throw error;
    throw new Failure("FILE.NOT_FOUND", `there is no file ${given} for --body`, {
      remedy: "Text that begins with { [ or a quote, or has a space in it, is sent as it is.",
      cause: error,
    });
  }
}

async function* inputStream(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array | string> {
  for await (const chunk of input) {
    if (typeof chunk === "string" || chunk instanceof Uint8Array) yield chunk;
  }
}

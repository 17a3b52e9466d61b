import { attributeValue } from "../../policy/tree.ts";
import type { PolicyElement } from "../../policy/tree.ts";
import { flagReader, numberReader, optionalText, requiredText } from "../attributes.ts";
import { periodOf, wholeSeconds, windowOf } from "../counters.ts";
import type { Exchange, Policy } from "../exchange.ts";
import { note } from "../exchange.ts";
import { whenWhole } from "../message.ts";
import type { Fidelity, PolicyRunner } from "../policy-definition.ts";
import { NotSupported, PolicyError } from "../policy-error.ts";
import { asksForStream, estimatePrompt, usageOf } from "../token-usage.ts";

const fidelity: Fidelity = {
  level: "full",
  notes: [
    ["One counter for each value of `counter-key`, whatever the scope; per gateway instance.", "documented"],
    [
      "Without an estimate, what answers used is counted, so that one call may go beyond the limit.",
      "observed",
    ],
    [
      "Tokens per minute slide: a count leaves 60 seconds after it was made; a switch lets all go at once.",
      "inferred",
    ],
    ["For a call that asks for a stream the prompt is always estimated, and so is the answer.", "documented"],
    [
      "A stream is counted when it has passed: by its `usage` if it has one, else by its text. Headers do not tell of it.",
      "inferred",
    ],
    ["Estimates take four characters for a token.", "inferred"],
    ["The quota's answer is 403 with Retry-After; its text is not known.", "documented"],
  ],
};

export const llmTokenLimit: PolicyRunner = { name: "llm-token-limit", fidelity, prepare: tokenLimit };

export const azureOpenAiTokenLimit: PolicyRunner = {
  name: "azure-openai-token-limit",
  fidelity,
  prepare: tokenLimit,
};

const minute = 60_000;

function tokenLimit(element: PolicyElement): Policy {
  const key = requiredText(element, "counter-key");
  const perMinute = numberReader(element, "tokens-per-minute");
  const quota = numberReader(element, "token-quota");
  const period = optionalText(element, "token-quota-period");
  const estimates = flagReader(element, "estimate-prompt-tokens", false);
  if (perMinute === undefined && quota === undefined) {
    throw new NotSupported(`<${element.name}> needs \`tokens-per-minute\` or \`token-quota\``);
  }
  const name = (what: string): string | undefined => attributeValue(element, what);
  return (exchange) => {
    const { instance, context } = exchange;
    const now = exchange.now();
    const counter = key(exchange);
    const window = windowOf(instance, `tokens-per-minute|${counter}`, minute, exchange.options.tokenWindow);
    const estimated = estimates(exchange) || asksForStream(context.request.body);
    const prompt = estimated ? estimatePrompt(context.request.body) : 0;
    if (perMinute !== undefined) {
      const most = perMinute(exchange);
      const used = window.total(now);
      note(exchange, () => `${used} of ${most} tokens in the last minute, ${prompt} estimated`);
      const isOver = prompt > 0 ? used + prompt > most : used >= most;
      if (isOver) {
        const seconds = wholeSeconds(window.waitUntilAtMost(prompt > 0 ? most - prompt : most - 1, now));
        refuse(exchange, 429, `Token limit is exceeded. Try again in ${seconds} seconds.`, seconds, element);
      }
    }
    if (quota !== undefined) {
      const { start, end } = quotaPeriod(period?.(exchange) ?? "Indefinite", now);
      const spent = periodOf(instance, `token-quota|${counter}`);
      if (spent.total(start) + prompt > quota(exchange) || spent.total(start) >= quota(exchange)) {
        const seconds = wholeSeconds(end - now);
        refuse(exchange, 403, `Token quota is exceeded. Try again in ${seconds} seconds.`, seconds, element);
      }
      const most = quota(exchange);
      const spend = (): void => {
        const used = usageOf(exchange)?.total ?? prompt;
        spent.add(start, used);
        tell(exchange, "remaining-quota-tokens", Math.max(0, most - spent.total(start)), name);
      };
      exchange.afterBackend.push(() => whenWhole(context.response?.body, spend));
    }
    if (prompt > 0) window.add(now, prompt);
    tell(exchange, "tokens-consumed", prompt, name);
    const count = (): void => {
      const used = usageOf(exchange)?.total ?? prompt;
      const later = exchange.now();
      if (used !== prompt) window.add(later, used - prompt);
      tell(exchange, "tokens-consumed", used, name);
      if (perMinute === undefined) return;
      tell(exchange, "remaining-tokens", Math.max(0, perMinute(exchange) - window.total(later)), name);
    };
    exchange.afterBackend.push(() => whenWhole(context.response?.body, count));
    return undefined;
  };
}

function refuse(
  { context }: Exchange,
  status: number,
  message: string,
  seconds: number,
  element: PolicyElement,
): never {
  const variable = attributeValue(element, "retry-after-variable-name");
  if (variable !== undefined) context.variables.set(variable, seconds);
  const header = attributeValue(element, "retry-after-header-name") ?? "Retry-After";
  throw new PolicyError(status, message, {
    reason: "TokenLimitExceeded",
    headers: [[header, String(seconds)]],
  });
}

/** Into the variable and the header that the element names for it. */
function tell(
  { context, atEnd }: Exchange,
  what: string,
  value: number,
  name: (attribute: string) => string | undefined,
): void {
  const variable = name(`${what}-variable-name`);
  if (variable !== undefined) context.variables.set(variable, value);
  const header = name(`${what}-header-name`);
  if (header !== undefined) atEnd.push(() => context.response?.headers.set(header, [String(value)]));
}

/** Periods start at the UTC clock cut down to their unit [documented]. */
function quotaPeriod(name: string, now: number): { readonly start: number; readonly end: number } {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const hour = date.getUTCHours();
  switch (name.toLowerCase()) {
    case "hourly":
      return { start: Date.UTC(year, month, day, hour), end: Date.UTC(year, month, day, hour + 1) };
    case "daily":
      return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) };
    case "weekly": {
      const monday = day - ((date.getUTCDay() + 6) % 7);
      return { start: Date.UTC(year, month, monday), end: Date.UTC(year, month, monday + 7) };
    }
    case "monthly":
      return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
    case "yearly":
      return { start: Date.UTC(year, 0), end: Date.UTC(year + 1, 0) };
    default:
      return { start: 0, end: Date.UTC(year + 100, 0) };
  }
}

import { parseDuration } from "../../spec/duration.ts";
import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { listedOperations } from "../spec-entries.ts";

const reliableSeconds = 240;

export const timeoutOverLimit: Rule = {
  id: "timeout-over-limit",
  severity: "warning",
  summary: "A timeout of more than 240 seconds.",
  why: "The load balancer in front of the gateway drops connections that are idle for four minutes, so longer waits may not hold (learn.microsoft.com/azure/api-management/forward-request-policy).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, timeout: 5m } } } }`,
    good: `
backends: { a: { url: https://a.example/openai } }
apis: { openai: { operations: { Chat: { backend: a, timeout: 2m } } } }`,
  },
  check: (context) =>
    listedOperations(context).flatMap(({ id, operation, at }) => {
      if (operation.timeout === undefined || parseDuration(operation.timeout) <= reliableSeconds * 1000)
        return [];
      return [
        {
          message: `the timeout of \`${id}\` is longer than ${reliableSeconds} s and may not hold`,
          at: context.source.locate(`${at}${pointer("timeout")}`),
          help: "stay at 4m or below; stream long answers",
        },
      ];
    }),
};

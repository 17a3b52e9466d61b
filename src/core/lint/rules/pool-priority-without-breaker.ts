import { pointer } from "../../spec/source.ts";
import type { Finding, LintContext, Rule } from "../rule.ts";
import { poolEntries } from "../spec-entries.ts";

export const poolPriorityWithoutBreaker: Rule = {
  id: "pool-priority-without-breaker",
  severity: "warning",
  summary: "A pool has priorities, but a member above the last has no circuit breaker.",
  why:
    "A lower priority is used only when the breakers of all members above it are open; slow or failing answers do not count " +
    "(learn.microsoft.com/azure/api-management/backends). A member without a breaker never opens, so what is below it is never used.",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
pools: { chat: { members: [{ backend: a, priority: 1 }, { backend: b, priority: 2 }] } }`,
    good: `
backends:
  a: { url: https://a.example/openai, circuitBreaker: { count: 1, interval: 1m, statusCodes: [429], tripDuration: 1m } }
  b: { url: https://b.example/openai }
pools: { chat: { members: [{ backend: a, priority: 1 }, { backend: b, priority: 2 }] } }`,
  },
  check: (context) => poolEntries(context).flatMap(([id]) => membersWithoutBreaker(context, id)),
};

function membersWithoutBreaker({ spec, source }: LintContext, id: string): Finding[] {
  const members = spec.pools?.[id]?.members ?? [];
  const last = Math.max(...members.map((member) => member.priority ?? 0));
  return members.flatMap((member, index) => {
    const hasBreaker = spec.backends?.[member.backend]?.circuitBreaker !== undefined;
    if ((member.priority ?? 0) === last || hasBreaker) return [];
    return [
      {
        message: `\`${member.backend}\` has no circuit breaker, so the members of pool \`${id}\` after it are never used`,
        at: source.locate(pointer("pools", id, "members", index)),
        help: `give backends.${member.backend} a circuitBreaker, or the members the same priority`,
      },
    ];
  });
}

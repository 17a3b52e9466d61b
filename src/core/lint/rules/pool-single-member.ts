import { pointer } from "../../spec/source.ts";
import type { Rule } from "../rule.ts";
import { poolEntries } from "../spec-entries.ts";

export const poolSingleMember: Rule = {
  id: "pool-single-member",
  severity: "warning",
  summary: "A pool has only one member.",
  why: "A pool of one balances nothing and has nowhere to go when its member trips: the client then gets 503 (learn.microsoft.com/azure/api-management/backends).",
  examples: {
    bad: `
backends: { a: { url: https://a.example/openai } }
pools: { chat: { members: [{ backend: a }] } }`,
    good: `
backends: { a: { url: https://a.example/openai }, b: { url: https://b.example/openai } }
pools: { chat: { members: [{ backend: a }, { backend: b }] } }`,
  },
  check: (context) =>
    poolEntries(context)
      .filter(([, pool]) => pool.members.length === 1)
      .map(([id]) => ({
        message: `pool \`${id}\` has one member`,
        at: context.source.locateKey(pointer("pools", id)),
        help: "add a second backend, or name the backend itself in the operations",
      })),
};

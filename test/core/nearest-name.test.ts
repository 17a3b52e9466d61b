import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearestName } from "../../src/core/nearest-name.ts";

describe("nearestName", () => {
  const keys = ["backends", "pools", "products", "priority", "weight", "path"];
  const ids = ["ChatCompletions_Create", "Completions_Create", "Embeddings_Create"];

  it.each([
    ["backend", keys, "backends"],
    ["bakcends", keys, "backends"],
    ["Backends", keys, "backends"],
    ["PATH", keys, "path"],
    ["pth", keys, "path"],
    ["apth", keys, "path"],
    ["wieght", keys, "weight"],
    ["prio", keys, undefined],
    ["zzzz", keys, undefined],
    ["", keys, undefined],
    ["path", [], undefined],
    ["chatcompletions_create", ids, "ChatCompletions_Create"],
    ["ChatCompletion_Create", ids, "ChatCompletions_Create"],
    ["ChatCompletions_Craete", ids, "ChatCompletions_Create"],
    ["Embedding_Creat", ids, "Embeddings_Create"],
    ["Completions", ids, undefined],
  ])("%j among %j: %j", (name, candidates, nearest) => {
    expect(nearestName(name, candidates)).toBe(nearest);
  });

  it("prefers a name that differs in case only", () => {
    expect(nearestName("Aoai", ["Aoa", "aoai"])).toBe("aoai");
    expect(nearestName("FOO", ["foo", "FOOS"])).toBe("foo");
  });

  it("takes the first of equally near names, whatever their order", () => {
    expect(nearestName("pool-c", ["pool-b", "pool-a"])).toBe("pool-a");
    expect(nearestName("pool-c", ["pool-a", "pool-b"])).toBe("pool-a");
    expect(nearestName("POOL", ["pool", "Pool"])).toBe("Pool");
  });

  it.each([
    ["one edit for short names", "ab", "abc", true],
    ["not two", "abc", "abcde", false],
    ["two from six characters on", "abcdef", "abcdefgh", true],
    ["four at most", "abcdefghijklmnopqrst", "abcdefghijklmnopqrstuvwx", true],
    ["never five", "abcdefghijklmnopqrst", "abcdefghijklmnopqrstuvwxy", false],
    ["a swap is one edit", "abc", "acb", true],
    ["four swaps are four edits", "abcdefghijklmnopqrst", "badcfehgijklmnopqrst", true],
  ])("%s", (_, name, candidate, near) => {
    expect(nearestName(name, [candidate])).toBe(near ? candidate : undefined);
  });

  it("finds a name that is there, and depends on no order", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, fc.array(word), (name, candidates) => {
        const found = nearestName(name, candidates);
        expect(nearestName(name, candidates.toReversed())).toBe(found);
        expect(nearestName(name, [...candidates, name])?.toLowerCase()).toBe(name.toLowerCase());
        if (found !== undefined) expect(candidates).toContain(found);
      }),
    );
  });
});

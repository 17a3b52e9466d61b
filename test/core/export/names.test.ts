import { describe, expect, it } from "vitest";
import { camelCase, nameAll, snakeCase } from "../../../src/core/export/names.ts";

const named = (...ids: string[]) => ids.map((id) => ({ key: `backends/${id}`, words: ["backend", id] }));

describe("names", () => {
  it.each([
    ["aoai-eastus", "backendAoaiEastus", "backend_aoai_eastus"],
    ["Chat_Create", "backendChatCreate", "backend_Chat_Create"],
    ["1", "backend1", "backend_1"],
    ["ключ", "backend", "backend"],
  ])("%s", (id, camel, snake) => {
    const key = `backends/${id}`;
    expect(nameAll(named(id), camelCase).get(key)).toBe(camel);
    expect(nameAll(named(id), snakeCase).get(key)).toBe(snake);
  });

  it("are told apart where they would come out alike, and depend on nothing else then", () => {
    const two = nameAll(named("a-b", "a_b"), snakeCase);
    const three = nameAll(named("a_b", "a.b", "a-b", "c"), snakeCase);
    expect(new Set(two.values()).size).toBe(2);
    expect(new Set(three.values()).size).toBe(4);
    for (const [key, name] of two) expect(three.get(key)).toBe(name);
    expect(three.get("backends/c")).toBe("backend_c");
  });

  it("keep clear of those that are taken", () => {
    const names = nameAll([{ key: "x", words: ["service"] }], camelCase, ["service"]);
    expect(names.get("x")).toMatch(/^service_[0-9a-f]{8}$/);
  });
});

import { describe, expect, it } from "vitest";
import { runSteps } from "../../../src/adapters/gateway-front/run-steps.ts";
import type { Send } from "../../../src/adapters/gateway-front/run-steps.ts";
import { StreamedBody } from "../../../src/adapters/gateway-front/streamed-body.ts";
import type { CallFailure, Steps } from "../../../src/core/gateway/exchange.ts";
import { wait } from "../../../src/core/gateway/exchange.ts";

const refused: CallFailure = { kind: "failed", reason: "BackendConnectionFailure", message: "refused" };
const sendNothing: Send = () => Promise.resolve(refused);
const open = new AbortController().signal;

/** Waits, then says so, also when it is given up. */
function* task(name: string, milliseconds: number, said: string[]): Steps {
  try {
    yield* wait(milliseconds);
    said.push(name);
  } finally {
    said.push(`end of ${name}`);
  }
}

describe("steps in real time", () => {
  it("gives up what is left once the first of them is enough", async () => {
    const said: string[] = [];
    function* steps(): Steps {
      yield { kind: "together", tasks: [task("slow", 60_000, said), task("fast", 1, said)], until: "any" };
      said.push("on");
    }
    await runSteps(steps(), sendNothing, open);
    expect(said).toEqual(["fast", "end of fast", "end of slow", "on"]);
  });

  it("waits for all of them otherwise, and ends with the error of one", async () => {
    const said: string[] = [];
    function* fails(): Steps {
      yield* wait(1);
      throw new Error("no");
    }
    function* steps(): Steps {
      yield { kind: "together", tasks: [task("a", 80, said), task("b", 1, said)], until: "all" };
      yield { kind: "together", tasks: [task("c", 60_000, said), fails()], until: "all" };
    }
    await expect(runSteps(steps(), sendNothing, open)).rejects.toThrow("no");
    expect(said).toEqual(["b", "end of b", "a", "end of a", "end of c"]);
  });

  it("ends in order when the client leaves", async () => {
    const said: string[] = [];
    const leaves = new AbortController();
    const running = runSteps(task("a", 60_000, said), sendNothing, leaves.signal);
    leaves.abort(new Error("left"));
    await expect(running).rejects.toThrow();
    expect(said).toEqual(["end of a"]);
  });
});

describe("a body that passes", () => {
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    await Promise.resolve();
    yield Buffer.from("b");
  }

  it("cannot be read before it has passed, and tells those who wait for it", async () => {
    const body = new StreamedBody(parts(), () => undefined);
    const seen: string[] = [];
    body.onceWhole(() => seen.push(`whole: ${Buffer.from(body.bytes).toString()}`));
    expect(() => body.bytes).toThrow("passing through");
    for await (const part of body.parts()) seen.push(Buffer.from(part).toString());
    expect(seen).toEqual(["a", "b", "whole: ab"]);
  });

  it("is counted as far as it came when nobody takes the rest", async () => {
    const body = new StreamedBody(parts(), () => undefined);
    let whole = "";
    body.onceWhole(() => (whole = Buffer.from(body.bytes).toString()));
    for await (const part of body.parts()) if (part.length > 0) break;
    expect(whole).toBe("a");
  });
});

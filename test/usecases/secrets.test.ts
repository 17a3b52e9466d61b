import { describe, expect, it, onTestFinished } from "vitest";
import type { FaultHook } from "../../src/adapters/local/faults.ts";
import { openLocalProject } from "./local-project.ts";
import type { LocalProject, SpecParts } from "./local-project.ts";

const secret = "hush-hush";

async function open(faults?: FaultHook): Promise<LocalProject> {
  const project = await openLocalProject({}, faults);
  onTestFinished(() => project.close());
  return project;
}

/** The plan, what apply says and the journal, as one text. */
async function everythingSaid(project: LocalProject, spec: SpecParts): Promise<string> {
  const planned = await project.plan(spec, { rewritesSecrets: true });
  const { events, journal } = await project.applyPlanned(planned);
  return JSON.stringify([planned.plan, events, journal]);
}

describe("secrets", () => {
  it.each<[string, SpecParts, SpecParts]>([
    [
      "a named value",
      { namedValues: { n: { value: secret, secret: true } } },
      { namedValues: { n: { value: `${secret}-2`, secret: true } } },
    ],
    [
      "a logger",
      { loggers: { l: { applicationInsights: { instrumentationKey: secret } } } },
      { loggers: { l: { applicationInsights: { connectionString: `InstrumentationKey=${secret}` } } } },
    ],
  ])("says nothing of them: %s", async (_, first, second) => {
    const project = await open();
    expect(await everythingSaid(project, first)).not.toContain(secret);
    expect(await everythingSaid(project, second)).not.toContain(secret);
  });

  it("says nothing of a value that was plain by mistake and becomes secret", async () => {
    const project = await open();
    await project.apply({ namedValues: { n: { value: secret } } });
    const said = await everythingSaid(project, { namedValues: { n: { value: secret, secret: true } } });
    expect(said).not.toContain(secret);
    expect(said).toContain('"action":"update"');
  });

  it("says nothing of keys and passwords that somebody put on a backend", async () => {
    const project = await open();
    await project.service.put("backends/a", {
      properties: {
        url: "https://a.example",
        protocol: "http",
        credentials: { header: { "api-key": [secret] }, query: { k: [secret] } },
        proxy: { url: "http://proxy.example", username: "someone", password: secret },
      },
    });
    const spec = { backends: { a: { url: "https://b.example/openai" } } };
    const said = await everythingSaid(project, spec);
    expect(said).not.toContain(secret);
    expect(said).toContain("proxy.example");
  });

  it("says nothing of them when the service repeats them in a refusal", async () => {
    const project = await open(({ method }) =>
      method === "PUT"
        ? { status: 400, code: "ValidationError", message: `'${secret}' is no good` }
        : undefined,
    );
    const said = await everythingSaid(project, {
      namedValues: { n: { value: secret, secret: true } },
      loggers: { l: { applicationInsights: { instrumentationKey: secret } } },
    });
    expect(said).not.toContain(secret);
    expect(said).toContain("is no good");
  });
});

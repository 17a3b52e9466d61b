/** Random specs that make use of everything there is, for tests that apply them one after the other. */
import fc from "fast-check";
import type { SpecParts } from "./local-project.ts";

const operationIds = ["Chat", "Images", "Text", "Speech"];
const document = (ids: readonly string[], servers: object): string =>
  JSON.stringify({
    openapi: "3.0.1",
    info: { title: "Doc", description: "From the document", version: "1" },
    ...servers,
    paths: Object.fromEntries(
      ids.map((operationId) => [
        `/deployments/{id}/${operationId.toLowerCase()}`,
        { post: { operationId, responses: { 200: { description: "OK" } } } },
      ]),
    ),
  });
/** The OpenAPI documents that the specs name. */
export const files = {
  "all.json": document(operationIds, {}),
  "two.json": document(["Chat", "Speech"], { servers: [{ url: "https://doc.example/openai" }] }),
  "variables.json": document(["Chat", "Text"], { servers: [{ url: "https://{h}/openai" }] }),
};
const documents: Readonly<Record<string, readonly string[]>> = {
  "all.json": operationIds,
  "two.json": ["Chat", "Speech"],
  "variables.json": ["Chat", "Text"],
};

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const duration = fc.constantFrom("30s", "PT90S", "PT1M30S", "1h", "P1D", "PT36H", "1d", "61m", "PT1.0S");
const statusCodes = fc.uniqueArray(fc.constantFrom<string | number>(429, "500-599", 503, "400-429"), {
  minLength: 1,
});
const title = fc.constantFrom("Title", " odd  title ", "<T> & \"q\" 'a'", "ключ {{x", "T\u00a0x");

const breaker = fc
  .record({
    condition: fc.oneof(
      fc.record({ count: fc.integer({ min: 1, max: 10_000 }) }),
      fc.record({ percentage: fc.integer({ min: 1, max: 100 }) }),
    ),
    interval: duration,
    tripDuration: duration,
    statusCodes: optional(statusCodes),
    errorReasons: fc.constantFrom(["Timeout"], ["Timeout", "BackendConnectionFailure"]),
    acceptRetryAfter: optional(fc.boolean()),
  })
  .map(({ condition, ...rest }) => ({ ...condition, ...rest }));
const backend = fc.record({
  url: fc.constantFrom(
    "https://a.example/openai",
    "https://b.example/openai/",
    "http://c.example:8080/x%20y",
  ),
  title: optional(title),
  circuitBreaker: optional(breaker),
  deployments: optional(
    fc.dictionary(fc.constantFrom("x", "y.1"), fc.constantFrom("one", "two", "x"), { maxKeys: 2 }),
  ),
});

/** Ids of backends and pools come from one small set, so that they change their kind from spec to spec. */
const backends = fc
  .record({
    kinds: fc.array(fc.constantFrom("none", "single", "pool"), { minLength: 5, maxLength: 5 }),
    singles: fc.array(backend, { minLength: 6, maxLength: 6 }),
    members: fc.array(
      fc.record({
        priority: optional(fc.integer({ min: 0, max: 100 })),
        weight: optional(fc.integer({ min: 0, max: 100 })),
      }),
      { minLength: 6, maxLength: 6 },
    ),
    title: optional(title),
    pick: fc.nat(),
  })
  .map(({ kinds, singles, members, title, pick }) => {
    const ids = ["b0", "b1", "b2", "b3", "b4"];
    // One backend is always there; no member of a pool becomes a pool itself, which the service refuses.
    const single = ["main", ...ids.filter((_, index) => kinds[index] === "single" && index < 3)];
    const pools = ids.filter((_, index) => kinds[index] === "pool" && index >= 2);
    const chosen = single.filter((id, index) => id === "main" || ((pick >> index) & 1) === 1);
    const poolable = chosen.filter((id) => id !== "b2");
    return {
      backends: Object.fromEntries(single.map((id, index) => [id, singles[index]])),
      pools: Object.fromEntries(
        pools.map((id) => [
          id,
          {
            title,
            members: poolable.map((member, index) => ({ backend: member, ...members[index] })),
            whenNamesDiffer: "expand",
          },
        ]),
      ),
      routable: [...single, ...pools],
    };
  });

const namedValue = (id: string) =>
  fc.oneof(
    fc.record({
      value: fc.constantFrom("plain", " two  words ", "<&>\"'", "@(1)"),
      displayName: optional(fc.constant(`${id}.name`)),
    }),
    fc.record({ value: fc.constant("hush"), secret: fc.constant(true) }),
    fc.record({
      keyVault: fc.constantFrom("https://kv.example/secrets/x", "https://kv.example/secrets/y/1"),
      identityClientId: optional(fc.constant("00000000-0000-0000-0000-000000000003")),
      secret: optional(fc.constant(true)),
    }),
  );

const logger = fc
  .record({
    description: optional(fc.constantFrom("To somewhere", " odd [brackets] ", "ends [apimgw:other]")),
    target: fc.oneof(
      fc.record({ azureMonitor: fc.constant({}) }),
      fc.record({
        applicationInsights: fc.constantFrom(
          { connectionString: "InstrumentationKey=hush" },
          { instrumentationKey: "{{fixed}}" },
          {
            connectionString: "{{fixed}}",
            resourceId: "/subscriptions/s/resourceGroups/g/providers/M.I/components/c",
          },
        ),
      }),
      fc.record({
        eventHub: fc.constantFrom(
          { name: "n", connectionString: "Endpoint=hush" },
          { name: "n", connectionString: "{{fixed}}" },
          { name: "m", endpointAddress: "x.servicebus.example", identityClientId: "SystemAssigned" },
        ),
      }),
    ),
  })
  .map(({ description, target }) => ({ description, ...target }));

const text = fc.constantFrom(
  '<set-header name="x" exists-action="override"><value>  a  b </value></set-header>',
  '<set-header name="x" exists-action="override"><value>@(context.Request.Url.Path.Contains("<") && 1 > 0 ? "&" : "\\"")</value></set-header>',
  '<!-- a - comment --><set-variable name="v" value="{{fixed}}" />',
  '<set-body><![CDATA[<a href="x">&amp; ]] > </a>]]></set-body>',
  '<set-body>@{\n  var s = "two\\nlines";\r\n\n  return s + $"{1 + 1}"; // done\n}</set-body>',
  '<set-variable name="v" value="@{\n    return &quot;a&quot;;\n\t}" />\n\n  <set-variable name="w" value="a&#10;b&#9;c&amp;lt;" />',
  '<choose><when condition="@(true &amp;&amp; (bool)context.Variables[&quot;x&quot;])"><return-response><set-status code="418" reason="I\'m" /><set-body>{"a": "{{fixed}}"}</set-body></return-response></when></choose>',
  '<set-body template="liquid"> {{ body.x }} \n <a/> </set-body>',
  "<set-body>  é ü \u{1F600}  &#x1F600; </set-body>",
  "",
);
const fragment = fc.oneof(
  text,
  text.map((inner) => `<fragment>\n${inner}</fragment>`),
);

const logged = {
  headers: optional(fc.constantFrom([], ["x-ms-region"], ["A", "b"])),
  bodyBytes: optional(fc.constantFrom(0, 1, 8192)),
  mask: optional(
    fc.record({
      headers: optional(fc.constantFrom({ k: "mask" }, { b: "hide", a: "mask" }, {})),
      query: optional(fc.constantFrom({ code: "hide" })),
    }),
  ),
};
const loggedSide = fc.record({
  request: optional(fc.record(logged)),
  response: optional(fc.record(logged)),
});

const diagnostic = (loggerId: string) =>
  fc.record({
    logger: fc.constant(loggerId),
    sampling: optional(fc.constantFrom(0, 12.5, 100)),
    verbosity: optional(fc.constantFrom("error", "information", "verbose")),
    logClientIp: optional(fc.boolean()),
    alwaysLogErrors: optional(fc.boolean()),
    correlationProtocol: optional(fc.constantFrom("None", "Legacy", "W3C")),
    metrics: optional(fc.boolean()),
    operationName: optional(fc.constantFrom("Name", "Url")),
    ...logged,
    frontend: optional(loggedSide),
    backend: optional(loggedSide),
  });

const routing = (ids: readonly string[]) =>
  fc
    .record({
      backend: fc.constantFrom(...ids),
      how: fc.oneof(
        fc.constant({}),
        fc.record({
          retry: fc.record({
            count: fc.integer({ min: 1, max: 50 }),
            on: optional(statusCodes),
            interval: optional(fc.constantFrom(0, 2, "PT1M")),
          }),
        }),
        fc.record({ timeout: duration, streaming: fc.boolean() }),
        fc.record({ fallback: fc.subarray([...ids], { minLength: 1 }) }),
      ),
      policies: optional(
        fc.record({ inbound: optional(text), outbound: optional(text), "on-error": optional(text) }),
      ),
    })
    .map(({ backend: first, how, policies }) => {
      const rest = { backend: first, policies };
      if (!("fallback" in how)) return { ...rest, ...how };
      const fallback = how.fallback.filter((id) => id !== first);
      return fallback.length === 0 ? rest : { ...rest, fallback };
    });

const api = (index: number, ids: readonly string[]) =>
  fc.constantFrom(...Object.keys(documents)).chain((openapi) =>
    fc.record({
      path: fc.constantFrom(`api${index}`, `deep/api${index}`),
      openapi: fc.constant(openapi),
      displayName: optional(title),
      description: optional(fc.constantFrom("About it", " spaced ", "ends [apimgw:other openapi:ff]")),
      serviceUrl: optional(fc.constantFrom("https://s.example/x", "https://s.example/y/")),
      subscriptionKey: optional(
        fc.constantFrom<unknown>(false, { header: "api-key" }, { query: "k" }, { header: "h", query: "q" }),
      ),
      managedIdentity: optional(
        fc.constantFrom<unknown>(false, "https://cognitiveservices.azure.com/", "{{fixed}}"),
      ),
      apiVersion: optional(fc.constantFrom<unknown>({ pin: "2024-10-21" }, { default: "v1" })),
      unlisted: optional(fc.constantFrom("deny", "allow", "remove")),
      deny: optional(
        fc.record({
          status: optional(fc.integer({ min: 400, max: 599 })),
          reason: optional(fc.constantFrom("No", 'No & <no> "no"', "@(1)")),
          body: optional(
            fc.constantFrom<unknown>(
              "text",
              " <a> & {b} ",
              "@{ x }",
              "line\nline\r\n",
              { a: { b: ["<c>", 1, null] } },
              "{{fixed}}",
            ),
          ),
        }),
      ),
      inheritance: optional(fc.constantFrom("keep", "replace")),
      diagnostics: optional(
        fc.record({
          applicationInsights: optional(diagnostic("insights")),
          azureMonitor: optional(diagnostic("monitor")),
        }),
      ),
      operations: fc
        .subarray([...(documents[openapi] ?? [])], { minLength: 1 })
        .chain((listed) => fc.tuple(...listed.map((id) => routing(ids).map((route) => [id, route] as const))))
        .map((entries) => Object.fromEntries(entries)),
    }),
  );

/** Sound specs: whatever one may be, and the one before it, the service takes them. */
export const spec: fc.Arbitrary<SpecParts> = backends
  .chain(({ routable, ...routes }) =>
    fc.record({
      routes: fc.constant(routes),
      namedValues: fc.record({
        fixed: fc.constantFrom<unknown>({ value: "v" }, { value: "hush", secret: true }),
        n0: optional(namedValue("n0")),
        n1: optional(namedValue("n1")),
      }),
      loggers: fc.record({
        insights: fc.constant({ applicationInsights: { connectionString: "InstrumentationKey=hush" } }),
        monitor: fc.constant({ azureMonitor: {} }),
        l1: optional(logger),
      }),
      serviceDiagnostics: optional(
        fc.record({
          applicationInsights: optional(diagnostic("insights")),
          azureMonitor: optional(diagnostic("monitor")),
        }),
      ),
      identity: optional(
        fc.constantFrom<unknown>("system", { clientId: "11111111-2222-4333-8444-555555555555" }),
      ),
      fragments: fc.record({ f0: optional(fragment), f1: optional(fragment) }),
      apis: fc.record({
        api0: optional(api(0, routable)),
        api1: optional(api(1, routable)),
      }),
      product: optional(
        fc.record({
          displayName: optional(fc.constant("Product")),
          description: optional(fc.constantFrom("What", " odd ")),
          subscriptionRequired: optional(fc.boolean()),
          approvalRequired: optional(fc.boolean()),
          all: fc.boolean(),
        }),
      ),
    }),
  )
  .map(({ routes, product, apis, ...rest }) => {
    const named = Object.entries(apis).flatMap(([id, value]) => (value === undefined ? [] : [id]));
    const products =
      product === undefined
        ? {}
        : {
            p: {
              displayName: product.displayName,
              description: product.description,
              subscriptionRequired: product.subscriptionRequired,
              approvalRequired: product.approvalRequired,
              apis: product.all ? named : named.slice(1),
            },
          };
    return JSON.parse(JSON.stringify({ ...routes, ...rest, apis, products })) as SpecParts;
  });

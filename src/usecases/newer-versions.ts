import { isDiagnosticPath, llmApiVersion } from "../core/model/kinds/diagnostic.ts";
import type { Model } from "../core/model/resource.ts";
import type { LiveService, ServiceReader } from "../core/ports.ts";

type Query = Readonly<Record<string, string>>;

/**
 * The same service; its diagnostics are read and written in the preview version that knows what they log of language models,
 * if the model says anything of that. Otherwise nothing is asked in a preview version.
 */
export function inNewerVersions(service: LiveService, { resources }: Model): LiveService {
  const needsNewer = resources.some(
    ({ kind, body }) => kind === "diagnostic" && JSON.stringify(body).includes('"largeLanguageModel"'),
  );
  if (!needsNewer) return service;
  return {
    ...newerReader(service),
    ref: service.ref,
    title: service.title,
    afterWrite: newerReader(service.afterWrite),
    put: (path, body, condition, query) => service.put(path, body, condition, newerQuery(path, query)),
    patch: (path, body, condition) => service.patch(path, body, condition),
    act: (path, action) => service.act(path, action),
    remove: (path, ifMatch, query) => service.remove(path, ifMatch, newerQuery(path, query)),
    retried: () => service.retried(),
  };
}

function newerReader(reader: ServiceReader): ServiceReader {
  return {
    get: (path, query) => reader.get(path, newerQuery(path, query)),
    list: (path, query) => reader.list(path, newerQuery(path, query)),
  };
}

function newerQuery(path: string, query: Query | undefined): Query | undefined {
  return isDiagnosticPath(path) ? { ...query, "api-version": llmApiVersion } : query;
}

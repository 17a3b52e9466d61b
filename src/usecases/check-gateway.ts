/** Everything about a gateway that can be known before the first write. */
import { Failure, ServiceFailure } from "../core/failure.ts";
import { isJsonObject } from "../core/json.ts";
import type { Files, LiveService, ServiceRef } from "../core/ports.ts";
import type { Problem } from "../core/problem.ts";
import { serviceTiers } from "../core/spec/schema.ts";
import type { ServiceTier } from "../core/spec/schema.ts";
import { lintLoaded } from "./lint.ts";
import { loadSoundGateway } from "./load-gateway.ts";
import type { GatewayRequest, SoundGateway } from "./load-gateway.ts";

export type CheckedGateway = {
  readonly gateway: SoundGateway;
  readonly service: LiveService;
  /** What lint says that is no error. */
  readonly warnings: readonly Problem[];
};

export type CheckOptions = {
  readonly open: (ref: ServiceRef) => Promise<LiveService>;
  /** Makes the C# grammar ready. */
  readonly loadGrammar: () => Promise<void>;
};

/**
 * A gateway in which lint finds no error, and the service that it is for. A tier that the spec does not name is asked from the
 * service. Throws Failure `SPEC.INVALID` with all errors, `FILE.*`, and ServiceFailure.
 */
export async function checkGateway(
  files: Files,
  request: GatewayRequest,
  { open, loadGrammar }: CheckOptions,
): Promise<CheckedGateway> {
  const loaded = await loadSoundGateway(files, request);
  const service = await open(loaded.model.service);
  const gateway = await withTier(files, request, loaded, service);
  const options = { severities: new Map(), loadGrammar, skipsCompiled: true };
  const { problems } = await lintLoaded(gateway, options);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw invalid(request.file, errors);
  return { gateway, service, warnings: problems.filter(({ severity }) => severity === "warning") };
}

function invalid(file: string, errors: readonly Problem[]): Failure {
  const count = errors.length === 1 ? "one error" : `${errors.length} errors`;
  return new Failure("SPEC.INVALID", `${file} has ${count}`, { problems: errors });
}

/** The gateway, compiled again for the service's tier where the spec does not name one: some tiers lack what others have. */
async function withTier(
  files: Files,
  request: GatewayRequest,
  loaded: SoundGateway,
  service: LiveService,
): Promise<SoundGateway> {
  if (loaded.parsed.spec.service.sku !== undefined) return loaded;
  const tier = await askTier(service);
  if (tier === undefined) return loaded;
  return loadSoundGateway(files, { ...request, overrides: { ...request.overrides, tier } });
}

/** Undefined where the service does not say, or names a tier that is not known here. */
async function askTier(service: LiveService): Promise<ServiceTier | undefined> {
  const resource = await service.get("").catch((error: unknown) => {
    // Some may read what is in a service and not the service itself. Whether it is there, the next read tells.
    if (error instanceof ServiceFailure && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  });
  const sku = resource?.body.sku;
  const name = isJsonObject(sku) ? sku.name : undefined;
  return serviceTiers.find((tier) => tier === name);
}

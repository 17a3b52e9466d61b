import { ServiceFailure } from "../../core/failure.ts";
import { baseArmId, isArmId, serviceArmId, type ServiceRef } from "../../core/ports.ts";

/** The version of the management API that the bodies are written for. */
export const apiVersion = "2024-05-01";

/** Those of what stands outside the service, by the namespace of its provider in lower case. */
const otherVersions: Readonly<Record<string, string>> = {
  "microsoft.authorization": "2022-04-01",
  "microsoft.cognitiveservices": "2024-10-01",
};

export type ResourceUrls = {
  /**
   * URL of an ARM path below the service, or below the workspace that is named with it, or of a whole ARM id, which begins with a
   * slash; the empty path is the service itself.
   * A query may ask for another api-version.
   */
  readonly of: (path: string, query?: Readonly<Record<string, string>>) => string;
  /**
   * A URL that the service gave (nextLink, Location), made absolute. One on another host is refused: the access token
   * would go there.
   */
  readonly follow: (given: string, from: string, what: string) => string;
};

/** Builds and checks the URLs of one service behind one endpoint. Ids may hold any character: each segment is encoded. */
export function createResourceUrls(endpoint: string, service: ServiceRef): ResourceUrls {
  const itself = endpoint + encodePath(serviceArmId(service));
  const base = endpoint + encodePath(baseArmId(service));
  const { origin } = new URL(endpoint);
  return {
    of(path, query = {}) {
      const parameters = new URLSearchParams({
        ...query,
        "api-version": query["api-version"] ?? versionOf(path),
      });
      const below = path === "" ? itself : `${base}/${encodePath(path)}`;
      const place = isArmId(path) ? endpoint + encodePath(path) : below;
      return `${place}?${parameters.toString().replaceAll("+", "%20")}`;
    },
    follow(given, from, what) {
      const url = URL.canParse(given, from) ? new URL(given, from) : undefined;
      if (url?.origin === origin) return url.href;
      const where = url === undefined ? "something that is not a URL" : url.origin;
      throw new ServiceFailure(
        "SERVICE.FAILED",
        `the service's ${what} leads to ${where}, not to ${origin}`,
        {
          why: "following it would send the access token there",
          remedy: "Use the endpoint that the service itself names in its links.",
        },
      );
    },
  };
}

/** The api-version of the innermost resource provider that a path names. */
function versionOf(path: string): string {
  const provider = isArmId(path) ? /^.*\/providers\/([^/]+)\//i.exec(path)?.[1] : undefined;
  return otherVersions[provider?.toLowerCase() ?? ""] ?? apiVersion;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeSegment).join("/");
}

/** `.` and `..` mean another resource once a URL is parsed, however they are encoded. */
function encodeSegment(segment: string): string {
  if (segment !== "." && segment !== "..") return encodeURIComponent(segment);
  throw new ServiceFailure("SERVICE.REJECTED", `\`${segment}\` cannot be the id of a resource`);
}

import { describe, expect, it } from "vitest";
import { resolveEndpoint } from "../../../src/adapters/arm/endpoint.ts";
import { Failure } from "../../../src/core/failure.ts";

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return undefined;
}

describe("resolveEndpoint", () => {
  it.each([
    ["AzureCloud", "https://management.azure.com", "https://login.microsoftonline.com"],
    ["AzureChinaCloud", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"],
    ["AzureUSGovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"],
  ] as const)("knows %s", (cloud, url, authorityHost) => {
    expect(resolveEndpoint(cloud)).toEqual({
      url,
      scope: `${url}/.default`,
      authorityHost,
      isLoopback: false,
      isHttps: true,
    });
  });

  it.each([
    ["https://arm.contoso.example/", "https://arm.contoso.example", false],
    ["https://arm.contoso.example:8443/azure/", "https://arm.contoso.example:8443/azure", false],
    ["http://localhost:8080", "http://localhost:8080", true],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080", true],
    ["http://127.8.9.10", "http://127.8.9.10", true],
    ["http://127.1:80", "http://127.0.0.1", true],
    ["http://[::1]:8080", "http://[::1]:8080", true],
    ["https://localhost:8080", "https://localhost:8080", true],
  ])("accepts %s", (given, url, isLoopback) => {
    expect(resolveEndpoint("AzureCloud", given)).toMatchObject({
      url,
      isLoopback,
      scope: "https://management.azure.com/.default",
    });
  });

  it.each([
    "http://management.azure.com",
    "http://128.0.0.1",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://10.0.0.1:8080",
    "http://[::2]",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "management.azure.com",
    "localhost:8080",
    "",
    "https://user:password@arm.example",
    "https://arm.example/?x=1",
  ])("refuses %s", (given) => {
    expect(codeOf(() => resolveEndpoint("AzureCloud", given))).toBe("USAGE.ENDPOINT");
  });
});

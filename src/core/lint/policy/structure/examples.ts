/** Whole documents around the policies of an example. */
export function inbound(policies: string): string {
  return documentOf({ inbound: policies });
}

export function backend(policies: string): string {
  return documentOf({ backend: policies });
}

export function outbound(policies: string): string {
  return documentOf({ outbound: policies });
}

function documentOf(sections: {
  readonly inbound?: string;
  readonly backend?: string;
  readonly outbound?: string;
}): string {
  return `<policies>
  <inbound>
    <base />${line(sections.inbound)}
  </inbound>
  <backend>
    ${sections.backend ?? "<base />"}
  </backend>
  <outbound>
    <base />${line(sections.outbound)}
  </outbound>
  <on-error>
    <base />
  </on-error>
</policies>`;
}

function line(policies: string | undefined): string {
  return policies === undefined ? "" : `\n    ${policies}`;
}

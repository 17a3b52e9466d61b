/** ARM type of a path below the service: `Microsoft.ApiManagement/service/apis/operations`. */
export function armType(path: string): string {
  const names = path.split("/").filter((_, index) => index % 2 === 0);
  return ["Microsoft.ApiManagement/service", ...names].join("/");
}

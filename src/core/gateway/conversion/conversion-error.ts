/** A body that cannot be converted: the policy fails with this text, as the service's does. */
export class ConversionError extends Error {
  override readonly name = "ConversionError";
}

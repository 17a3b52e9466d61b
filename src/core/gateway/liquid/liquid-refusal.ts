/** A template that the service would run, or might run otherwise than here: it is refused with the reason. */
export class LiquidRefusal extends Error {
  override readonly name = "LiquidRefusal";
}

/** What is used of gifenc, which has no types: https://github.com/mattdesl/gifenc#readme */
declare module 'gifenc' {
  /** Red, green and blue, 0 to 255. */
  type Color = readonly [red: number, green: number, blue: number]

  interface FrameOptions {
    /** The global palette of the first frame. Later frames have a palette of their own only if it is given. */
    readonly palette?: readonly Color[]
    /** Milliseconds that the frame is shown. */
    readonly delay: number
    /** Of the first frame: how often to repeat, 0 for ever. */
    readonly repeat?: number
    readonly transparent?: boolean
    readonly transparentIndex?: number
    /** What becomes of the frame before the next one; 1 leaves it. */
    readonly dispose?: number
  }

  interface Encoder {
    /** Adds a frame, given as indices into the palette, row by row. */
    writeFrame(indices: Uint8Array, width: number, height: number, options: FrameOptions): void
    finish(): void
    bytes(): Uint8Array
  }

  const gifenc: {
    GIFEncoder(): Encoder
    /** A palette of at most so many colors for pixels of four bytes each: red, green, blue and alpha. */
    quantize(pixels: Uint8Array, most: number): Color[]
    nearestColorIndex(palette: readonly Color[], color: Color): number
  }
  export default gifenc
}

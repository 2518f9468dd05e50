/** Makes an animated GIF from stills, with one palette for all of them. */
import { decode } from 'fast-png'
import gifenc from 'gifenc'

export interface Still {
  /** Opaque PNG files of 8 bits a channel and of the same width, one below the other. */
  readonly parts: readonly Uint8Array[]
  /** Milliseconds that it is shown. */
  readonly hold: number
}

/** The pixels of a still, row by row: red, green and blue as one number, `0xRRGGBB`. */
interface Picture {
  readonly width: number
  readonly colors: Uint32Array
}

type Color = readonly [red: number, green: number, blue: number]

const ALL_COLORS = 1 << 24
/** The last color of the palette stands for a pixel that has not changed. More colors look the same, and need more bytes. */
const UNCHANGED = 63
/** The most frequent colors, which fill areas, stay exact. The others share what is left of the palette. */
const EXACT = 32

export function gifOf(stills: readonly Still[]): Uint8Array {
  const palette = paletteOf(countColors(stills))
  const indexOf = indexIn(palette)
  const encoder = gifenc.GIFEncoder()
  let shown: Uint8Array | undefined
  for (const still of stills) {
    const { width, colors } = pictureOf(still)
    const indices = Uint8Array.from(colors, indexOf)
    const before = shown
    const changed = before === undefined ? indices : indices.map((n, i) => (n === before[i] ? UNCHANGED : n))
    encoder.writeFrame(changed, width, colors.length / width, {
      ...(before === undefined && { palette: [...palette, [0, 0, 0]], repeat: 0 }),
      ...{ delay: still.hold, dispose: 1, transparent: before !== undefined, transparentIndex: UNCHANGED },
    })
    shown = indices
  }
  encoder.finish()
  return encoder.bytes()
}

function pictureOf({ parts }: Still): Picture {
  const decoded = parts.map((part) => decode(part))
  const colors = new Uint32Array(decoded.reduce((sum, { width, height }) => sum + width * height, 0))
  let at = 0
  for (const { data, channels } of decoded)
    for (let i = 0; i < data.length; i += channels)
      colors[at++] = ((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0)
  return { width: decoded[0]?.width ?? 0, colors }
}

/** How many pixels have each color. */
function countColors(stills: readonly Still[]): Uint32Array {
  const counts = new Uint32Array(ALL_COLORS)
  for (const still of stills)
    for (const color of pictureOf(still).colors) counts[color] = (counts[color] ?? 0) + 1
  return counts
}

function paletteOf(counts: Uint32Array): readonly Color[] {
  const countOf = (color: number) => counts[color] ?? 0
  const byCount = [...counts.keys()].filter(countOf).sort((a, b) => countOf(b) - countOf(a))
  // Rare colors, such as those of marks, count for more than their share, so that they get a place as well.
  const samples = byCount
    .slice(EXACT)
    .flatMap((color) =>
      Array.from({ length: Math.ceil(Math.cbrt(countOf(color))) }, () => [...channelsOf(color), 255]),
    )
  const shared =
    samples.length === 0 ? [] : gifenc.quantize(Uint8Array.from(samples.flat()), UNCHANGED - EXACT)
  return [...byCount.slice(0, EXACT).map(channelsOf), ...shared]
}

/** Finds the nearest color of a palette. */
function indexIn(palette: readonly Color[]): (color: number) => number {
  const known = new Int16Array(ALL_COLORS).fill(-1)
  return (color) => {
    const found = known[color] ?? -1
    if (found >= 0) return found
    const index = gifenc.nearestColorIndex(palette, channelsOf(color))
    known[color] = index
    return index
  }
}

const channelsOf = (color: number): Color => [color >> 16, (color >> 8) & 255, color & 255]

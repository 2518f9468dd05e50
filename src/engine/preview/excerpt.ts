/** The part of a payload in which a text is found. */
import { MAX_PREVIEW, previewText } from '../../capture/preview.ts'
import type { Log } from '../../capture/recording.ts'
import { decodeText } from '../../shared/text/decode.ts'

/** Bytes of a payload that are searched. */
const SEARCHED = 1024 * 1024
/** Characters in front of what is found. */
const BEFORE = 60

/** The preview of a payload, or, if it has none of the texts, the part of the payload that has one, from `…` on. */
export function excerpt(log: Log, index: number, preview: string, texts: readonly string[]): string {
  const { size } = log.row(index)
  if (size <= MAX_PREVIEW || hasOne(preview.toLowerCase(), texts)) return preview
  const bytes = log.payload(index, SEARCHED)
  const text = bytes && decodeText(bytes, bytes.length === size)
  if (text === undefined) return preview
  const lower = text.toLowerCase()
  // Some characters are longer in lower case, and then nothing can be found at its place.
  if (lower.length !== text.length) return preview
  const places = texts.map((each) => lower.indexOf(each)).filter((at) => at >= 0)
  const [first] = places.sort((a, b) => a - b)
  if (first === undefined) return preview
  const from = Math.max(0, first - BEFORE)
  return `…${previewText(text.slice(from, from + MAX_PREVIEW), from + MAX_PREVIEW < text.length)}`
}

function hasOne(lower: string, texts: readonly string[]): boolean {
  return texts.some((text) => lower.includes(text))
}

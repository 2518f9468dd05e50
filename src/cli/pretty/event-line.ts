/** Lays out an event as one line: time, arrow, type, size and preview, within the terminal's width. */
import type { Colors } from 'picocolors/types'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import { decodedText, isHeartbeat } from './describe-decoded.ts'
import { type Description, describe, type Tone } from './describe-event.ts'
import { pad, payloadPreview, printable, truncate, width } from './terminal-text.ts'

const TYPE_WIDTH = 9
const SIZE_WIDTH = 7
/** Cells of a payload that are shown in the narrowest terminal. */
const MIN_ROOM = 16
/** Cells of what stands before the payload that are shown in any case. */
const MIN_SAID = 8

type Paint = (text: string) => string

const plain: Paint = (text) => text

const PAINTERS: Readonly<Record<Tone, (colors: Colors) => readonly [head: Paint, text: Paint]>> = {
  in: ({ green }) => [green, plain],
  out: ({ cyan }) => [cyan, plain],
  quiet: ({ dim }) => [dim, dim],
  good: ({ bold }) => [bold, plain],
  notice: ({ bold, yellow }) => [(text) => bold(yellow(text)), yellow],
  bad: ({ bold, red }) => [(text) => bold(red(text)), red],
}

/** Session time in seconds, right-aligned for the first 27 hours. */
export function timeText(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(9)
}

/**
 * One event as a line of at most `columns` cells, without its newline. Sentences may be longer. `decoded` is the packets
 * that end in it; `isPart` if it has only a part of one.
 */
export function formatEvent(
  event: RealtimeEvent,
  columns: number,
  colors: Colors,
  decoded: readonly DecodedEvent[] = [],
  isPart = false,
): string {
  const described = describe(event)
  const tone = isHeartbeat(decoded) ? 'quiet' : described.tone
  const [paintHead, text] = PAINTERS[tone](colors)
  const says = isPart ? 'part' : printable(decodedText(decoded))
  const time = timeText(event.time)
  const head = `${described.mark} ${pad(printable(described.type), TYPE_WIDTH)}`
  const used = width(time) + 1 + width(head) + 1
  const paintSaid: Paint = isPart ? colors.dim : (said) => colors.bold(text(said))
  const room = Math.max(columns - used, MIN_ROOM)
  return `${colors.dim(time)} ${paintHead(head)} ${body(described, { says, paintSaid, room }, colors, text)}`.trimEnd()
}

function body(
  { payload, text = '', isSentence }: Description,
  { says, paintSaid, room }: { says: string; paintSaid: Paint; room: number },
  colors: Colors,
  paint: Paint,
): string {
  const prefix = printable(text)
  if (payload === undefined) return paint(isSentence === true ? prefix : truncate(prefix, room))
  const size = byteCount(payload.size).padStart(SIZE_WIDTH)
  const free = room - size.length - 2
  const said = says === '' ? '' : `${truncate(says, Math.max(free - MIN_ROOM - 2, MIN_SAID))}  `
  const shown = truncate(prefix, Math.max(free - MIN_ROOM - width(said) - 2, MIN_SAID))
  const gap = shown === '' || shown.endsWith(' ') ? '' : '  '
  const left = Math.max(free - width(said) - width(shown) - gap.length, MIN_ROOM)
  return `${colors.dim(size)}  ${paintSaid(said)}${paint(shown + gap + payloadPreview(payload.bytes, left, payload.isBinary))}`
}

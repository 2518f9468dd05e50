/** Lays out an event as one line: time, arrow, type, size and preview, within the terminal's width. */
import type { Colors } from 'picocolors/types'
import type { RealtimeEvent } from '../../shared/event.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import { type Description, describe, type Tone } from './describe-event.ts'
import { payloadPreview } from './payload-preview.ts'
import { pad, printable, truncate, width } from './terminal-text.ts'

const TYPE_WIDTH = 9
const SIZE_WIDTH = 7
/** Cells of a payload that are shown in the narrowest terminal. */
const MIN_ROOM = 16

type Paint = (text: string) => string

function painter(colors: Colors, tone: Tone): { readonly head: Paint; readonly text: Paint } {
  const plain = (text: string) => text
  switch (tone) {
    case 'in':
      return { head: colors.green, text: plain }
    case 'out':
      return { head: colors.cyan, text: plain }
    case 'quiet':
      return { head: colors.dim, text: colors.dim }
    case 'good':
      return { head: colors.bold, text: plain }
    case 'notice':
      return { head: (text) => colors.bold(colors.yellow(text)), text: colors.yellow }
    case 'bad':
      return { head: (text) => colors.bold(colors.red(text)), text: colors.red }
  }
}

/** Session time in seconds, right-aligned for the first 27 hours. */
function timeText(ms: number): string {
  return (ms / 1000).toFixed(3).padStart(9)
}

/** One event as a line of at most `columns` cells, without its newline. Sentences may be longer. */
export function formatEvent(event: RealtimeEvent, columns: number, colors: Colors): string {
  const described = describe(event)
  const { head: paintHead, text } = painter(colors, described.tone)
  const time = timeText(event.time)
  const head = `${described.mark} ${pad(printable(described.type), TYPE_WIDTH)}`
  const used = width(time) + 1 + width(head) + 1
  return `${colors.dim(time)} ${paintHead(head)} ${body(described, Math.max(columns - used, MIN_ROOM), colors, text)}`.trimEnd()
}

function body(
  { payload, text = '', isSentence }: Description,
  room: number,
  colors: Colors,
  paint: Paint,
): string {
  const prefix = printable(text)
  if (payload === undefined) return paint(isSentence === true ? prefix : truncate(prefix, room))
  const size = byteCount(payload.size).padStart(SIZE_WIDTH)
  const left = Math.max(room - size.length - 2 - width(prefix), MIN_ROOM)
  return `${colors.dim(size)}  ${paint(prefix + payloadPreview(payload.bytes, left))}`
}

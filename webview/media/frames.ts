/** Frames among the messages of a connection, found in the columns. */
import { unpackKind } from '../../src/shared/event-columns.ts'
import type { ColumnStore } from '../state/events/column-store.ts'

/** Events examined for the newest frame, and for the rate. */
const MOST_EVENTS = 200_000
const MOST_FRAMES = 240

function isFrame(columns: ColumnStore, index: number, connection: number): boolean {
  const at = columns.at(index)
  if (at === undefined || at.segment.connection[at.offset] !== connection) return false
  const kind = unpackKind(at.segment.kind[at.offset] ?? 0)
  return (
    kind.type === 'message' &&
    kind.direction === 'in' &&
    !kind.truncated &&
    (at.segment.size[at.offset] ?? 0) > 0
  )
}

/** The newest received message of the connection after event `after`. */
export function newestFrame(columns: ColumnStore, connection: number, after: number): number | undefined {
  const first = Math.max(columns.first, after + 1, columns.end - MOST_EVENTS)
  for (let index = columns.end - 1; index >= first; index--)
    if (isFrame(columns, index, connection)) return index
  return undefined
}

/** Frames per second in the `window` milliseconds up to a frame. Undefined if there is only one. */
export function frameRate(
  columns: ColumnStore,
  connection: number,
  frame: number,
  window = 2000,
): number | undefined {
  const timeAt = (index: number) => columns.timeOf(index) ?? 0
  const end = timeAt(frame)
  let frames = 1
  let start = end
  for (
    let index = frame - 1;
    index >= columns.first && frame - index < MOST_EVENTS && frames < MOST_FRAMES;
    index--
  ) {
    const time = timeAt(index)
    if (end - time > window) break
    if (!isFrame(columns, index, connection)) continue
    frames++
    start = time
  }
  return frames < 2 || end <= start ? undefined : ((frames - 1) * 1000) / (end - start)
}

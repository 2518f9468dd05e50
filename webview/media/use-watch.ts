/** Finds out whether the selected event belongs to a stream that can be watched. */
import { useMemo, useState } from 'preact/hooks'
import { typeOf } from '../../src/shared/event-columns.ts'
import { SNIFF_BYTES } from '../../src/shared/media.ts'
import { type PageState, usePage } from '../state/page.ts'
import { usePolling } from '../ui/hooks.ts'
import { headerOf, WATCHED, type Watchable, watchableOf } from './watchable.ts'

/** A stream to watch: one `open` of one connection. */
export interface Watch extends Watchable {
  readonly connection: number
  /** Number of its `open` event. */
  readonly open: number
  readonly contentType: string
}

const OPEN: ReadonlySet<string> = new Set(['open'])
/** Milliseconds between looks at a stream without data. */
const LOOK_AGAIN = 300

/** The `open` event of the stream that an event belongs to. */
function openingOf({ session }: PageState, index: number | undefined): number | undefined {
  const { columns } = session
  const at = index === undefined ? undefined : columns.at(index)
  if (index === undefined || at === undefined) return undefined
  return typeOf(at.segment.kind[at.offset] ?? 0) === 'open' ? index : columns.findBefore(index, OPEN)
}

/** Undefined while unknown, or if there is nothing to watch. */
export function useWatch(index: number | undefined): Watch | undefined {
  const page = usePage()
  const open = useMemo(() => openingOf(page, index), [page, index])
  const [watch, setWatch] = useState<Watch>()
  const look = async (isCurrent: () => boolean) => {
    if (open === undefined) return true
    const found = await findOut(page, open)
    if (isCurrent() && found !== 'nothing yet') setWatch(found)
    return found !== 'nothing yet'
  }
  usePolling(look, LOOK_AGAIN, [page, open])
  return watch?.open === open ? watch : undefined
}

async function findOut({ host }: PageState, open: number): Promise<Watch | 'nothing yet' | undefined> {
  const { fields } = await host.call('detail', { index: open, maxBytes: 0 })
  const { connection, transport, framing } = fields
  if (typeof connection !== 'number' || !WATCHED.has(transport)) return undefined
  const piece = await host.call('stream', { connection, from: open + 1, maxBytes: SNIFF_BYTES })
  if (piece.bytes.length === 0) return piece.reopened ? undefined : 'nothing yet'
  const contentType = headerOf(fields, 'content-type')
  const watchable = watchableOf({ transport, framing, contentType, beginning: piece.bytes })
  return watchable && { ...watchable, connection, open, contentType }
}

/** The calls that write a session, or a part of it, to a file. */
import { eventsOfPart } from '../capture/part.ts'
import type { Log } from '../capture/recording.ts'
import { writeRecording } from '../session/write-recording.ts'
import { Failure } from '../shared/failure.ts'
import type { NumberList } from '../shared/number-list.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { Part, Progress, SavingMethods } from '../shared/protocol/saving.ts'

export interface SavingOptions {
  readonly log: Log
  matchesOf(generation: number): NumberList | undefined
  progress(progress: Progress): void
  /** The events before number `count` have been saved. */
  saved(count: number): void
}

/** Milliseconds between two notifications of the progress. */
const PROGRESS_INTERVAL = 100

export function savingCalls(options: SavingOptions): Handlers<SavingMethods> {
  const { log, progress, saved } = options
  const running = new Map<number, AbortController>()
  return {
    save: async ({ path, reveal, mask = [], part = null, as, aside, ticket }) => {
      const { count, firstKept } = log
      const indexes = part === null ? undefined : await indexesOf(part, options)
      const total = indexes?.length ?? count - firstKept
      const abort = new AbortController()
      if (ticket !== undefined) running.set(ticket, abort)
      const writing = {
        format: `.${as ?? 'rtsession'}`,
        reveal,
        mask,
        signal: abort.signal,
        ...(indexes !== undefined && { indexes }),
        ...(ticket !== undefined && {
          onProgress: throttled((done) => progress({ ticket, done, of: total })),
        }),
      }
      try {
        const written = await writeRecording(log, path, writing)
        if (as === undefined && part === null && aside !== true) saved(count)
        return written
      } finally {
        if (ticket !== undefined) running.delete(ticket)
      }
    },
    cancelSave: ({ ticket }) => running.get(ticket)?.abort(),
  }
}

async function indexesOf(part: Part, { log, matchesOf }: SavingOptions): Promise<Uint32Array> {
  const { generation } = part.selected
  const matches = generation === null ? undefined : matchesOf(generation)
  if (generation !== null && matches === undefined)
    throw new Failure('FILTER_GONE', 'The filter has changed in the meantime; save again.')
  const events = await eventsOfPart(log, part, matches)
  if (events.length === 0)
    throw new Failure('NOTHING_TO_SAVE', 'There are no events in that part of the session.')
  return events.slice(0)
}

function throttled(notify: (done: number) => void): (done: number) => void {
  let next = 0
  return (done) => {
    const now = performance.now()
    if (now < next) return
    next = now + PROGRESS_INTERVAL
    notify(done)
  }
}

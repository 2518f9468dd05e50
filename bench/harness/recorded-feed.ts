/** Session files with a server that sends the messages of a load, to be served. */
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import type { MessageEvent, RealtimeEvent } from '../../src/shared/event.ts'
import { type Kind, repeatedPayloads } from '../load/blocks.ts'

export type Fed = Exclude<Kind, 'deflate' | 'http2'>

interface Feed {
  readonly transport: 'websocket' | 'sse' | 'http-stream'
  readonly open: Readonly<Record<string, unknown>>
  /** Fields of each message. */
  readonly message: Partial<MessageEvent>
}

const http = (type: string) => ({ status: 200, httpVersion: '1.1', headers: { 'content-type': type } })

const FEEDS: Readonly<Record<Fed, Feed>> = {
  ws: {
    transport: 'websocket',
    open: { status: 101, httpVersion: '1.1', headers: {} },
    message: { opcode: 'text', frames: 1, compressed: false },
  },
  sse: { transport: 'sse', open: http('text/event-stream'), message: { event: 'message' } },
  ndjson: {
    transport: 'http-stream',
    open: { ...http('application/x-ndjson'), framing: 'ndjson' },
    message: {},
  },
}

/** The path of a connection with that many messages. */
export function feedPath(count: number): string {
  return `/feed?count=${count}`
}

/**
 * A session with a connection for each count, at `feedPath`. Its messages are those of a load. Written once for all
 * runs.
 */
export async function recordedFeed(kind: Fed, counts: readonly number[], size: number): Promise<string> {
  const folder = join(CACHE, 'bench')
  const path = join(folder, `${kind}-${counts.join('-')}-of-${size}.rtsession`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const stream = createWriteStream(`${path}.partial`)
  stream.write(`${formatHeader(new Date(), 'realtime-inspector bench')}\n`)
  const payloads = repeatedPayloads(size)
  for (const [at, count] of counts.entries())
    for (const event of eventsOf(FEEDS[kind], at + 1, count, payloads))
      if (!stream.write(`${formatLine(event)}\n`)) await once(stream, 'drain')
  stream.end()
  await once(stream, 'close')
  renameSync(`${path}.partial`, path)
  return path
}

function* eventsOf(
  { transport, open, message }: Feed,
  connection: number,
  count: number,
  payloads: readonly Buffer[],
): Generator<RealtimeEvent> {
  const scheme = transport === 'websocket' ? 'ws' : 'http'
  const url = `${scheme}://127.0.0.1${feedPath(count)}`
  yield { type: 'connect', connection, time: 0, transport, url, attempt: 0 }
  yield { type: 'open', connection, time: 1, transport, ...open } as RealtimeEvent
  for (let n = 0; n < count; n++) {
    const content = payloads[n % payloads.length] ?? Buffer.alloc(0)
    yield { type: 'message', connection, time: 1 + n / 100, direction: 'in', payload: content, ...message }
  }
  const code = transport === 'websocket' ? { code: 1000 } : {}
  yield { type: 'close', connection, time: 2 + count / 100, by: 'server', ...code }
}

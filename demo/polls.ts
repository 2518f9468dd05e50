/** `/config`, which holds requests until it changes, like Consul, and `/status`, which answers at once and mostly with 304. */
import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { between, pick } from './market.ts'

const MAX_WAIT_SECONDS = 30
const DEFAULT_WAIT_SECONDS = 8
/** One in this many responses is a proxy's error. */
const RESPONSES_PER_ERROR = 9

const changes = new EventEmitter().setMaxListeners(100)
let index = 40
let config = { index, feature: 'fast-path', rollout: 10 }
let responses = 0

/** Changes the configuration every few seconds until the signal is aborted. */
export async function startConfig(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await delay(between(3000, 12_000), undefined, { signal }).catch(() => undefined)
    index++
    config = {
      index,
      feature: pick(['fast-path', 'dark-mode', 'new-router']),
      rollout: pick([10, 25, 50, 100]),
    }
    changes.emit('change')
  }
}

/** Holds the request for `?wait=SECONDS` while `?index=SEEN` or `If-None-Match` is the newest version. */
export async function serveConfig(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const wait = Number(url.searchParams.get('wait')?.replace(/s$/, '') ?? DEFAULT_WAIT_SECONDS)
  const held = Math.min(Number.isFinite(wait) && wait > 0 ? wait : DEFAULT_WAIT_SECONDS, MAX_WAIT_SECONDS)
  const seen = url.searchParams.get('index') ?? request.headers['if-none-match']?.replaceAll('"', '')
  if (seen === String(index)) await changeOrTimeout(held * 1000, response)
  if (response.destroyed) return
  if (++responses % RESPONSES_PER_ERROR === 0) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end('The upstream of the demo is restarting.')
    return
  }
  const headers = { etag: `"${index}"`, 'x-consul-index': String(index), 'cache-control': 'no-store' }
  const unchanged = request.headers['if-none-match'] === headers.etag
  if (unchanged) response.writeHead(304, headers).end()
  else response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(config))
}

async function changeOrTimeout(milliseconds: number, response: ServerResponse): Promise<void> {
  const given = new AbortController()
  const giveUp = () => given.abort()
  response.once('close', giveUp)
  const timer = setTimeout(giveUp, milliseconds)
  await once(changes, 'change', { signal: given.signal }).catch(() => undefined)
  clearTimeout(timer)
  response.off('close', giveUp)
}

/** A status that changes every eight seconds. */
export function serveStatus(request: IncomingMessage, response: ServerResponse): void {
  const step = Math.floor(Date.now() / 8000)
  const headers = { etag: `"s${step}"`, 'last-modified': new Date(step * 8000).toUTCString() }
  if (request.headers['if-none-match'] === headers.etag) response.writeHead(304, headers).end()
  else {
    const status = { status: step % 5 === 0 ? 'degraded' : 'ok', step, jobs: 3 + (step % 7) }
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(status))
  }
}

/** `/feed/…`: the feed as WebSocket, event stream, stream of lines, long poll and poll, and `/feed/rate`, which changes it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocketServer } from 'ws'
import { NEXT_FIELD } from '../src/vscode/connect/demo-feed.ts'
import { EVERY, type Feed } from './feed.ts'
import { between } from './market.ts'
import { later } from './schedule.ts'
import { send, webSocketServer } from './web-sockets.ts'

/** Milliseconds for which a long poll is held. */
const HOLD = 20_000
/** Milliseconds after which connections are cut, at least and at most. */
const CUT = { least: 30_000, most: 50_000 }
const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-store' }

export interface FeedEndpoints {
  /** Whether connections are cut now and then. */
  readonly cuts: boolean
}

/** A WebSocket cannot say after which event to continue, so it loses those of an interruption. */
export function feedSocket(feed: Feed, { cuts }: FeedEndpoints): WebSocketServer {
  return webSocketServer(
    'feed.v1',
    (socket) => {
      const end = feed.listen(({ text }) => send(socket, text))
      socket.once('close', end)
      if (cuts) later(socket, between(CUT.least, CUT.most), () => socket.terminate())
    },
    false,
  )
}

/** Answers a request below `/feed/`. Returns false if there is nothing at that path. */
export function serveFeed(
  feed: Feed,
  { cuts }: FeedEndpoints,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const after = numberIn(url.searchParams.get('after'))
  switch (url.pathname) {
    case '/feed/sse':
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write('retry: 1000\n\n')
      stream(
        feed,
        response,
        numberIn(request.headers['last-event-id']),
        ({ seq, text }) => `id: ${seq}\ndata: ${text}\n\n`,
      )
      break
    case '/feed/stream':
      response
        .writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
        .flushHeaders()
      stream(feed, response, after, ({ text }) => `${text}\n`)
      break
    case '/feed/long-poll':
      void hold(feed, response, after)
      return true
    case '/feed/poll':
      answer(feed, response, after)
      return true
    case '/feed/rate':
      rate(feed, request, response, url)
      return true
    default:
      return false
  }
  // A cut resets the connection in the middle of the stream; it does not end the body.
  if (cuts) later(response, between(CUT.least, CUT.most), () => response.socket?.resetAndDestroy())
  return true
}

function numberIn(text: string | string[] | null | undefined): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function stream(
  feed: Feed,
  response: ServerResponse,
  after: number | undefined,
  format: (event: { readonly seq: number; readonly text: string }) => string,
): void {
  if (after !== undefined) for (const event of feed.after(after)) response.write(format(event))
  response.once(
    'close',
    feed.listen((event) => response.write(format(event))),
  )
}

async function hold(feed: Feed, response: ServerResponse, after: number | undefined): Promise<void> {
  const since = after ?? feed.last
  if (feed.last <= since) {
    const given = new AbortController()
    const giveUp = () => given.abort()
    const timer = setTimeout(giveUp, HOLD)
    response.once('close', giveUp)
    await feed.next(given.signal)
    clearTimeout(timer)
    response.off('close', giveUp)
    // An event that follows at once comes with it.
    await Promise.resolve()
  }
  if (!response.destroyed) answer(feed, response, since)
}

/** Everything after an event. The first request of a client gets no event, only where to begin. */
function answer(feed: Feed, response: ServerResponse, after: number | undefined): void {
  const events = after === undefined ? [] : feed.after(after)
  const headers = { ...JSON_TYPE, [NEXT_FIELD]: String(events.at(-1)?.seq ?? after ?? feed.last) }
  if (events.length === 0) response.writeHead(204, headers).end()
  else response.writeHead(200, headers).end(`[${events.map(({ text }) => text).join(',')}]`)
}

/** `PUT /feed/rate?every=MS` sets the time between two events; both `GET` and `PUT` say what it is. */
function rate(feed: Feed, request: IncomingMessage, response: ServerResponse, url: URL): void {
  request.resume()
  const every = numberIn(url.searchParams.get('every'))
  if (request.method === 'PUT' && every !== undefined) feed.every = every
  response.writeHead(200, JSON_TYPE).end(JSON.stringify({ every: feed.every, ...EVERY }))
}

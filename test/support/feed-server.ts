/** One feed, served by five techniques, and captured by a real engine. */
import { createServer } from 'node:http'
import { Feed } from '../../demo/feed.ts'
import { feedSocket, serveFeed } from '../../demo/feed-endpoints.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { feedConnections } from '../../src/vscode/connect/demo-feed.ts'
import { capturedBy } from './diagnose.ts'
import { LiveEngine } from './live-engine.ts'
import { listen } from './loopback.ts'

export interface FeedServer {
  readonly feed: Feed
  readonly specs: ReturnType<typeof feedConnections>
  /** Cuts all connections. */
  cut(): void
}

/** Serves a feed whose events the test emits. */
export async function startFeedServer(): Promise<FeedServer> {
  const feed = new Feed()
  const sockets = feedSocket(feed, { cuts: false })
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://h')
    if (!serveFeed(feed, { cuts: false }, request, response, url)) response.writeHead(404).end()
  })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request)),
  )
  const host = `127.0.0.1:${await listen(server)}`
  return {
    feed,
    specs: feedConnections(host),
    cut() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
    },
  }
}

/** A live engine with connections to the feed, by their transports. */
export class CapturedFeed {
  readonly live = new LiveEngine()
  readonly server: FeedServer
  readonly #ids: number[] = []

  private constructor(server: FeedServer) {
    this.server = server
  }

  static async open(transports: readonly TransportName[], interval = 100): Promise<CapturedFeed> {
    const captured = new CapturedFeed(await startFeedServer())
    for (const spec of captured.server.specs)
      if (transports.includes(spec.transport)) {
        const timing = spec.transport === 'poll' ? { interval } : {}
        captured.#ids.push(await captured.live.connect({ ...spec, ...timing, reconnect: 20 }))
      }
    return captured
  }

  /** Emits events `every` ms, until each connection got the last of them. */
  async emit(count: number, every: number): Promise<void> {
    const { feed } = this.server
    for (let n = 0; n < count; n++) {
      feed.emit()
      await new Promise((resolve) => setTimeout(resolve, every))
    }
    const last = `"seq":${feed.last},`
    await this.until((events) =>
      this.#ids.every((id) => events.some((event) => isOn(event, id) && textOf(event).includes(last))),
    )
  }

  /** Waits until what was captured fulfils the condition. */
  async until(condition: (events: readonly RealtimeEvent[]) => boolean): Promise<void> {
    while (!condition(await this.events())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  events(): Promise<RealtimeEvent[]> {
    return capturedBy(this.live)
  }

  close(): Promise<void> {
    return this.live.close()
  }
}

function isOn(event: RealtimeEvent, id: number): boolean {
  return 'connection' in event && event.connection === id
}

function textOf(event: RealtimeEvent): string {
  return event.type === 'message' ? Buffer.from(event.payload).toString() : ''
}

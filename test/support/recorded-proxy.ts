/** Sessions that a recording proxy fills, as those of the engine and the terminal. */
import { SessionDecoder } from '../../src/decode/session-decoder.ts'
import { TrafficSources } from '../../src/engine/traffic/traffic-sources.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { Handlers } from '../../src/shared/protocol/rpc.ts'
import type { ProxyOptions, TrafficMethods } from '../../src/shared/protocol/traffic.ts'
import { type Session, startSession } from './looking-on.ts'

export interface ProxiedSession extends Session {
  /** `127.0.0.1:PORT` of the proxy. */
  readonly authority: string
  readonly handlers: Handlers<TrafficMethods>
}

const running: TrafficSources[] = []

/** A session without connections, and a proxy to `target` that records to it. */
export async function startProxied(target: string, options: ProxyOptions = {}): Promise<ProxiedSession> {
  const session = startSession()
  const sources = new TrafficSources(session.hub, () => {})
  running.push(sources)
  const { listening } = await sources.handlers.startProxy({ target, ...options })
  return { ...session, authority: new URL(listening).host, handlers: sources.handlers }
}

/** For `afterEach`: stops the proxies. */
export async function stopProxies(): Promise<void> {
  await Promise.all(running.splice(0).map((sources) => sources.stopAll()))
}

/** What the decoders make of events, without heartbeats: `out socket.io request sum`. Ids and bytes are left out. */
export async function decodedWords(events: readonly RealtimeEvent[]): Promise<string[]> {
  const decoder = new SessionDecoder()
  await decoder.loadAll()
  const words: string[] = []
  for (const [number, event] of events.entries())
    for (const { protocol, kind, name } of decoder.decode(number, event) ?? []) {
      if (kind === 'heartbeat') continue
      const direction = 'direction' in event ? event.direction : event.type
      words.push([direction, protocol, kind, name].filter(Boolean).join(' '))
    }
  return words
}

/** Which protocol a connection probably speaks, by its URL and the subprotocols that it asks for. */
import type { SpokenName } from './table.ts'

const SUBPROTOCOLS: readonly (readonly [RegExp, SpokenName])[] = [
  [/^graphql-transport-ws$/, 'graphql-transport-ws'],
  [/^graphql-ws$/, 'graphql-ws'],
  [/^mqtt/, 'mqtt'],
  [/^v1\d\.stomp$/, 'stomp'],
  [/^wamp\.2\.json$/, 'wamp'],
  [/^ocpp1\.6$/, 'ocpp'],
  [/^actioncable-v1-json$/, 'action-cable'],
]

/** Paths that servers of the protocol have unless they are configured otherwise, and the hosts of services. */
const URLS: readonly (readonly [RegExp, SpokenName])[] = [
  [/^\/socket\.io\/?(\?|$)/, 'socket.io'],
  [/^\/engine\.io\/?(\?|$)/, 'engine.io'],
  [/^\/primus\/?(\?|$)/, 'primus'],
  [/\/socket\/websocket\/?(\?|$)/, 'phoenix'],
  [/\/cable\/?(\?|$)/, 'action-cable'],
  [/\/connection\/websocket\/?(\?|$)/, 'centrifuge'],
  [/^\/app\/[^/?]+\?(.*&)?protocol=/, 'pusher'],
  [/^\/api\/websocket\/?(\?|$)/, 'home-assistant'],
  [/\/(?:cometd|faye|bayeux)\/?(\?|$)/, 'bayeux'],
  [/\/mqtt\/?(\?|$)/, 'mqtt'],
  [/\/stomp\/?(\?|$)/, 'stomp'],
  [/\/graphql\/?(\?|$)/, 'graphql-transport-ws'],
  [/\/mcp\/?(\?|$)/, 'mcp'],
]

/** Undefined if neither says anything. A subprotocol says more than a path. */
export function suggestedProtocol(url: string, subprotocols: readonly string[]): SpokenName | undefined {
  const find = (rows: typeof URLS, text: string) => rows.find(([pattern]) => pattern.test(text))?.[1]
  for (const subprotocol of subprotocols) {
    const found = find(SUBPROTOCOLS, subprotocol)
    if (found !== undefined) return found
  }
  if (!URL.canParse(url)) return undefined
  const { hostname, pathname, search } = new URL(url)
  if (hostname === 'gateway.discord.gg') return 'discord'
  return find(URLS, pathname + search)
}

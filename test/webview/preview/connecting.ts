/** What the fake host answers to calls for connecting. */
import type {
  ConnectingMethods,
  FormDraft,
  ListedPreset,
  RecentConnection,
} from '../../../src/shared/protocol/connecting.ts'
import type { Handlers } from '../../../src/shared/protocol/rpc.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export function inventedRecents(now = Date.now()): RecentConnection[] {
  return [
    { spec: { url: 'ws://localhost:3000/chat?room=dev' }, at: now - 2 * MINUTE, asks: false },
    { spec: { url: 'ws://localhost:3000/chat?room=ops' }, at: now - 3 * MINUTE, asks: false },
    {
      spec: { url: 'https://localhost:8080/status', transport: 'poll', interval: 2000 },
      at: now - 60 * MINUTE,
      asks: false,
    },
    {
      spec: {
        url: 'https://staging.example.com/events',
        transport: 'sse',
        headers: { Authorization: '***' },
      },
      at: now - 3 * DAY,
      asks: true,
    },
  ]
}

const DRAFT: FormDraft = {
  id: 1,
  spec: {
    url: 'https://api.example.com/v1/chat/completions',
    transport: 'sse',
    headers: { Authorization: '***', 'X-Request-Id': '5b0c6a1e' },
    body: '{"model":"demo-large","stream":true}',
  },
  known: ['Authorization'],
  authorization: 'bearer',
  certificates: {},
  isRemembered: true,
}

const PRESETS: readonly ListedPreset[] = [
  ...[preset('openai', 'OpenAI-compatible chat', 'sse')],
  ...[preset('socket.io', 'Socket.IO', 'websocket', 'socket.io')],
  ...[preset('consul', 'Consul blocking query', 'long-poll')],
  ...[preset('mqtt', 'MQTT over WebSocket', 'websocket', 'mqtt')],
]

function preset(
  name: string,
  title: string,
  transport: ListedPreset['transport'],
  protocol?: string,
): ListedPreset {
  const hint = `What ${title} sends`
  return { name, title, hint, transport, ...(protocol !== undefined && { protocol }) }
}

/** `note` records the calls. */
export function connectingCalls(
  note: (method: string, params: unknown) => void,
): Handlers<ConnectingMethods> {
  const noted =
    <Result>(method: string, result: Result) =>
    (params: unknown): Result => {
      note(method, params)
      return result
    }
  let recents = inventedRecents()
  return {
    connect: noted('connect', { id: 1 }),
    connectAs: noted('connectAs', { id: 2 }),
    recents: () => recents,
    connectRecent: noted('connectRecent', { id: 1 }),
    forgetRecent: (params) => {
      note('forgetRecent', params)
      recents = recents.filter((_, i) => i !== params.recent)
      return recents
    },
    recordings: () => [
      {
        path: 'golden.rtsession',
        size: 1_200_000,
        modified: Date.now() - 2 * DAY,
        connections: 4,
        duration: 130_000,
      },
      { path: 'captures/outage.har', size: 8_400_000, modified: Date.now() - 40 * DAY },
    ],
    presets: () => PRESETS,
    connectPreset: noted('connectPreset', { id: 1 }),
    openRecording: noted('openRecording', null),
    openWalkthrough: noted('openWalkthrough', null),
    openForm: (params) => {
      note('openForm', params)
      if (!('url' in params.source)) return DRAFT
      return { id: 2, spec: { url: params.source.url }, known: [], certificates: {}, isRemembered: false }
    },
    chooseFile: (params) => {
      note('chooseFile', params)
      return params.use === 'body' ? { name: 'body.json', body: '{"from":"file"}' } : { name: 'corp.pem' }
    },
    connectForm: noted('connectForm', { id: 2 }),
    forgetSecrets: noted('forgetSecrets', null),
  }
}

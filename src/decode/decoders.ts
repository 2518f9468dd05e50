/** The table of decoders. To add a sub-protocol, add a row. */
import type { Dialect } from '../shared/dialect.ts'
import type { Decoder } from './decoder.ts'
import { dialectDecoder } from './dialects/dialect-decoder.ts'
import { phoenix as phoenixDialect, trpc as trpcDialect } from './dialects/rows/frameworks.ts'
import { signalr as signalrDialect } from './dialects/rows/libraries.ts'
import { ably } from './dialects/rows/pubsub.ts'
import { wamp } from './dialects/rows/wamp.ts'
import { DIALECTS } from './dialects/table.ts'
import { json } from './json.ts'
import { eventStream } from './protocols/event-stream/event-stream.ts'
import { LANGUAGE_MODELS } from './protocols/language-models/vendors.ts'
import { mqtt } from './protocols/mqtt/mqtt.ts'
import { nats } from './protocols/nats/nats.ts'
import { cbor } from './protocols/payloads/cbor.ts'
import { inMsgpackOrCbor } from './protocols/payloads/in-json.ts'
import { msgpack } from './protocols/payloads/msgpack.ts'
import { protobuf } from './protocols/payloads/protobuf/protobuf.ts'
import { phoenixWith } from './protocols/phoenix/phoenix.ts'
import { signalR } from './protocols/signalr/signalr.ts'
import { engineIo, socketIo } from './protocols/socket-io/socket-io.ts'
import { sockJs } from './protocols/sockjs.ts'
import { stomp } from './protocols/stomp/stomp.ts'
import { trpcWith } from './protocols/trpc/trpc.ts'
import { xmpp } from './protocols/xmpp/xmpp.ts'
import { hocuspocus } from './protocols/yjs/hocuspocus.ts'
import { yjs } from './protocols/yjs/yjs.ts'

/** Dialects that have a second form, such as another encoding. */
const SECOND_FORMS = new Map([
  [signalrDialect, signalR],
  [phoenixDialect, phoenixWith],
  [trpcDialect, trpcWith],
  [wamp, inMsgpackOrCbor],
  [ably, inMsgpackOrCbor],
])

const JSON_DIALECTS: readonly Decoder[] = DIALECTS.map((dialect) => {
  const decoder = dialectDecoder(dialect)
  return SECOND_FORMS.get(dialect)?.(decoder) ?? decoder
})

/** Protocols that run inside SockJS. */
export const IN_SOCKJS: readonly Decoder[] = [stomp, ...JSON_DIALECTS]

/** In order of precedence. The last decoder takes every connection that no other recognizes. */
export const DECODERS: readonly Decoder[] = [
  socketIo,
  engineIo,
  sockJs(IN_SOCKJS),
  mqtt,
  nats,
  stomp,
  xmpp,
  yjs,
  hocuspocus,
  eventStream,
  ...LANGUAGE_MODELS,
  ...JSON_DIALECTS,
  msgpack,
  cbor,
  protobuf,
  json,
]

/** The table, with users' own dialects first. */
export function decodersWith(dialects: readonly Dialect[] = []): readonly Decoder[] {
  return dialects.length === 0 ? DECODERS : [...dialects.map(dialectDecoder), ...DECODERS]
}

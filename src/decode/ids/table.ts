/** The table of protocols whose ids are known. */
import type { Dialect } from '../../shared/dialect.ts'
import { IN_SOCKJS } from '../decoders.ts'
import { signalr } from '../dialects/rows/libraries.ts'
import { DIALECTS } from '../dialects/table.ts'
import { dialectIds } from './dialect-ids.ts'
import type { ProtocolIds } from './ids.ts'
import { mqttIds } from './mqtt-ids.ts'
import { natsIds } from './nats-ids.ts'
import { signalRIds } from './signalr-ids.ts'
import { engineIoIds, socketIoIds } from './socket-io/socket-io-ids.ts'
import { sockJsIds } from './sockjs-ids.ts'
import { stompIds } from './stomp-ids.ts'
import { xmppIds } from './xmpp-ids.ts'
import { hocuspocusIds, yjsIds } from './yjs/yjs-ids.ts'

/** Protocols by the names of their decoders. */
export type IdTable = ReadonlyMap<string, ProtocolIds>

const PROTOCOLS: readonly ProtocolIds[] = [
  socketIoIds,
  engineIoIds,
  mqttIds,
  natsIds,
  stompIds,
  xmppIds,
  yjsIds,
  hocuspocusIds,
  ...DIALECTS.map((dialect) => (dialect === signalr ? signalRIds(dialectIds(dialect)) : dialectIds(dialect))),
]

function tableOf(protocols: readonly ProtocolIds[]): IdTable {
  return new Map(protocols.map((protocol) => [protocol.name, protocol]))
}

function withSockJs(table: IdTable): IdTable {
  const inner = IN_SOCKJS.flatMap((decoder) => {
    const protocol = table.get(decoder.name)
    return protocol === undefined ? [] : [{ decoder, protocol }]
  })
  return new Map([...table, ...tableOf([sockJsIds(inner)])])
}

const BUILT_IN: IdTable = withSockJs(tableOf(PROTOCOLS))

/** The table, with users' own dialects, which come before the built-in protocols of the same name. */
export function idTableWith(dialects: readonly Dialect[] = []): IdTable {
  return dialects.length === 0 ? BUILT_IN : new Map([...BUILT_IN, ...tableOf(dialects.map(dialectIds))])
}

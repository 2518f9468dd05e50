/** The protocols that can be spoken, by name. */
import type { SpokenName } from '../shared/spoken/table.ts'
import { actionCable } from './protocols/action-cable.ts'
import { bayeux } from './protocols/bayeux.ts'
import { ddp, jsonRpc, ocpp, trpc } from './protocols/calls.ts'
import { centrifuge } from './protocols/centrifuge.ts'
import { engineIo } from './protocols/engine-io.ts'
import { graphqlTransportWs, graphqlWs } from './protocols/graphql.ts'
import { mcp } from './protocols/mcp.ts'
import { mqtt } from './protocols/mqtt.ts'
import { nats } from './protocols/nats.ts'
import { nes } from './protocols/nes.ts'
import { phoenix } from './protocols/phoenix.ts'
import { primus } from './protocols/primus.ts'
import { pusher } from './protocols/pusher.ts'
import { discord, homeAssistant, slack } from './protocols/services.ts'
import { signalr } from './protocols/signalr.ts'
import { socketIo } from './protocols/socket-io.ts'
import { sockJs } from './protocols/sockjs.ts'
import { stomp } from './protocols/stomp.ts'
import { wamp } from './protocols/wamp.ts'
import type { SpokenProtocol } from './spoken-protocol.ts'

export const PROTOCOLS: Readonly<Record<SpokenName, SpokenProtocol>> = {
  'socket.io': socketIo,
  'engine.io': engineIo,
  sockjs: sockJs,
  'graphql-transport-ws': graphqlTransportWs,
  'graphql-ws': graphqlWs,
  mqtt,
  stomp,
  wamp,
  nats,
  'json-rpc': jsonRpc,
  mcp,
  signalr,
  phoenix,
  'action-cable': actionCable,
  bayeux,
  trpc,
  nes,
  primus,
  ocpp,
  pusher,
  centrifuge,
  ddp,
  'home-assistant': homeAssistant,
  discord,
  slack,
}

/** The protocols that a connection can speak. To add one, add a row; the compiler names the other table. */
import { bayeux, centrifuge, mqtt, nats, pusher, stomp, wamp } from './rows/brokers.ts'
import { ddp, jsonRpc, mcp, ocpp, signalr, trpc } from './rows/calls.ts'
import { actionCable, discord, homeAssistant, phoenix, slack } from './rows/channels.ts'
import { graphqlTransportWs, graphqlWs } from './rows/graphql.ts'
import { engineIo, nes, primus, socketIo, sockJs } from './rows/sockets.ts'
import type { SpokenTraits } from './traits.ts'

export const SPOKEN = {
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
} as const satisfies Readonly<Record<string, SpokenTraits>>

export type SpokenName = keyof typeof SPOKEN

export const SPOKEN_NAMES = Object.keys(SPOKEN) as readonly SpokenName[]

export function isSpoken(name: string): name is SpokenName {
  return Object.hasOwn(SPOKEN, name)
}

/** The table of JSON dialects. To add one, add a row. */
import type { Dialect } from '../../shared/dialect.ts'
import { centrifuge } from './rows/centrifuge.ts'
import { discord, nostr, slack } from './rows/chats.ts'
import { actionCable, phoenix, trpc } from './rows/frameworks.ts'
import { graphqlSse, graphqlTransportWs, graphqlWs } from './rows/graphql.ts'
import { jsonRpc, mcp } from './rows/json-rpc.ts'
import { ddp, nes, primus, signalr } from './rows/libraries.ts'
import { ably, bayeux, ocpp, pusher } from './rows/pubsub.ts'
import { binance, chromeDevTools, homeAssistant, openaiRealtime } from './rows/services.ts'
import { wamp } from './rows/wamp.ts'

/** In order of precedence: more specific ones come first. */
export const DIALECTS: readonly Dialect[] = [
  graphqlTransportWs,
  graphqlWs,
  graphqlSse,
  mcp,
  trpc,
  wamp,
  phoenix,
  actionCable,
  nes,
  primus,
  signalr,
  ddp,
  bayeux,
  pusher,
  ocpp,
  ably,
  centrifuge,
  nostr,
  discord,
  homeAssistant,
  binance,
  slack,
  chromeDevTools,
  openaiRealtime,
  jsonRpc,
]

import assert from 'node:assert/strict'
import { suggestedProtocol } from '../../../src/shared/spoken/suggested.ts'

describe('the protocol that a connection probably speaks', () => {
  for (const [url, subprotocols, protocol] of [
    ['ws://h/socket.io/?EIO=4&transport=websocket', [], 'socket.io'],
    ['https://h/socket.io', [], 'socket.io'],
    ['ws://h/chat', ['other', 'v12.stomp'], 'stomp'],
    ['ws://h/graphql', [], 'graphql-transport-ws'],
    ['ws://h/graphql', ['graphql-ws'], 'graphql-ws'],
    ['wss://h/mqtt', [], 'mqtt'],
    ['ws://h/socket/websocket?vsn=2.0.0', [], 'phoenix'],
    ['wss://ws-eu.pusher.com/app/abc?client=js&protocol=7', [], 'pusher'],
    ['wss://gateway.discord.gg/?v=10', [], 'discord'],
    ['https://h/mcp', [], 'mcp'],
    ['ws://h/app/main', [], undefined],
    ['ws://h/cables', ['chat.v2'], undefined],
    ['h', [], undefined],
  ] as const)
    it(`is ${protocol ?? 'unknown'} for ${url} ${subprotocols.join(', ')}`, () => {
      assert.equal(suggestedProtocol(url, subprotocols), protocol)
    })
})

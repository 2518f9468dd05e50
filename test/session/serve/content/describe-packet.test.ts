/** What is said of a recorded packet. */
import assert from 'node:assert/strict'
import { readPackets } from '../../../../src/session/packets/recorded-packets.ts'
import { describePacket } from '../../../../src/session/serve/content/describe-packet.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { recordingOf } from '../../../support/recording.ts'

/** A WebSocket on which the client sent these texts. */
function sent(subprotocol: string, ...texts: readonly string[]): RealtimeEvent[] {
  const url = 'ws://127.0.0.1/'
  const transport = 'websocket'
  return [
    { type: 'connect', connection: 1, time: 0, transport, url, attempt: 0, subprotocols: [subprotocol] },
    { type: 'open', connection: 1, time: 1, transport, status: 101, headers: {}, subprotocol },
    ...texts.map((text, index): RealtimeEvent => {
      const payload = Buffer.from(text)
      return { type: 'message', connection: 1, time: 2 + index, direction: 'out', opcode: 'text', payload }
    }),
  ]
}

async function descriptions(events: readonly RealtimeEvent[]): Promise<readonly string[]> {
  const found = await readPackets(recordingOf(events))
  return [...found.values()].flatMap(({ packets }) => packets.map(describePacket))
}

describe('a recorded packet', () => {
  it('is described by its name and its beginning', async () => {
    const events = sent('wamp.2.json', '[48,7,{},"com.sum",[1,2]]')
    assert.deepEqual(await descriptions(events), ['request com.sum: [48,7,{},"com.sum",[1,2]]'])
  })

  it('with credentials is only called by its name', async () => {
    const wamp = sent('wamp.2.json', '[1,"realm1",{"authmethods":["ticket"]}]', '[5,"open sesame",{}]')
    const xmpp = sent(
      'xmpp',
      '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">AGEAYg==</auth>',
    )
    const described = [...(await descriptions(wamp)), ...(await descriptions(xmpp))]
    assert.equal(described.length, 3)
    assert.doesNotMatch(described.join(), /sesame|AGEAYg/)
  })
})

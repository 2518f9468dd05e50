/** Peers that say anything at all, and users who change their mind. */
import assert from 'node:assert/strict'
import { SPOKEN, SPOKEN_NAMES, type SpokenName } from '../../src/shared/spoken/table.ts'
import { closeServers } from '../support/loopback.ts'
import { seededRandom } from '../support/splits.ts'
import { SpokenSession } from '../support/spoken.ts'
import { talk } from '../support/talking-peer.ts'

/** Messages that protocols begin with, for changes that get past the first byte. */
const BEGINNINGS: readonly (string | Uint8Array)[] = [
  '0{"sid":"a","pingInterval":100,"pingTimeout":100}',
  '44{"message":"no"}',
  '41',
  '2probe',
  'o',
  'c[3000,"Go away!"]',
  'a["x"]',
  '{"type":"connection_ack"}',
  '{"type":"hello","statusCode":500,"payload":null,"heartbeat":{"interval":-1}}',
  '[4,"wampcra",{"challenge":7,"salt":"s","iterations":1e300,"keylen":-5}]',
  '[3,null,null]',
  'CONNECTED\nversion:1.2\nheart-beat:1,1\n\n\0',
  'ERROR\nmessage:no\n\n\0',
  'INFO {}\r\nPONG\r\nMSG a 1 99999999999999999999\r\n',
  '{}\u001e{"type":7}\u001e',
  '{"type":"welcome"}',
  '{"type":"disconnect","reconnect":false}',
  '[{"channel":"/meta/handshake","successful":true,"advice":{"interval":1e400}}]',
  '[3,"1",{"status":"Accepted","interval":1e-9}]',
  '{"event":"pusher:connection_established","data":"{"}',
  '{"event":"pusher:error","data":{"code":4001}}',
  '{"id":1,"connect":{"ping":0.001,"pong":true}}\n{}\n\n{}',
  '{"msg":"connected"}',
  '{"op":10,"d":{"heartbeat_interval":1}}',
  Uint8Array.of(0x20, 2, 0, 0),
  Uint8Array.of(0x20, 2, 0, 99),
  Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f),
]

/** Answers that complete a handshake, after which a speaker sets timers. */
const REPEATED: readonly (readonly [SpokenName, string | Uint8Array])[] = [
  ['engine.io', '0{"sid":"a","pingInterval":25000,"pingTimeout":20000}'],
  ['mqtt', Uint8Array.of(0x20, 2, 0, 0)],
  ['ddp', '{"msg":"connected"}'],
  ['ocpp', '[3,"1",{"status":"Accepted","interval":60}]'],
  ['pusher', '{"event":"pusher:connection_established","data":"{}"}'],
]

describe('a speaker', () => {
  afterEach(closeServers)

  for (const [index, protocol] of SPOKEN_NAMES.filter((name) => name !== 'mcp').entries()) {
    it(`of ${protocol} survives whatever the peer says`, async () => {
      const random = seededRandom(index + 1)
      const session = new SpokenSession()
      const host = await talk(async (peer) => {
        for (let round = 0; round < 20; round++) {
          const chosen = BEGINNINGS[Math.floor(random() * BEGINNINGS.length)] ?? ''
          const bytes = Buffer.from(chosen)
          const kind = random()
          if (kind < 0.3) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 128)
          const cut = kind > 0.8 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
          peer.say(typeof chosen === 'string' ? cut.toString() : Uint8Array.from(cut))
        }
        peer.close(1000)
      })
      const required = SPOKEN[protocol].options.filter(
        (option) => 'isRequired' in option && option.isRequired,
      )
      const options = Object.fromEntries(required.map(({ name }) => [name, 'x']))
      for (let connections = 0; connections < 20; connections++) {
        const connection = session.connect({ url: `ws://${host}/`, protocol, protocolOptions: options })
        await connection.done
      }
      const codes = session.events.flatMap((event) => (event.type === 'error' ? [event.code] : []))
      assert.deepEqual(
        [...new Set(codes)].filter((code) => !['REFUSED', 'PROTOCOL', 'BAD_UTF8'].includes(code)),
        [],
      )
    })
  }

  it('ends the attempt if the peer repeats its handshake', async () => {
    for (const [protocol, answer] of REPEATED) {
      const session = new SpokenSession()
      const host = await talk(async (peer) => {
        for (let n = 0; n < 100; n++) peer.say(answer)
      })
      const connection = session.connect({ url: `ws://${host}/`, protocol })
      const { reason } = await connection.done
      assert.match(reason, /the server repeats its handshake/, protocol)
    }
  })

  it('does not derive a key that takes long, or several keys', async () => {
    const challenges = (iterations: number) =>
      JSON.stringify([4, 'wampcra', { challenge: 'nonce', salt: 'salt', iterations, keylen: 32 }])
    for (const [says, why] of [
      [[challenges(1e9)], /1000000000 iterations, which is too much/],
      [[challenges(1), challenges(1)], /the router sent a second challenge/],
    ] as const) {
      const session = new SpokenSession()
      const host = await talk(async (peer) => {
        for (const each of says) peer.say(each)
      })
      const protocolOptions = { secret: 'secret' }
      const connection = session.connect({ url: `ws://${host}/`, protocol: 'wamp', protocolOptions })
      const { reason } = await connection.done
      assert.match(reason, why)
    }
  })

  it('is not made if the user ends the connection at once', async () => {
    const session = new SpokenSession()
    let clients = 0
    const host = await talk(async () => {
      clients++
    })
    const connection = session.connect({ url: `ws://${host}/`, protocol: 'mqtt' })
    await connection.disconnect()
    assert.equal(connection.status().state, 'closed')
    assert.deepEqual(
      session.events.map(({ type }) => type),
      ['connect', 'close'],
    )
    assert.equal(clients, 0)
  })
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import WebSocket from 'ws'
import type { GatedMessage, GateExit, MessageGate } from '../../../src/proxy/message-gate.ts'
import type { GateFor } from '../../../src/proxy/websocket/gated-direction.ts'
import { closeServers, serveWebSocket } from '../../support/loopback.ts'
import { relayTo } from './support.ts'

/** A gate that passes messages on when the test says so. */
class Gate implements MessageGate {
  readonly exit: GateExit
  readonly taken: GatedMessage[] = []
  readonly #decide: (message: GatedMessage, exit: GateExit, n: number) => void

  constructor(exit: GateExit, decide: (message: GatedMessage, exit: GateExit, n: number) => void) {
    this.exit = exit
    this.#decide = decide
  }

  take(message: GatedMessage): void {
    this.#decide(message, this.exit, this.taken.push(message) - 1)
  }

  behind(pass: () => void): void {
    pass()
  }

  stop(): void {}
}

/** A gate of what the server sends; what the client sends passes through one that changes nothing. */
function gateIn(decide: (message: GatedMessage, exit: GateExit, n: number) => void): GateFor {
  return (direction, exit) =>
    new Gate(
      exit,
      direction === 'in'
        ? decide
        : (message, out) => {
            out.record(message, [])
            out.write(message)
          },
    )
}

function received(client: WebSocket): string[] {
  const messages: string[] = []
  client.on('message', (data) => messages.push(String(data)))
  return messages
}

for (const perMessageDeflate of [false, { threshold: 0 }])
  describe(`the gates of a relay ${perMessageDeflate ? 'with' : 'without'} compression`, () => {
    afterEach(closeServers)

    /** An echo server behind a relay, and a client of it. */
    async function open() {
      const target = await serveWebSocket(
        (socket) => socket.on('message', (data) => socket.send(String(data))),
        {
          perMessageDeflate,
        },
      )
      const relay = await relayTo(target)
      const client = new WebSocket(relay.url, { perMessageDeflate })
      const messages = received(client)
      await once(client, 'open')
      return { relay, client, messages }
    }

    it('drops, changes, repeats and reorders messages, and records what was done', async () => {
      const { relay, client, messages } = await open()
      let late: GatedMessage | undefined
      relay.relays[0]?.setGates(
        gateIn((message, exit, n) => {
          if (n === 1) exit.record(message, ['drop'])
          else if (n === 2) {
            exit.record(message, ['edit'], Buffer.from('other'))
            exit.write(message, Buffer.from('other'))
          } else if (n === 4) late = message
          else {
            exit.record(message, [])
            exit.write(message)
          }
          if (n === 3) exit.write(message)
          if (n === 5 && late !== undefined) {
            exit.record(late, ['reorder'])
            exit.write(late)
          }
        }),
      )
      const sent = Array.from({ length: 8 }, (_, n) => `message ${n}, much like the one before it`)
      for (const text of sent) client.send(text)
      while (messages.length < 8) await once(client, 'message')
      client.close()
      const events = await relay.closed()
      const expected = [0, 3, 3, 5, 4, 6, 7].map((n) => sent[n])
      assert.deepEqual(messages, [expected[0], 'other', ...expected.slice(1)])
      assert.deepEqual(
        events.flatMap((event) =>
          event.type === 'message' && event.direction === 'in' && event.faults ? [event.faults] : [],
        ),
        [['drop'], ['edit'], ['reorder']],
      )
      const close = events.at(-1)
      assert.ok(close?.type === 'close' && close.code === 1005 && close.by === 'client')
    })

    it('begin between two messages, and end without a trace', async () => {
      const { relay, client, messages } = await open()
      const taken: string[] = []
      const gates = gateIn((message, exit) => {
        taken.push(String(Buffer.from(message.event.payload)))
        exit.record(message, ['seen'])
        exit.write(message)
      })
      const text = 'x'.repeat(100_000)
      const send = (from: number, to: number) => {
        for (let n = from; n < to; n++) client.send(`${n} ${text}`)
      }
      send(0, 40)
      await once(client, 'message')
      relay.relays[0]?.setGates(gates)
      while (taken.length < 5) await once(client, 'message')
      relay.relays[0]?.setGates(undefined)
      send(40, 60)
      while (messages.length < 60) await once(client, 'message')
      client.close()
      const events = await relay.closed()
      assert.deepEqual(
        messages,
        Array.from({ length: 60 }, (_, n) => `${n} ${text}`),
      )
      const numbers = (direction: string) =>
        events.flatMap((event) =>
          event.type === 'message' && event.direction === direction
            ? [Number.parseInt(String(Buffer.from(event.payload)), 10)]
            : [],
        )
      const all = Array.from({ length: 60 }, (_, n) => n)
      assert.deepEqual([numbers('in'), numbers('out')], [all, all])
      assert.ok(taken.length > 0 && taken.length < 60, `${taken.length} were taken`)
    })
  })

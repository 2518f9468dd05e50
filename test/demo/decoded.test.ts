/** What the inspector says of the demo's streams with a protocol. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Demo, startDemo } from '../../demo/server.ts'
import { SessionAnswers } from '../../src/decode/model-answers/session-answers.ts'
import type { SessionEvent } from '../../src/vscode/api.ts'
import { decodeRecording, eventsOf } from '../decode/expected.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { playDemo } from './scripted.ts'

describe("the demo's streams with a protocol", () => {
  let demo: Demo
  let live: LiveEngine

  before(async () => {
    demo = await startDemo(0)
    live = new LiveEngine({ keepsUp: true })
  })
  after(async () => {
    await live.close()
    await demo.stop()
  })

  /** Plays the connection whose path is given, saves the session, and decodes it. */
  async function decodedOf(path: string, isDone: (events: readonly SessionEvent[]) => boolean) {
    const connections = demo.connections.filter(({ url }) => new URL(url).pathname === path)
    await playDemo(live, connections, isDone)
    const file = join(live.folder, `demo${connections.length}.rtsession`)
    await live.engine.handlers.save({ path: file, reveal: [], part: null })
    await live.engine.handlers.clear(null)
    const recording = await decodeRecording(file)
    for (const connection of recording.connections)
      assert.equal(recording.session.problemOf(connection), undefined)
    return { decoded: recording.decoded, file }
  }

  const hasTexts = (wanted: RegExp, count: number) => (events: readonly SessionEvent[]) =>
    events.filter(({ text }) => text !== undefined && wanted.test(text)).length >= count

  it('show acknowledgments both ways with their latency, and a request without one', async () => {
    const { decoded } = await decodedOf('/socket.io/', hasTexts(/"offer"/, 7))
    const sum = decoded.find(({ kind, name }) => kind === 'ack' && name === 'sum')
    const first = decoded
      .slice(0, 12)
      .map(({ kind, name, id, answers }) => [kind, name, id, answers].join(' '))
    assert.deepEqual(sum?.value, [42], first.join('\n'))
    assert.ok(Number(sum?.latency) >= 20)
    const named = (wanted: string, kind: string) =>
      decoded.filter((event) => event.name === wanted && event.kind === kind)
    assert.ok(named('confirm', 'ack').length > 0)
    assert.ok(named('confirm', 'ack').every(({ answers }) => answers !== undefined))
    // The fifth request of all is the fourth purchase.
    const bought = named('buy', 'ack').map(({ id }) => id)
    assert.ok(bought.includes('3') && bought.includes('5') && !bought.includes('4'), bought.join())
    const pongs = decoded.filter(({ kind, name }) => kind === 'heartbeat' && name === 'pong')
    assert.ok(pongs.length > 0 && pongs.every(({ answers }) => answers !== undefined))
  })

  it('show two subscriptions, one that is complete, and an error', async () => {
    const { decoded } = await decodedOf('/graphql', hasTexts(/"type":"error"/, 1))
    const brief = new Set(decoded.map(({ kind, name }) => `${kind} ${name}`))
    for (const wanted of [
      'subscribe OnPrice',
      'subscribe Countdown',
      'data OnPrice',
      'data Countdown',
      'complete Countdown',
      'error OnVolume',
    ])
      assert.ok(brief.has(wanted), `${wanted} is not among ${[...brief].join(', ')}`)
  })

  it('show the answer of a language model that stalls once', async () => {
    const { decoded, file } = await decodedOf('/v1/chat/completions', (events) =>
      events.some(({ type }) => type === 'close'),
    )
    const answers = new SessionAnswers()
    const events = await eventsOf(file)
    for (const [number, event] of events.entries())
      if ('connection' in event)
        answers.decoded(
          event.connection,
          number,
          event.time,
          decoded.filter(({ line }) => line === number + 2),
        )
    const [{ connection, index } = assert.fail('no answer')] = answers.list()
    const answer = answers.answer(connection, index) ?? assert.fail()
    const textOf = (part: string) =>
      answer.next
        .filter((each) => each.part === part)
        .map(({ text }) => text)
        .join('')
    assert.match(textOf('reasoning'), /^The user compares .* look\.$/)
    assert.match(textOf('content'), /^\*\*ACME\*\* has moved .* prices\.$/)
    const { protocol, stopReason, usage, stallCount, stalls, calls } = answer
    assert.deepEqual([protocol, stopReason], ['openai', 'tool_calls'])
    assert.deepEqual(usage, { input: 24, output: 61, reasoning: 23 })
    assert.deepEqual(
      calls.map(({ name, value }) => [name, value]),
      [['get_quotes', { symbols: ['ACME', 'GLOBEX'], venue: 'XLON' }]],
    )
    assert.equal(stallCount, 1)
    assert.ok(Number(stalls[0]?.ms) >= 1900)
  })
})

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExchangeList } from '../../../src/shared/protocol/exchanges.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { DecodedFile, FOLDER } from './support.ts'

const ALL = { from: 0, to: 1e9 }

describe('requests and answers of a session, for the timeline', () => {
  let file: DecodedFile

  afterEach(async () => {
    await file.call.shutdown(null)
    removeTempDirs()
  })

  /** What is known once everything has been read. */
  async function exchanges(name: string, span = ALL): Promise<ExchangeList> {
    file = await DecodedFile.open(`${name}.rtsession`)
    return await again(span)
  }

  async function again(span = ALL): Promise<ExchangeList> {
    const connections = file.engine.status().connections.map(({ id }) => id)
    for (;;) {
      const list = await file.call.exchanges({ ...span, connections })
      if (list.isCurrent) return list
      await new Promise((done) => setTimeout(done, 10))
    }
  }

  const namesOf = ({ lanes }: ExchangeList) => lanes.flatMap((lane) => lane.exchanges.map(({ name }) => name))

  it('have the times and numbers of the events that ask and answer', async () => {
    const { lanes, rows } = await exchanges('socketio')
    const sum = lanes[0]?.exchanges.find(({ name }) => name === 'sum')
    assert.deepEqual(sum, {
      index: 6,
      start: 191.773,
      end: 200.336,
      answer: 7,
      answers: 1,
      isStream: false,
      isOver: true,
      hasFailed: false,
      kind: 'request',
      name: 'sum',
    })
    const conversation = await file.call.conversation({ index: 6 })
    assert.equal(conversation?.answers[0]?.index, sum?.answer)
    assert.deepEqual(rows, [
      [1, 1],
      [2, 1],
    ])
    assert.equal(lanes[0]?.heartbeats.length, 2)
    const { calls, subscriptions } = lanes[0]?.figures ?? assert.fail('the lane has figures')
    assert.equal(subscriptions, 0)
    // `exchanges` has handshakes, too, and what the server asks.
    const asked = lanes[0].exchanges.filter(({ kind, name }) => kind === 'request' && name !== 'question')
    assert.equal(calls.requests, asked.length)
    assert.equal(calls.answered, asked.filter(({ answer }) => answer !== null).length)
  })

  it('are those of a part of the session, with the subscriptions that go on in it', async () => {
    const { lanes, rows } = await exchanges('graphqlws')
    // Subscriptions were under way at the same time.
    assert.deepEqual(rows, [[1, 2]])
    const long = lanes[0]?.exchanges.find(({ name }) => name === 'Long')
    assert.deepEqual(
      [long?.isStream, long?.isOver, long?.kind, long?.answers],
      [true, false, 'subscribe', 17],
    )
    const over = lanes[0]?.exchanges.find(({ name }) => name === 'Ticks')
    // What says that there are no more is not counted.
    assert.deepEqual([over?.isStream, over?.isOver, over?.answers], [true, true, 4])
    const rejected = lanes[0]?.exchanges.find(({ name }) => name === 'nosuchfield')
    assert.deepEqual([rejected?.isStream, rejected?.hasFailed], [false, true])
    assert.deepEqual(namesOf(await again({ from: 1000, to: 1100 })), ['Long'])
    assert.deepEqual(namesOf(await again({ from: 105, to: 113 })), ['boom'])
  })

  it('stand on the connection that asked, if the answer came on another one', async () => {
    const { lanes, rows } = await exchanges('mcp')
    const calls = lanes.filter((lane) => lane.exchanges.some(({ name }) => name.startsWith('tools/call ')))
    assert.equal(calls.length, 4)
    assert.ok(calls.every(({ exchanges: [call] }) => call !== undefined && call.end > call.start))
    assert.ok(rows.every(([, count]) => count === 1))
    assert.ok(namesOf({ lanes, rows, isCurrent: true }).includes('tools/call add'))
  })

  it('are compared with those of the client on other connections, if each has its own', async () => {
    const recorded = readFileSync(join(FOLDER, 'mcp.rtsession'), 'utf8').trimEnd().split('\n')
    // The call of `add` once more, a second later.
    const repeated = recorded
      .filter((line) => line.includes('"connection":5,'))
      .map((line) => {
        const event = JSON.parse(line.replaceAll(/("id\\*":)2\}/g, '$199}')) as { time: number }
        return JSON.stringify({ ...event, connection: 50, time: event.time + 3000 })
      })
    const path = join(tempDir(), 'twice.rtsession')
    writeFileSync(path, `${[...recorded, ...repeated].join('\n')}\n`)
    file = await DecodedFile.open(path)
    const { lanes } = await again()
    const [first, second] = lanes.flatMap((lane) =>
      lane.exchanges.filter(({ name }) => name === 'tools/call add').map(({ index }) => index),
    )
    for (const index of [first, second]) {
      const { figures } = (await file.call.conversation({ index: index ?? 0 })) ?? {}
      assert.deepEqual([figures?.requests, figures?.answered], [2, 2])
    }
  })

  it('include the answers of language models', async () => {
    const { lanes } = await exchanges('openai-chat')
    const [answer] = lanes[0]?.answers ?? []
    assert.deepEqual(answer, {
      start: 6.078,
      first: 243.56,
      end: 709.583,
      isGrowing: false,
      request: 0,
      runs: [
        { part: 'content', from: 243.56, to: 525.004 },
        { part: 'tool_call', from: 595.937, to: 709.583 },
      ],
      stalls: [],
    })
  })

  it('have no answers that a replay has not reached', async () => {
    await exchanges('graphqlws')
    await file.call.replay({ do: 'seek', time: 200 })
    const { lanes } = await again()
    const ticks = lanes[0]?.exchanges.find(({ name }) => name === 'Ticks')
    assert.deepEqual([ticks?.answer, ticks?.answers], [null, 0])
    assert.ok(lanes[0]?.exchanges.every(({ start, end }) => start <= 200 && end <= 200))
    assert.equal(lanes[0]?.figures, null)
  })
})

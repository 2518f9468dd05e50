import assert from 'node:assert/strict'
import { TRANSPORTS } from '../../../src/shared/transports.ts'
import { cliTests, runCli } from '../../support/cli.ts'
import { CapturedFeed } from '../../support/feed-server.ts'
import { message, opened } from '../../support/recording.ts'
import { writeSession } from '../../support/recording-file.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('techniques', () => {
  cliTests()

  it('is JSON with the documented names with --format json', async () => {
    const captured = await CapturedFeed.open(TRANSPORTS)
    await captured.emit(12, 20)
    const file = writeSession(tempDir(), 'feed.rtsession', await captured.events())
    await captured.live.engine.handlers.shutdown(null)
    const { code, stdout, stderr } = await runCli(['techniques', file, '--format', 'json'])
    assert.deepEqual([code, stderr], [0, ''])
    const { connections, advice, feed } = JSON.parse(stdout)
    assert.deepEqual(
      connections.map(({ transport }: { transport: string }) => transport).toSorted(),
      [...TRANSPORTS].toSorted(),
    )
    for (const connection of connections)
      for (const name of [
        ...[
          'id',
          'transport',
          'events',
          'requests',
          'emptyShare',
          'overheadPerEvent',
          'latency',
          'reconnects',
        ],
        'lost',
      ])
        assert.ok(name in connection, name)
    assert.equal(feed.by, 'content')
    assert.equal(feed.connections.length, TRANSPORTS.length)
    assert.equal(advice.length, TRANSPORTS.length)
    for (const { because } of advice) assert.ok(because.length > 0)

    const text = await runCli(['techniques', file, '--clients-send', 'always'])
    assert.equal(text.code, 0)
    assert.match(text.stdout, /^One feed on 5 connections: /)
    assert.match(text.stdout, /\n {2}1\. WebSocket: both directions/)
    assert.match(text.stdout, /because clients send all the time/)
    assert.match(text.stdout, /\(RFC 6455, section 1\.1, https:\/\//)
  })

  it('compares the connections that are chosen, and names those that do not exist', async () => {
    const feedOn = (connection: number) => [
      ...opened(connection),
      ...Array.from({ length: 20 }, (_, n) => message(10 + n * 10, { connection, n }, { connection })),
    ]
    const file = writeSession(tempDir(), 'two.rtsession', [...feedOn(1), ...feedOn(2)])
    const alone = JSON.parse((await runCli(['techniques', file, '--format', 'json'])).stdout)
    assert.deepEqual([alone.feed.by, alone.feed.connections], ['busiest', [1]])
    assert.match(alone.missing.join(), /No two connections carry the same events/)
    const { stdout, stderr } = await runCli([
      'techniques',
      file,
      '--format',
      'json',
      '--connections',
      '1,2,7',
    ])
    const { feed, connections } = JSON.parse(stdout)
    assert.deepEqual([feed.by, feed.connections], ['chosen', [1, 2]])
    assert.equal(connections[0].latency.count, 20)
    assert.match(stderr, /no connection 7/)
  })

  it('says what is missing instead of advice', async () => {
    const file = writeSession(tempDir(), 'few.rtsession', [...opened(), message(10, { n: 1 })])
    const { code, stdout } = await runCli(['techniques', file])
    assert.equal(code, 0)
    assert.match(
      stdout,
      /What is missing\n {2}Advice needs at least 10 events on one connection, and 1.event came/,
    )
    assert.doesNotMatch(stdout, /Which fits/)
  })

  it('refuses answers that it does not know', async () => {
    const { code, stderr } = await runCli(['techniques', 'x', '--clients-send', 'often'])
    assert.equal(code, 2)
    assert.match(stderr, /no, sometimes, always/)
  })
})

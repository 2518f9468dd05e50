import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliTests, runCli, startCli } from '../support/cli.ts'
import { conversation, message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('compare', () => {
  cliTests()
  let folder: string

  beforeEach(() => {
    folder = tempDir()
  })

  const files = (a: readonly unknown[], b: readonly unknown[]) => [
    writeSession(folder, 'a.rtsession', conversation(a)),
    writeSession(folder, 'b.rtsession', conversation(b)),
  ]

  it('ends with 0 if the sessions are the same', async () => {
    const result = await runCli(['compare', ...files(['x', { a: 1 }], ['x', { a: 1 }])])
    assert.deepEqual(
      [result.code, result.stdout, result.stderr],
      [0, 'The sessions are the same: 2 messages on 1 connection.\n', ''],
    )
  })

  it('ends with 1 if they differ, with the differences and one sentence on standard error', async () => {
    const { code, stdout, stderr } = await runCli([
      'compare',
      ...files(
        ['one', 'two', { price: 1, deep: { a: true } }, 'four', 'five'],
        ['one', { price: 2, deep: {} }, 'four', 'six\x1b[31m', 'five'],
      ),
    ])
    assert.equal(code, 1)
    assert.equal(stderr, 'The sessions differ: 1 missing, 1 extra, 1 changed.\n')
    assert.match(stdout, /^Connection 1 \(websocket ws:\/\/localhost:8080\/feed\)\n/)
    assert.match(stdout, /- #4 +0\.020 ↓ missing +two\n/)
    assert.match(stdout, /~ #5→#4 +0\.030 ↓ changed +\{"price":1/)
    assert.match(stdout, /\n +\$\.price: 1 → 2\n +\$\.deep\.a: true → absent\n/)
    assert.match(stdout, /\+ #6 +0\.040 ↓ extra +six␛\[31m\n/)
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u)
  })

  it('ignores what one or several JSONPaths select', async () => {
    const both = files([{ t: 1, id: 1, v: 1 }], [{ t: 2, id: 2, v: 1 }])
    assert.equal((await runCli(['compare', ...both, '--ignore', '$.t'])).code, 1)
    assert.equal((await runCli(['compare', ...both, '--ignore', '$.t', '--ignore', '$..id'])).code, 0)
  })

  it('compares IDs only by what they belong to with --normalize-ids', async () => {
    const call = (id: number, method: string) => ({ jsonrpc: '2.0', method, id })
    const both = files(
      [call(1, 'a'), call(2, 'b'), { jsonrpc: '2.0', method: '$/ping', id: 3 }],
      [call(7, 'a'), call(8, 'b')],
    )
    assert.equal((await runCli(['compare', ...both, '--ignore-messages', 'name:$/ping'])).code, 1)
    const { code, stdout } = await runCli([
      ...['compare', ...both, '--normalize-ids', '--ignore-messages', 'name:$/ping'],
    ])
    assert.deepEqual([code, stdout], [0, 'The sessions are the same: 2 messages on 1 connection.\n'])
  })

  it('knows the ids of the protocols that --protocols describes', async () => {
    const both = files([{ op: 'go', run: 'x1' }], [{ op: 'go', run: 'x2' }])
    const protocols = path.join(folder, 'protocols.json')
    const rule = { kind: 'event', when: { '$.op': 'go' } }
    const recognize = [{ message: { '$.op': 'go' } }]
    const acme = { name: 'acme', recognize, messages: [rule], ids: { run: '$.run' } }
    writeFileSync(protocols, JSON.stringify([acme]))
    assert.equal((await runCli(['compare', ...both, '--normalize-ids'])).code, 1)
    assert.equal((await runCli(['compare', ...both, '--normalize-ids', '--protocols', protocols])).code, 0)
  })

  it('refuses a filter for messages to ignore that is not one', async () => {
    const { code, stderr } = await runCli(['compare', ...files(['x'], ['x']), '--ignore-messages', 'name:'])
    assert.equal(code, 2)
    assert.match(stderr, /^error: The filter for messages to ignore does not work\. /)
  })

  it('refuses an empty filter for messages to ignore, so that not all of them are ignored', async () => {
    const { code, stderr } = await runCli(['compare', ...files(['x'], ['y']), '--ignore-messages', ' '])
    assert.equal(code, 2)
    assert.match(stderr, /^error: The filter for messages to ignore is empty/)
  })

  it('compares times only with --timing-tolerance', async () => {
    const at = (time: number) => [...opened(), message(10, 'a'), message(time, 'b')]
    const both = [writeSession(folder, 'a.rtsession', at(20)), writeSession(folder, 'b.rtsession', at(500))]
    assert.equal((await runCli(['compare', ...both])).code, 0)
    assert.equal((await runCli(['compare', ...both, '--timing-tolerance', '1000'])).code, 0)
    const { code, stdout, stderr } = await runCli(['compare', ...both, '--timing-tolerance', '100'])
    assert.deepEqual([code, stderr], [1, 'The sessions differ: 1 late.\n'])
    assert.match(stdout, /late by 480 ms/)
  })

  it('prints JSON with the documented names with --format json', async () => {
    const { code, stdout } = await runCli([
      'compare',
      ...files(['a', { v: 1 }, 'c', 'd'], [{ v: 2 }, 'c', 'd', 'a']),
      '--format',
      'json',
    ])
    assert.equal(code, 1)
    const result = JSON.parse(stdout)
    assert.equal(result.same, false)
    assert.deepEqual(result.counts, {
      same: 2,
      changed: 1,
      missing: 0,
      extra: 0,
      late: 0,
      early: 0,
      lifecycle: 0,
      missingConnections: 0,
      extraConnections: 0,
      reordered: 1,
    })
    assert.deepEqual(result.connections, [
      {
        a: { id: 1, transport: 'websocket', url: 'ws://localhost:8080/feed' },
        b: { id: 1, transport: 'websocket', url: 'ws://localhost:8080/feed' },
        messages: { a: 4, b: 4 },
        lifecycle: [],
      },
    ])
    assert.deepEqual(result.differences, [
      {
        kind: 'reordered',
        direction: 'in',
        a: { connection: 1, event: 3, time: 10, size: 1, text: 'a' },
        b: { connection: 1, event: 6, time: 40, size: 1, text: 'a' },
      },
      {
        kind: 'changed',
        direction: 'in',
        a: { connection: 1, event: 4, time: 20, size: 7, text: '{"v":1}' },
        b: { connection: 1, event: 3, time: 10, size: 7, text: '{"v":2}' },
        changes: [{ path: '$.v', before: 1, after: 2 }],
      },
    ])
  })

  it('lists up to --max-differences, and counts all', async () => {
    const many = Array.from({ length: 300 }, (_, n) => `message ${n}`)
    const both = files(many, [])
    const { stdout, stderr } = await runCli(['compare', ...both, '--max-differences', '3'])
    assert.equal(stdout.match(/missing/g)?.length, 3)
    assert.match(stdout, /… and 297 more/)
    assert.match(stderr, /: 300 missing\./)
    assert.equal((await runCli(['compare', ...both])).stdout.match(/missing/g)?.length, 100)
  })

  it('finds a recording and its HAR the same', async () => {
    const [a] = files(['x', Buffer.from([0xff, 0])], [])
    const har = path.join(folder, 'a.har')
    assert.equal((await runCli(['convert', a ?? '', har])).code, 0)
    const { code, stderr } = await runCli(['compare', a ?? '', har, '--timing-tolerance', '0'])
    assert.deepEqual([code, stderr], [0, ''])
  })

  it('says what it cannot read of a file, and compares the rest', async () => {
    const [a = '', b = ''] = files(['x'], ['x'])
    appendFileSync(b, '{"type":"message","conn')
    const { code, stderr } = await runCli(['compare', a, b])
    assert.equal(code, 0)
    assert.match(stderr, /^\S+b\.rtsession: The last line .+ cut short.+\n$/)
  })

  it('ends with 1 and a sentence if a file cannot be read', async () => {
    const [a = ''] = files(['x'], [])
    const other = path.join(folder, 'x.rtsession')
    writeFileSync(other, 'no session')
    for (const [file, sentence] of [
      [path.join(folder, 'none.rtsession'), /^There is no file .+\n$/],
      [folder, /is a folder.+\n$/],
      [other, /^This file is not a Realtime Inspector session.+\n$/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(['compare', a, file])
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, sentence)
    }
  })

  for (const [what, args] of Object.entries({
    'one file': ['a'],
    'three files': ['a', 'b', 'c'],
    'what is no JSON path': ['a', 'b', '--ignore', '$.['],
    'an invalid tolerance': ['a', 'b', '--timing-tolerance', '-1'],
    'an invalid direction': ['a', 'b', '--direction', 'up'],
    'an unknown format': ['a', 'b', '--format', 'xml'],
  }))
    it(`refuses ${what} with its usage line`, async () => {
      const { code, stdout, stderr } = await runCli(['compare', ...args])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector compare \[options\] A B\n$/)
    })

  it('has colors with --color', async () => {
    const both = files(['x'], ['y'])
    assert.ok(!(await runCli(['compare', ...both])).stdout.includes('\x1b['))
    assert.ok((await runCli(['compare', ...both, '--color'])).stdout.includes('\x1b['))
  })

  it('ends at SIGTERM and SIGINT during a very long comparison', async () => {
    let nested: unknown = 1
    for (let depth = 0; depth < 200; depth++) nested = { a: nested, b: [1] }
    const file = writeSession(folder, 'deep.rtsession', conversation([nested]))
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const cli = await startCli(['compare', file, file, '--ignore', '$..*..*..*..*..*..*'])
      const before = await Promise.race([
        cli.ended,
        new Promise((resolve) => setTimeout(resolve, 1500, 'busy')),
      ])
      assert.equal(before, 'busy')
      cli.child.kill(signal)
      assert.equal((await cli.ended).signal, signal)
    }
  })

  it('explains its options within 80 columns, with examples', async () => {
    for (const command of ['compare', 'convert', 'report']) {
      const { code, stdout } = await runCli([command, '--help'])
      assert.equal(code, 0)
      assert.match(stdout, new RegExp(`Examples:\\n.*\\n +\\$ realtime-inspector ${command} `))
      for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
    }
  })
})

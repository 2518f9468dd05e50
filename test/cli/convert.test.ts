import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs'
import path from 'node:path'
import { cliTests, runCli, startCli } from '../support/cli.ts'
import { query } from '../support/duckdb.ts'
import { conversation, message, opened } from '../support/recording.ts'
import { writeSession } from '../support/recording-file.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('convert', () => {
  cliTests()
  let folder: string
  let session: string

  beforeEach(() => {
    folder = tempDir()
    session = writeSession(folder, 'a.rtsession', [
      ...opened(1, 0, 'ws://localhost/?token=t0ken'),
      message(10, { a: 1 }),
      message(20, Buffer.from([0xff, 0])),
      message(30, '=1+1', { direction: 'out' }),
      { type: 'close', connection: 1, time: 40, code: 1000, by: 'server' },
    ])
  })

  const to = (name: string) => path.join(folder, name)

  it('converts a session to HAR and back, with the same messages', async () => {
    const [har, back] = [to('b.har'), to('c.rtsession')]
    assert.deepEqual((await runCli(['convert', session, har])).stderr, 'Written as ***: token.\n')
    assert.equal((await runCli(['convert', har, back])).code, 0)
    const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)
    assert.deepEqual(
      lines(back),
      lines(session).map((line) => line.replace('t0ken', '***')),
    )
  })

  it('keeps the secrets named with --reveal', async () => {
    const har = to('b.har')
    const { code, stderr } = await runCli(['convert', session, har, '--reveal', 'token'])
    assert.deepEqual([code, stderr], [0, ''])
    assert.ok(readFileSync(har, 'utf8').includes('token=t0ken'))
    assert.equal((await runCli(['convert', har, to('c.rtsession')])).code, 0)
    assert.ok(!readFileSync(to('c.rtsession'), 'utf8').includes('t0ken'))
  })

  for (const [signal, code, name] of [
    ['SIGTERM', 143, 'b.har'],
    ['SIGINT', 130, 'b.har'],
    ['SIGINT', 130, 'b.parquet'],
  ] as const)
    it(`ends at ${signal} in the middle, and leaves no file: ${name}`, async () => {
      const texts = Array.from({ length: 200_000 }, (_, n) => `a message that is one of many, number ${n}`)
      const from = writeSession(folder, 'long.rtsession', conversation(texts))
      const out = path.join(folder, 'out')
      mkdirSync(out)
      const begun = new Promise<void>((resolve) => {
        const watcher = watch(out, () => {
          watcher.close()
          resolve()
        })
      })
      const cli = await startCli(['convert', from, path.join(out, name)])
      await begun
      cli.child.kill(signal)
      const ended = await cli.ended
      assert.deepEqual([ended.code, ended.stderr], [code, ''])
      assert.deepEqual(readdirSync(out), [])
    })

  it('converts a session to CSV and NDJSON', async () => {
    assert.equal((await runCli(['convert', session, to('b.csv')])).code, 0)
    assert.equal(
      readFileSync(to('b.csv'), 'utf8'),
      [
        'time,timestamp,connection,direction,opcode,event,id,size,wireSize,encoding,data',
        '10,2026-11-23T05:00:00.010Z,1,in,text,,,7,,text,"{""a"":1}"',
        '20,2026-11-23T05:00:00.020Z,1,in,binary,,,2,,base64,/wA=',
        "30,2026-11-23T05:00:00.030Z,1,out,text,,,4,,text,'=1+1",
        '',
      ].join('\r\n'),
    )
    assert.equal((await runCli(['convert', session, to('b.ndjson')])).code, 0)
    assert.equal(
      readFileSync(to('b.ndjson'), 'utf8'),
      [
        '{"time":10,"connection":1,"direction":"in","encoding":"json","data":{"a":1}}',
        '{"time":20,"connection":1,"direction":"in","encoding":"base64","data":"/wA="}',
        '{"time":30,"connection":1,"direction":"out","encoding":"text","data":"=1+1"}',
        '',
      ].join('\n'),
    )
  })

  it('converts a session or a HAR to Parquet, with the name of the file', async () => {
    const bytes = Buffer.from([0xff, 0])
    assert.equal((await runCli(['convert', session, to('b.parquet')])).stderr, 'Written as ***: token.\n')
    assert.deepEqual(
      await query(
        `SELECT recording, url, type, data, data_bytes, ended_by FROM '${to('b.parquet')}' ORDER BY number`,
      ),
      [
        ['connect', null, null, null],
        ['open', null, null, null],
        ['message', '{"a":1}', null, null],
        ['message', null, bytes, null],
        ['message', '=1+1', null, null],
        ['close', null, null, 'server'],
      ].map(([type, data, data_bytes, ended_by]) => ({
        ...{ recording: 'a.rtsession', url: 'ws://localhost/?token=***' },
        ...{ type, data, data_bytes, ended_by },
      })),
    )
    await runCli(['convert', session, to('c.har')])
    assert.equal((await runCli(['convert', to('c.har'), to('c.parquet')])).code, 0)
    const [sums] = await query(
      `SELECT any_value(recording) AS recording, sum(size)::INT AS size FROM '${to('c.parquet')}' WHERE type = 'message'`,
    )
    assert.deepEqual(sums, { recording: 'c.har', size: 13 })
  })

  it('says what it could not decode for Parquet', async () => {
    const from = writeSession(folder, 'odd.rtsession', [
      {
        type: 'connect',
        connection: 1,
        time: 0,
        transport: 'websocket',
        url: 'ws://h/',
        attempt: 0,
        decoder: 'socket.io',
      },
      message(1, 'no packet of Engine.IO'),
      message(2, 'nor is this'),
    ])
    const { code, stderr } = await runCli(['convert', from, to('b.parquet')])
    assert.equal(code, 0)
    assert.match(stderr, /odd\.rtsession: Connection 1: Event 2 could not be decoded as socket\.io \(.+\n$/)
  })

  it('converts 100,000 messages, also onto its own input', async () => {
    const many = writeSession(
      folder,
      'many.rtsession',
      conversation(Array.from({ length: 100_000 }, (_, n) => ({ n }))),
    )
    assert.equal((await runCli(['convert', many, to('many.har')])).code, 0)
    assert.equal((await runCli(['convert', to('many.har'), many])).code, 0)
    assert.equal(readFileSync(many, 'utf8').match(/"type":"message"/g)?.length, 100_000)
  })

  it('ends with 1 and one sentence if it cannot read or write, and leaves no file', async () => {
    writeFileSync(to('bad.har'), '{')
    for (const [args, sentence] of [
      [[to('none.rtsession'), to('x.har')], /^There is no file .+\n$/],
      [[to('bad.har'), to('x.rtsession')], /bad\.har is not a HAR.+\n$/],
      [[session, to('missing/x.har')], /^The folder of \S+x\.har does not exist.+\n$/],
      [[session, to('missing/x.rtsession')], /^The folder of \S+x\.rtsession does not exist.+\n$/],
    ] as const) {
      const { code, stdout, stderr } = await runCli(['convert', ...args])
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, sentence)
      assert.ok(!stderr.includes('partial'))
    }
    assert.deepEqual(readdirSync(folder).sort(), ['a.rtsession', 'bad.har'])
  })

  for (const [what, args] of Object.entries({
    'one file': ['a.har'],
    'an output of no known kind': ['a.har', 'b.xml'],
    'an output without an extension': ['a.har', 'b'],
  }))
    it(`refuses ${what} with its usage line`, async () => {
      const { code, stderr } = await runCli(['convert', ...args])
      assert.equal(code, 2)
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector convert \[options\] IN OUT\n$/)
    })
})

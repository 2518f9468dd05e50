/** A saved session in a series of files. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { RotatedFiles, type RotatedFilesOptions } from '../../../src/cli/connect/rotated-files.ts'
import type { Rotation } from '../../../src/cli/connect/rotation.ts'
import { cliTests, type Line, parseLines, runCli, startCli } from '../../support/cli.ts'
import { listen, serveWebSocket } from '../../support/loopback.ts'
import { tempDir } from '../../support/temp-dir.ts'

const WRITER = { startedAt: new Date(0), generator: 'test' }
const COUNT = 400
const TEXT = 'x'.repeat(200)

/** The lines of each file of a folder, in the order of their names. */
async function filesIn(folder: string): Promise<Line[][]> {
  const names = (await readdir(folder)).sort()
  return await Promise.all(
    names.map(async (name) => parseLines(await readFile(path.join(folder, name), 'utf8'))),
  )
}

const inbound = (lines: readonly Line[]) =>
  lines.filter(({ type, direction }) => type === 'message' && direction === 'in')

describe('--rotate', () => {
  cliTests()
  let folder: string

  beforeEach(() => {
    folder = tempDir()
  })

  const rotated = (rotation: Rotation, more: Partial<RotatedFilesOptions> = {}) =>
    new RotatedFiles({
      ...{ path: path.join(folder, 'app.rtsession'), rotation, mode: 0o666, writer: WRITER },
      ...more,
    })

  /** Sends numbered messages, then closes. */
  const flood = (count = COUNT) =>
    serveWebSocket((socket) => {
      for (let n = 0; n < count; n++) socket.send(`${n} ${TEXT}`)
      socket.close()
    })

  it('divides a session by size into whole files, each with how the connection started, and loses nothing', async () => {
    const options = ['--rotate', '20kB', '--rotate-keep', '1000', '--format', 'none']
    const file = path.join(folder, 'app.rtsession')
    const { code, stderr } = await runCli(['connect', await flood(), '--save', file, ...options])
    assert.deepEqual([code, stderr], [0, ''])
    const names = await readdir(folder)
    for (const name of names) assert.match(name, /^app-\d{8}T\d{6}Z-\d{4}\.rtsession$/)
    const files = await filesIn(folder)
    assert.ok(files.length > 4, `${files.length} files`)
    for (const lines of files) {
      const [header, connect, open] = lines
      assert.deepEqual(header, files[0]?.[0])
      assert.deepEqual([connect?.type, open?.type], ['connect', 'open'])
    }
    const numbers = files.flatMap((lines) => inbound(lines).map(({ text }) => Number.parseInt(`${text}`, 10)))
    assert.deepEqual(
      numbers,
      Array.from({ length: COUNT }, (_, n) => n),
    )
    const newest = path.join(folder, names.sort().at(-1) ?? '')
    assert.equal((await runCli(['report', newest])).code, 0)
  })

  it('keeps the newest files only', async () => {
    const options = ['--rotate', '20kB', '--rotate-keep', '2', '--format', 'none']
    const file = path.join(folder, 'app.rtsession')
    assert.equal((await runCli(['connect', await flood(), '--save', file, ...options])).code, 0)
    const files = await filesIn(folder)
    assert.equal(files.length, 2)
    const last = files.flatMap(inbound).at(-1)?.text
    assert.equal(Number.parseInt(`${last}`, 10), COUNT - 1)
  })

  it('changes no file that exists', async () => {
    const made = rotated({ time: 1000, keep: 10 })
    await made.close()
    const [name = ''] = await readdir(folder)
    // The next files of the same and of the following seconds.
    const [, time = ''] = /-(\d{8}T\d{6})Z-/.exec(name) ?? []
    const begin = Date.parse(`${time.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:')}Z`)
    for (let second = 0; second < 60; second++) {
      const at = new Date(begin + second * 1000).toISOString().replace(/\.\d+|[:-]/g, '')
      await writeFile(path.join(folder, `app-${at}-0001.rtsession`), 'whole\npart')
    }
    const failures: string[] = []
    const files = rotated(
      { time: 1000, keep: 10 },
      { writer: { ...WRITER, onFailure: ({ code }) => failures.push(code) } },
    )
    await assert.rejects(files.close(), { code: 'EEXIST', message: /exists already, and is not overwritten/ })
    assert.deepEqual(failures, ['EEXIST'])
    for (const each of await readdir(folder))
      assert.equal(await readFile(path.join(folder, each), 'utf8'), 'whole\npart')
  })

  it('says that the folder is missing', async () => {
    const file = path.join(folder, 'missing', 'app.rtsession')
    const { code, stderr } = await runCli(['connect', await flood(), '--save', file, '--rotate', '1h'])
    assert.equal(code, 1)
    assert.match(stderr, /does not exist; create it or choose another place/)
  })

  it('makes no files beside what is none', async () => {
    for (const save of ['/dev/null', folder]) {
      const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:1', '--save', save, '--rotate', '1h'])
      assert.equal(code, 1)
      assert.match(stderr, /^--rotate makes files beside .*, which is not a file; name one\.\n$/)
    }
  })

  it('needs a file and a size or a time', async () => {
    const url = 'ws://127.0.0.1:1'
    for (const [options, sentence] of [
      [['--rotate', '1h'], /add --save FILE/],
      [['--save', 'x', '--rotate', '100'], /size of at least 4 kB or a time from 1 s/],
      [['--save', 'x', '--rotate', '1B'], /size of at least 4 kB/],
      [['--save', 'x', '--rotate-keep', '3'], /add --rotate/],
    ] as const) {
      const { code, stderr } = await runCli(['connect', url, ...options])
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
  })

  it('divides what a proxy records', async () => {
    const port = await listen(
      createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (let n = 0; n < 200; n++) response.write(`data: ${n} ${TEXT}\n\n`)
        response.end()
      }),
    )
    const file = path.join(folder, 'proxy.rtsession')
    const proxy = await startCli([
      ...['proxy', `http://127.0.0.1:${port}`, '--save', file, '--rotate', '20kB'],
      ...['--max-messages', '200'],
    ])
    await proxy.line('session')
    const { listening } = JSON.parse(proxy.stdout.split('\n')[0] ?? '')
    // The proxy ends with the last message, maybe before the response does.
    await (await fetch(listening)).text().catch(() => {})
    await proxy.ended
    const files = await filesIn(folder)
    assert.ok(files.length > 1)
    assert.equal(files.flatMap(inbound).length, 200)
  })

  it('does not count how connections started, which may exceed the size', async () => {
    const files = rotated({ size: 4096, keep: 1000 })
    for (let connection = 1; connection <= 50; connection++) {
      const url = `ws://127.0.0.1/${'long'.repeat(50)}`
      files.append({ type: 'connect', time: connection, connection, url, transport: 'websocket', attempt: 0 })
    }
    await files.close()
    assert.ok((await readdir(folder)).length < 10)
  })

  it('begins a new file by time with the next event, and forgets connections that ended', async () => {
    let now = 0
    const files = rotated({ time: 1000, keep: 10 }, { now: () => now })
    const of = (connection: number) =>
      ({ connection, url: 'ws://a/', transport: 'websocket', attempt: 0 }) as const
    files.append({ type: 'connect', time: 0, ...of(1) })
    files.append({ type: 'connect', time: 1, ...of(2) })
    files.append({ type: 'close', time: 2, connection: 1, by: 'server' })
    now = 999
    files.append({ type: 'comment', time: 3, connection: 2, payload: Buffer.from('a') })
    now = 1000
    files.append({ type: 'comment', time: 4, connection: 2, payload: Buffer.from('b') })
    await files.close()
    const [first, second] = await filesIn(folder)
    assert.equal(first?.length, 5)
    assert.deepEqual(
      second?.slice(1).map(({ type, connection }) => [type, connection]),
      [
        ['connect', 2],
        ['comment', 2],
      ],
    )
  })

  it('keeps how connections started that are opened again, and not of those that failed', async () => {
    let now = 0
    const files = rotated({ time: 1000, keep: 10 }, { now: () => now })
    const of = (connection: number, attempt = 0) =>
      ({ type: 'connect', time: 0, connection, url: 'ws://a/', transport: 'websocket', attempt }) as const
    files.append(of(1))
    files.append({ type: 'error', time: 1, connection: 1, code: 'ECONNREFUSED', message: 'refused' })
    files.append(of(2))
    now = 1000
    files.append({ type: 'close', time: 2, connection: 2, by: 'server' })
    now = 2000
    files.append({ type: 'reconnect', time: 3, connection: 2, attempt: 1, delay: 0, reason: 'lost' })
    files.append(of(2, 1))
    now = 3000
    files.append({ type: 'comment', time: 5, connection: 2, payload: Buffer.from('b') })
    await files.close()
    const starts = (await filesIn(folder)).map((lines) =>
      lines.filter(({ type }) => type === 'connect').map(({ connection }) => connection),
    )
    assert.deepEqual(starts, [[1, 2], [2], [2, 2], [2]])
  })
})

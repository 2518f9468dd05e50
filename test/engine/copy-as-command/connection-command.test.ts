/** Commands for a shell, run by a real shell. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { curl } from '../../../src/engine/copy-as-command/curl.ts'
import { quote } from '../../../src/engine/copy-as-command/shell-syntax.ts'
import { websocat } from '../../../src/engine/copy-as-command/websocat.ts'
import type { Credentials } from '../../../src/shared/credentials.ts'
import type { HttpVersion } from '../../../src/shared/spec.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { seededRandom } from '../../support/splits.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { Filled } from '../payload/support.ts'

const run = promisify(execFile)

/** The output of the shell as bytes. */
async function sh(script: string, env: Record<string, string> = {}): Promise<Buffer> {
  // From a file, since the length of an argument is limited.
  const file = join(tempDir(), 'script')
  writeFileSync(file, script)
  const { stdout } = await run('sh', [file], {
    encoding: 'buffer',
    maxBuffer: 1 << 24,
    env: { ...process.env, ...env },
  })
  return stdout
}

const NASTY = [
  "it's",
  "'",
  "''\\'",
  '$HOME `id` $(id) "x" \\ \\\\',
  'line\nbreak\r\n\ttab',
  '* ? [a] ~ # ! & ; | < > { } -n',
  '日本 \u0301 \ud83d\ude00',
  '%s %d \\n \\0',
  ' leading and trailing ',
  '',
]

describe('a command', () => {
  afterEach(() => {
    closeServers()
    removeTempDirs()
  })

  it('quotes any text so that a shell leaves it as it is', async () => {
    const random = seededRandom(7)
    const alphabet = [...`'"\\$\`!*?[]{}()<>|&;#~%= \n\tab\u00e9`]
    const made = Array.from({ length: 40 }, () =>
      Array.from({ length: 12 }, () => alphabet[Math.floor(random() * alphabet.length)]).join(''),
    )
    const texts = [...NASTY, ...made]
    const printed = await sh(texts.map((text) => `printf '%s\\0' ${quote(text)}`).join('\n'))
    assert.deepEqual(printed.toString().split('\0').slice(0, -1), texts)
  })

  /** Makes the command, runs it with curl against a server, and returns the request that the server received. */
  async function asked(
    spec: Parameters<Filled['connect']>[1],
    path = '',
  ): Promise<[IncomingMessage, Buffer]> {
    let request: IncomingMessage | undefined
    let body = Buffer.alloc(0)
    const url = await serveHttp(async (incoming, response) => {
      request = incoming
      body = Buffer.from(await buffer(incoming))
      response.end('ok')
    })
    const filled = new Filled()
    const index = filled.connect(url + path, spec)
    const { text } = await filled.calls.command({ index, tool: 'curl', reveal: true })
    assert.equal((await sh(`${text} --silent`)).toString(), 'ok')
    filled.capture.close()
    assert.ok(request)
    return [request, body]
  }

  it('for curl makes the same request: method, URL, fields and body, byte for byte', async () => {
    for (const body of NASTY) {
      const headers = { 'X-Quote': `it's "$HOME" \`id\``, 'X-Empty': '', 'X-Twice': ['a', 'b'] }
      const [request, sent] = await asked({ method: 'REPORT', headers, body }, "a[1-3]{b,c}?q='x'&y=$HOME")
      assert.equal(request.method, 'REPORT')
      assert.equal(request.url, "/a[1-3]{b,c}?q='x'&y=$HOME")
      assert.equal(request.headers['x-quote'], headers['X-Quote'])
      assert.equal(request.headers['x-empty'], '')
      assert.equal(request.headers['x-twice'], 'a, b')
      assert.equal(request.headers['content-type'], undefined)
      assert.equal(sent.toString(), body)
    }
  })

  it('for curl sends a body that is too long for an argument through standard input', async () => {
    const bodies = ['x\0y', `it's ${'z'.repeat(200_000)}`]
    for (const body of bodies) {
      const [request, sent] = await asked({ body })
      assert.equal(request.method, 'POST')
      assert.ok(sent.equals(Buffer.from(body)))
    }
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const [, sent] = await asked({ body: { base64: bytes.toString('base64') } })
    assert.ok(sent.equals(bytes))
  })

  it('for curl requests an event stream as such, and a poll with its cursor', async () => {
    const [request] = await asked({ transport: 'sse' })
    assert.equal(request.headers.accept, 'text/event-stream')
    const [asGiven] = await asked({ transport: 'sse', headers: { accept: 'text/x-stream' } })
    assert.equal(asGiven.headers.accept, 'text/x-stream')
    const [plain] = await asked({ transport: 'http-stream' })
    assert.equal(plain.headers.accept, '*/*')
    const filled = new Filled()
    filled.connect('http://127.0.0.1/x', { transport: 'long-poll' })
    const url = 'http://127.0.0.1/x?index=7'
    filled.add({ type: 'request', connection: 1, time: 30, url, headers: { 'If-None-Match': '"7"' } })
    const index = filled.message('{}')
    const { text } = await filled.calls.command({ index, tool: 'curl', reveal: false })
    assert.ok(text.includes(`'${url}'`) && text.includes(`'If-None-Match: "7"'`), text)
    filled.capture.close()
  })

  it('for curl has the credentials, without their secrets', () => {
    const url = 'http://h/'
    const commandOf = (credentials: Credentials) =>
      curl(
        { type: 'connect', connection: 1, time: 0, attempt: 0, transport: 'poll', url, credentials },
        undefined,
      )
    const digest = { kind: 'digest', user: 'ada', password: '***' } as const
    assert.match(commandOf(digest), /--digest[^-]+--user 'ada:\*{3}'/)
    const aws = { kind: 'aws', accessKeyId: 'ID', secretAccessKey: '***', in: 'header', region: 'r' } as const
    assert.match(commandOf(aws), /--aws-sigv4 '?aws:amz:r'?[^-]+--user 'ID:\*{3}'/)
    assert.match(commandOf({ kind: 'bearer', token: '***' }), /'Authorization: Bearer \*{3}'/)
    const key = { kind: 'api-key', in: 'query', name: 'api key', value: '***' } as const
    assert.match(commandOf(key), /'http:\/\/h\/\?api%20key=\*{3}'/)
  })

  it('for curl asks for HTTP/2 as the connection does', () => {
    const optionOf = (url: string, http?: HttpVersion) => {
      const version = http && { http }
      const on = { type: 'connect', connection: 1, time: 0, attempt: 0, transport: 'poll', url } as const
      return / --http\S+/.exec(curl({ ...on, ...version }, undefined))?.[0]
    }
    assert.deepEqual(
      (['1.1', 'auto', '2', undefined] as const).map((version) => [
        optionOf('https://h/', version),
        optionOf('http://h/', version),
      ]),
      [
        [undefined, undefined],
        [' --http2', undefined],
        [' --http2', ' --http2-prior-knowledge'],
        [undefined, undefined],
      ],
    )
  })

  it('for websocat has the credentials, without their secrets, or says that it cannot have them', () => {
    const commandOf = (credentials: Credentials) =>
      websocat(
        {
          ...{ type: 'connect', connection: 1, time: 0, attempt: 0, transport: 'websocket' },
          ...{ url: 'ws://h/', subprotocols: ['chat'], credentials },
        },
        undefined,
      )
    assert.match(commandOf({ kind: 'basic', user: 'ada', password: '***' }), /'Authorization: Basic \*{3}'/)
    const key = { kind: 'api-key', name: 'key', value: '***' } as const
    assert.match(commandOf({ ...key, in: 'header' }), /--header='key: \*{3}'/)
    assert.match(commandOf({ ...key, in: 'query' }), /'ws:\/\/h\/\?key=\*{3}'/)
    assert.match(commandOf({ ...key, in: 'subprotocol' }), /--protocol='chat, key, \*{3}'/)
    assert.throws(() => commandOf({ kind: 'digest', user: 'ada', password: '***' }), {
      message: /^websocat cannot send the credentials of this connection/,
    })
  })

  it('opens a connection again by its number, without sending anything', async () => {
    const filled = new Filled()
    filled.connect('ws://127.0.0.1/x?token=hunter2')
    filled.message('{}')
    const opening = await filled.calls.connectionCommand({ connection: 1, reveal: false })
    assert.deepEqual(opening, { tool: 'websocat', text: opening.text, masked: ['token'] })
    assert.match(opening.text, /^websocat \\\n {2}'ws:\/\/127\.0\.0\.1\/x\?token=\*\*\*'$/)
    const { text } = await filled.calls.connectionCommand({ connection: 1, reveal: true })
    assert.match(text, /hunter2/)
    assert.throws(() => filled.calls.connectionCommand({ connection: 2, reveal: true }), {
      code: 'NO_CONNECTION',
    })
    filled.capture.close()
  })

  it('masks secrets unless they are requested, and names them', async () => {
    const filled = new Filled()
    const index = filled.connect('https://u:pw@host/?token=hunter2', {
      headers: { Authorization: 'Bearer s3' },
    })
    const hidden = await filled.calls.command({ index, tool: 'curl', reveal: false })
    assert.doesNotMatch(hidden.text, /pw@|hunter2|s3/)
    assert.deepEqual([...hidden.masked].sort(), ['Authorization', 'token', 'user:password'])
    const shown = await filled.calls.command({ index, tool: 'curl', reveal: true })
    assert.match(shown.text, /Bearer s3/)
    assert.match(shown.text, /u:pw@host\/\?token=hunter2/)
    assert.deepEqual(shown.masked, [])
    filled.capture.close()
  })

  /** The arguments and the input that a program with the name of websocat gets. */
  async function given(command: string): Promise<{ words: string[]; input: Buffer }> {
    const folder = tempDir()
    const program = join(folder, 'websocat')
    writeFileSync(
      program,
      `#!/bin/sh\nfor word in "$@"; do printf '%s\\0' "$word"; done > ${folder}/words\ncat > ${folder}/input\n`,
    )
    chmodSync(program, 0o755)
    await sh(`${command} < /dev/null; cat ${folder}/words`, { PATH: `${folder}:${process.env.PATH}` })
    const words = (await sh(`cat ${folder}/words`)).toString().split('\0').slice(0, -1)
    return { words, input: await sh(`cat ${folder}/input`) }
  }

  it('for websocat has URL, fields and subprotocols, and the message that was sent', async () => {
    const filled = new Filled()
    const url = "wss://host/path?q='x'"
    const connect = filled.connect(url, {
      headers: { Origin: 'https://it\u2019s' },
      subprotocols: ['a', 'b.v2'],
      tls: { insecure: true },
    })
    const connecting = ['--insecure', '--protocol=a, b.v2', '--header=Origin: https://it\u2019s', url]
    const inbound = filled.message('hello')
    for (const index of [connect, inbound]) {
      const plain = await filled.calls.command({ index, tool: 'websocat', reveal: false })
      assert.deepEqual((await given(plain.text)).words, connecting)
    }
    for (const content of NASTY.slice(0, -1)) {
      const index = filled.message(content, 'out')
      const { text } = await filled.calls.command({ index, tool: 'websocat', reveal: false })
      const { words, input } = await given(`( ${text} )`.replace(' < /dev/null', ''))
      assert.deepEqual(words, ['--text', '--no-line', '--no-close', ...connecting])
      assert.equal(input.toString(), content)
    }
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i & 0xff))
    const index = filled.message(bytes, 'out')
    const { text } = await filled.calls.command({ index, tool: 'websocat', reveal: false })
    const { words, input } = await given(`( ${text} )`)
    assert.deepEqual(words.slice(0, 4), ['--binary', '--no-line', '--no-close', '--buffer-size=70000'])
    assert.ok(input.equals(bytes))
    filled.capture.close()
  })

  it('is rejected for the wrong tool, with a sentence', async () => {
    const filled = new Filled()
    const index = filled.connect('ws://host/')
    assert.throws(() => filled.calls.command({ index, tool: 'curl', reveal: false }), {
      code: 'WRONG_TOOL',
      message: 'curl cannot open this connection; copy it as websocat.',
    })
    filled.capture.close()
  })
})

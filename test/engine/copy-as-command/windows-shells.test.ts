/** Commands for Windows: the words that cmd.exe makes of them, and the options that curl reads, sent by a real curl. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { curl } from '../../../src/engine/copy-as-command/curl.ts'
import { cmdCommands } from '../../../src/request/imports/curl/cmd-words.ts'
import { readCurl } from '../../../src/request/imports/curl/read.ts'
import type { ConnectEvent } from '../../../src/shared/event.ts'
import type { CommandShell } from '../../../src/shared/protocol/payloads.ts'
import { commandShell } from '../../../src/vscode/ui/shells.ts'
import { closeServers, serveHttp } from '../../support/loopback.ts'
import { seededRandom } from '../../support/splits.ts'

type Spec = Partial<ConnectEvent> & Pick<ConnectEvent, 'url'>

function commandOf(shell: CommandShell, spec: Spec): string {
  return curl(
    { type: 'connect', connection: 1, time: 0, attempt: 0, transport: 'poll', ...spec },
    undefined,
    shell,
  )
}

/** Runs curl with words and a standard input. */
async function run(words: readonly string[], input: string): Promise<void> {
  const child = execFile('curl', [...words, '--silent', '--show-error'])
  child.stdin?.end(input)
  const [said, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')])
  assert.equal(code, 0, said)
}

/** Runs the command as the shell does: cmd.exe splits it into words, PowerShell pipes the lines of a here-string. */
async function runIn(shell: CommandShell, command: string): Promise<void> {
  if (shell === 'cmd') {
    const [{ words = [] } = {}, ...more] = cmdCommands(command)
    assert.deepEqual(more, [])
    assert.equal(words[0], 'curl.exe')
    // cmd.exe would replace variables first.
    assert.doesNotMatch(command, /%\w/)
    await run(words.slice(1), '')
  } else {
    const [, lines] = /^& \{ [^\n]*\n@'\n(.*)\n'@ \| curl\.exe --config - \}$/s.exec(command) ?? []
    assert.ok(lines !== undefined && !/^['\u2018-\u201b]@/m.test(lines), command)
    // PowerShell ends what it pipes with a line end of Windows.
    await run(['--config', '-'], `${lines.replaceAll('\n', '\r\n')}\r\n`)
  }
}

const NASTY = [
  `it's "quoted" and \`id\` $HOME $(id) %PATH% %20 ^ & | < > ! \\ \\\\`,
  'ends with \\',
  '\\" \\\\" "',
  '{"a b":"c\\"d","e":[1, 2]}',
  "'@ | calc",
  'line\nbreak\n\n\ttab',
  '日本 é 😀 \u2019',
  ' leading and trailing ',
  '',
]

describe('a curl command for Windows', () => {
  afterEach(closeServers)

  for (const shell of ['cmd', 'powershell'] as const) {
    it(`makes the same request in ${shell}: method, URL, fields and body`, async () => {
      let request: IncomingMessage | undefined
      let body: Buffer | undefined
      const url = await serveHttp(async (incoming, response) => {
        request = incoming
        body = Buffer.from(await buffer(incoming))
        response.end('ok')
      })
      const random = seededRandom(3)
      const alphabet = [...`'"\\%^&|<>!$\`(){}; =\tab\u00e9`]
      const made = Array.from({ length: 20 }, () =>
        Array.from({ length: 12 }, () => alphabet[Math.floor(random() * alphabet.length)]).join(''),
      )
      for (const each of [...NASTY, ...made]) {
        const headers = { 'X-Quote': `"it's" %OS% ^ \\`, 'X-Empty': '' }
        const spec = { url: `${url}a[1]{b}?q='x'&y=%20^`, method: 'REPORT', headers, body: each }
        await runIn(shell, commandOf(shell, spec))
        assert.equal(request?.method, 'REPORT')
        assert.equal(request?.url, `/a[1]{b}?q='x'&y=%20^`)
        assert.equal(request?.headers['x-quote'], headers['X-Quote'])
        assert.equal(request?.headers['x-empty'], '')
        assert.equal(body?.toString(), each)
      }
    })

    it(`is refused for ${shell} if it has bytes, control characters or too much text`, () => {
      const url = 'http://h/'
      const bytes = { base64: Buffer.from([0xff, 0xfe]).toString('base64') }
      assert.throws(() => commandOf(shell, { url, body: bytes }), { code: 'NO_TOOL' })
      assert.throws(() => commandOf(shell, { url, body: 'a\u001bb' }), { code: 'CONTROL_CHARACTER' })
      assert.throws(() => commandOf(shell, { url, body: '\\'.repeat(200_000) }), { code: 'TOO_LARGE' })
      assert.throws(() => commandOf(shell, { url, headers: { a: '"'.repeat(60_000) } }), {
        code: 'TOO_LARGE',
      })
    })
  }

  it('of cmd can be imported again', () => {
    const command = commandOf('cmd', {
      url: 'http://h/a?b=%20c&d',
      headers: { 'X-A': 'b "c"' },
      body: '{"x":1}',
    })
    const [request] = readCurl(command).requests
    assert.equal(request?.spec.url, 'http://h/a?b=%20c&d')
    assert.equal(request?.spec.body, '{"x":1}')
  })

  it('is for the shell that is the default of the terminal', () => {
    assert.equal(
      commandShell('C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'win32'),
      'powershell',
    )
    assert.equal(commandShell('C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'win32'), 'powershell')
    assert.equal(commandShell('C:\\WINDOWS\\System32\\cmd.exe', 'win32'), 'cmd')
    assert.equal(commandShell('', 'win32'), 'cmd')
    assert.equal(commandShell('C:\\Program Files\\Git\\bin\\bash.exe', 'win32'), 'posix')
    assert.equal(commandShell('/usr/bin/pwsh', 'linux'), 'posix')
  })
})

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { cliTests, runCli } from '../../support/cli.ts'
import { type Shop, serveShop, writeFiles, writeRequests } from './shop.ts'

describe('problems that run finds', () => {
  cliTests()

  let shop: Shop

  beforeEach(async () => {
    shop = await serveShop()
  })

  it('end it with 2 before anything runs, each at its place, if a request that is to run has a mistake', async () => {
    const file = await writeRequests(
      `### events\nSSE http://${shop.host}/events\n\n### chat\n# @timeout soon\nWEBSOCKET ws://${shop.host}/{{rom}}\nno header\n`,
    )
    const { code, stdout, stderr } = await runCli(['run', file])
    assert.deepEqual([code, stdout], [2, ''])
    const lines = stderr.trim().split('\n')
    assert.deepEqual(
      lines.map((line) => /^.*shop\.http:(\d+:\d+: \w+): /.exec(line)?.[1]),
      ['5:12: error', '7:1: error', '6:36: error'].map((each) =>
        each.replace('36', String(`WEBSOCKET ws://${shop.host}/`.length + 1)),
      ),
    )
    assert.deepEqual(shop.log, [])

    const { code: other } = await runCli(['run', file, 'events'])
    assert.equal(other, 0)
  })

  it('are printed once and do not stop it if they are warnings', async () => {
    const file = await writeRequests(
      `### events\n# @interval 5\nSSE http://${shop.host}/events\n\n> {%\n  client.test()\n%}\n`,
    )
    const { code, stderr } = await runCli(['run', file, '--format', 'none'])
    assert.equal(code, 0)
    const [script, interval, ...more] = stderr.trim().split('\n')
    assert.match(script ?? '', /shop\.http:5:1: warning: Scripts are not run\./)
    assert.match(
      interval ?? '',
      /shop\.http:2:\d+: events: interval has no effect here: it is for polling\.$/,
    )
    assert.deepEqual(more, [])
  })

  it('are mistakes in the files of environments, too', async () => {
    const folder = await writeFiles({
      'api/shop.http': `SSE http://${shop.host}/events\n`,
      'http-client.env.json': '{"dev": {"a" 1}}',
    })
    const { code, stderr } = await runCli(['run', join(folder, 'api', 'shop.http')])
    assert.equal(code, 2)
    assert.match(stderr, /http-client\.env\.json:1:14: error: The file is not valid JSON/)
  })

  it('leave out what only other tools run, unless it is named', async () => {
    const file = await writeRequests(
      `### call\nGRPC http://${shop.host}/a.B/c\n\n### events\nSSE http://${shop.host}/events\n`,
    )
    const all = await runCli(['run', file, '--format', 'none'])
    assert.equal(all.code, 0)
    assert.match(all.stderr, /shop\.http:2:1: "call" is skipped: it runs in JetBrains and httpYac\./)
    const named = await runCli(['run', file, 'call'])
    assert.equal(named.code, 2)
    assert.match(named.stderr, /shop\.http:2:1: error: "call" runs in JetBrains and httpYac, not here\./)
  })

  describe('are wrong usage, with the usage line, if', () => {
    const usage = async (args: readonly string[], pattern: RegExp) => {
      const { code, stdout, stderr } = await runCli(['run', ...args])
      assert.deepEqual([code, stdout], [2, ''], stderr)
      assert.match(stderr, pattern)
      assert.match(stderr, /\nUsage: realtime-inspector run \[options\] FILE \[NAME…\]\n$/)
    }

    it('there is no file', () => usage([], /missing required argument 'FILE'/))

    it('the file cannot be read', () => usage(['/nowhere/a.http'], /a\.http cannot be read: no such file/))

    it('it has no requests', async () => {
      await usage([await writeRequests('# nothing\n')], /has no requests; write one, such as/)
    })

    it('it has no request with that name', async () => {
      const file = await writeRequests(`### events\nSSE http://${shop.host}/events\n`)
      await usage([file, 'event'], /has no request "event"; did you mean "events"\?/)
      await usage([file, 'chat'], /has no request "chat"; see them with --list\./)
    })

    it('there is no such environment', async () => {
      const file = await writeRequests(`SSE http://${shop.host}/events\n`)
      await usage([file, '--env', 'dev'], /There is no environment "dev"/)
    })

    it('a file that is written is the file of requests, or written twice', async () => {
      const file = await writeRequests(`SSE http://${shop.host}/events\n`)
      await usage([file, '--save', file], /--save would overwrite the request file/)
      await usage([file, '--junit', file], /--junit would overwrite the request file/)
      await usage([file, '--save', `${file}.a`, '--junit', `${file}.a`], /name the same file/)
    })

    it('a variable has no name or a rule is not valid', async () => {
      const file = await writeRequests(`SSE http://${shop.host}/events\n`)
      await usage([file, '--var', '=secret-value'], /--var <NAME=VALUE>' is not valid\. It must have/)
      await usage([file, '--on', '/(/ => x'], /--on/)
    })
  })
})

import assert from 'node:assert/strict'
import { connect } from '../../src/cli/connect/connect-command.ts'
import { OPTION_NAMES } from '../../src/request/options.ts'
import { runCli } from '../support/cli.ts'

const WRONG: Readonly<Record<string, readonly string[]>> = {
  'no URL': ['connect'],
  'an unknown option': ['connect', 'ws://127.0.0.1/', '--bogus'],
  'an extra argument': ['connect', 'ws://127.0.0.1/', 'more'],
  'an option without its value': ['connect', 'ws://127.0.0.1/', '--timeout'],
  'an unknown transport': ['connect', 'ws://127.0.0.1/', '--transport', 'carrier-pigeon'],
  'an unknown framing': ['connect', 'http://127.0.0.1/', '--framing', 'picture'],
  'an unknown format': ['connect', 'ws://127.0.0.1/', '--format', 'xml'],
  'an invalid number': ['connect', 'ws://127.0.0.1/', '--max-messages', 'many'],
  'a number below its minimum': ['connect', 'ws://127.0.0.1/', '--max-messages', '0'],
  'an invalid duration': ['connect', 'ws://127.0.0.1/', '--duration', '1m'],
  'an invalid reconnect policy': ['connect', 'ws://127.0.0.1/', '--reconnect', 'maybe'],
  'a header without a colon': ['connect', 'ws://127.0.0.1/', '-H', 'Authorization'],
  'an invalid cursor': ['connect', 'http://127.0.0.1/', '--cursor', 'etag'],
  'a body file that is not there': ['connect', 'http://127.0.0.1/', '-d', '@/nowhere/body.json'],
  'a CA file that is not there': ['connect', 'https://127.0.0.1/', '--ca', '/nowhere/ca.pem'],
  'a certificate without its key': ['connect', 'https://127.0.0.1/', '--cert', 'cert.pem'],
  'a header file that is not there': ['connect', 'http://127.0.0.1/', '-H', '@/nowhere/headers'],
  'headers and a body from standard input': ['connect', 'http://127.0.0.1/', '-H', '@-', '-d', '@-'],
  'two readers of standard input': ['connect', 'http://127.0.0.1/', '-i', '-d', '@-'],
  'a URL without a scheme': ['connect', 'localhost:8080'],
  'a URL of an unknown scheme': ['connect', 'gopher://127.0.0.1/'],
  'a transport that cannot speak the URL': ['connect', 'http://127.0.0.1/', '--transport', 'websocket'],
}

describe('wrong usage of connect', () => {
  for (const [what, args] of Object.entries(WRONG)) {
    it(`is ${what}: a sentence, the usage line, exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(args)
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector connect \[options\] URL\n$/)
    })
  }

  it('suggests a similar option', async () => {
    const { stderr } = await runCli(['connect', 'ws://127.0.0.1/', '--max-message', '1'])
    assert.match(stderr, /--max-messages/)
  })
})

describe('the options of connect', () => {
  it('include every option of a request', () => {
    const given = new Set(connect.options.map((option) => option.attributeName()))
    assert.deepEqual(
      OPTION_NAMES.filter((name) => !given.has(name)),
      [],
    )
  })
})

describe('the program', () => {
  it('refuses an unknown command with its usage line', async () => {
    const { code, stderr } = await runCli(['conect'])
    assert.equal(code, 2)
    assert.match(
      stderr,
      /^error: unknown command 'conect'\n(\(Did you mean connect\?\)\n)?Usage: realtime-inspector /,
    )
  })

  it('prints its help and ends with 2 if no command is given', async () => {
    const { code, stderr } = await runCli([])
    assert.equal(code, 2)
    assert.match(stderr, /^Usage: realtime-inspector .*\n/)
  })

  it('prints its version', async () => {
    const { code, stdout } = await runCli(['--version'])
    assert.deepEqual([code, stdout.trim().split('.').length], [0, 3])
  })

  it('explains run within 80 columns, with examples', async () => {
    const { code, stdout } = await runCli(['run', '--help'])
    assert.equal(code, 0)
    for (const option of ['--env', '--var', '--secrets', '--junit', '--list', '--on', '--save'])
      assert.ok(stdout.includes(`${option} `), option)
    assert.match(stdout, /Examples:\n.*\n +\$ realtime-inspector run /)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
  })

  it('explains every option of connect within 80 columns, with examples', async () => {
    const { code, stdout } = await runCli(['connect', '--help'])
    assert.equal(code, 0)
    const options =
      '--transport -X -H -d --subprotocol --send -i --reconnect --interval --timeout --framing --insecure --ca --cert --key --proxy --save --format --max-messages --duration --cursor --max-message-size --max-attempts --no-compression --reveal'
    for (const option of options.split(' '))
      assert.ok(stdout.includes(`${option} `) || stdout.includes(`${option},`), option)
    assert.match(stdout, /Examples:\n.*\n +\$ realtime-inspector connect /)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line)
  })
})

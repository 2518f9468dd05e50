import assert from 'node:assert/strict'
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RunSecrets, secretVariables } from '../../../src/cli/run/run-secrets.ts'
import { cliTests, runCli, startCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'
import { PASSWORD, type Shop, serveShop, TOKEN, writeFiles } from './shop.ts'

const LOGIN = `# @name login
POST http://{{host}}/login?key={{$secret SHOP_PASSWORD}}
X-Note: {{$secret SHOP_PASSWORD}}
Content-Type: application/json

{"password":"{{$secret SHOP_PASSWORD}}"}
`

describe('secrets of run', () => {
  cliTests()

  let shop: Shop
  let folder: string
  let file: string

  beforeEach(async () => {
    shop = await serveShop()
    folder = await writeFiles({ 'shop.http': LOGIN })
    file = join(folder, 'shop.http')
  })

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return runCli(['run', file, '--var', `host=${shop.host}`, ...args], { env })
  }

  it('are those of the file of --secrets, of REALTIME_SECRET_NAME, or of NAME', async () => {
    const secrets = join(folder, 'secrets.env')
    await writeFile(secrets, `# comment\nSHOP_PASSWORD="${PASSWORD}"\n`, { mode: 0o600 })
    const wrong = { SHOP_PASSWORD: 'wrong' }
    assert.deepEqual((await run(['--secrets', secrets], wrong)).code, 0)
    assert.equal((await run([], { ...wrong, REALTIME_SECRET_SHOP_PASSWORD: PASSWORD })).code, 0)
    assert.equal((await run([], { SHOP_PASSWORD: PASSWORD })).code, 0)
    assert.equal((await run([], wrong)).code, 1)
  })

  it('may come from standard input', async () => {
    const cli = await startCli(['run', file, '--var', `host=${shop.host}`, '--secrets', '-'])
    cli.child.stdin?.end(`SHOP_PASSWORD=${PASSWORD}\n`)
    assert.equal((await cli.ended).code, 0)
  })

  it('are missing with a sentence that says where they are looked for; an empty one is missing', async () => {
    const { code, stderr } = await run([], { SHOP_PASSWORD: '' })
    assert.equal(code, 1)
    assert.match(
      stderr,
      /shop\.http:2:\d+: The request "login" cannot run: The secret SHOP_PASSWORD has no value; set the environment variable REALTIME_SECRET_SHOP_PASSWORD or SHOP_PASSWORD, or write it into a file for --secrets\.\n/,
    )
  })

  it('of a file that others can read are used, with a warning', async function () {
    if (process.platform === 'win32') this.skip()
    const secrets = join(folder, 'secrets.env')
    await writeFile(secrets, `SHOP_PASSWORD=${PASSWORD}\n`)
    await chmod(secrets, 0o644)
    const { code, stderr } = await run(['--secrets', secrets])
    assert.equal(code, 0)
    assert.match(stderr, /^Other users .* secrets in \S+secrets\.env; run chmod 600 \S+secrets\.env\.\n$/)
    await chmod(secrets, 0o600)
    assert.equal((await run(['--secrets', secrets])).stderr, '')
  })

  it('that messages set are more than can be masked, which is said', async () => {
    const url = await serveWebSocket((socket) => {
      for (let n = 0; n < 1100; n++) socket.send(`{"session":${100_000 + n}}`)
    })
    await writeFile(file, `# @max-messages 1100\n# @set session = $.session\nWEBSOCKET ${url}\n`)
    // Nothing is printed, so that nothing has to be masked after each of them.
    const { code, stderr } = await run(['--format', 'none'])
    assert.equal(code, 0, stderr)
    assert.match(stderr, /Further values .* are not masked\. A session can mask 1,000 secrets/)
  })

  it('reach no output and no file, also if the request fails', async () => {
    await writeFile(
      join(folder, 'http-client.private.env.json'),
      JSON.stringify({ dev: { card: 'priv-4111-1111' } }),
    )
    await writeFile(
      file,
      `${LOGIN}\n### echo\n# @max-messages 1\nWEBSOCKET ws://{{host}}/{{card}}\n\n{"type":"{{$secret SHOP_PASSWORD}}","card":"{{card}}"}\n\n### broken\nSSE http://{{host}}/missing/{{card}}/{{$secret SHOP_PASSWORD}}\n`,
    )
    const save = join(folder, 'out.rtsession')
    const junit = join(folder, 'out.xml')
    for (const format of ['jsonl', 'pretty']) {
      const { code, stdout, stderr } = await run(
        ['--env', 'dev', '--save', save, '--junit', junit, '--format', format],
        { SHOP_PASSWORD: PASSWORD },
      )
      assert.equal(code, 1)
      assert.ok(shop.log.some((line) => line.includes(PASSWORD) && line.includes('priv-4111-1111')))
      const outputs = [stdout, stderr, await readFile(save, 'utf8'), await readFile(junit, 'utf8')]
      for (const output of outputs)
        for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'priv-4111-1111'])
          assert.equal(output.includes(secret), false, `${secret} in ${output}`)
    }
    // Nothing else was written.
    assert.deepEqual((await readdir(folder)).sort(), [
      'http-client.private.env.json',
      'out.rtsession',
      'out.xml',
      'shop.http',
    ])
  })

  it('that a message has set are masked in it and after it', async () => {
    await writeFile(
      file,
      `${LOGIN.replace('# @name', '# @set token = $.session.token\n# @name')}\n### chat\nWEBSOCKET ws://{{host}}/\nAuthorization: Bearer {{token}}\n\n{"type":"hi","again":"{{token}}"}\n=== wait-for-server\n`,
    )
    const { code, stdout } = await run([], { SHOP_PASSWORD: PASSWORD })
    assert.equal(code, 0)
    assert.ok(shop.log.includes(`{"type":"hi","again":"${TOKEN}"}`))
    assert.equal(stdout.includes(TOKEN), false)
    assert.match(stdout, /"text":"\{\\"session\\":\{\\"token\\":\\"\*{10}\\"\}/)
  })

  it('have names that environment variables can have', () => {
    assert.deepEqual(secretVariables('chat-token'), [
      'REALTIME_SECRET_chat-token',
      'REALTIME_SECRET_CHAT_TOKEN',
      'chat-token',
    ])
    const secrets = new RunSecrets({}, { REALTIME_SECRET_CHAT_TOKEN: 'x' })
    assert.equal(secrets.get('chat-token'), 'x')
    assert.equal(secrets.get('__proto__'), undefined)
  })
})

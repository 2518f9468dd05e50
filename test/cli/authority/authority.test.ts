import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cliTests, runCli } from '../../support/cli.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('authority', () => {
  cliTests()

  it('makes, shows and removes the authority of the user', async () => {
    const env = { XDG_CONFIG_HOME: tempDir() }
    const file = join(env.XDG_CONFIG_HOME, 'realtime-inspector', 'authority.crt')
    const none = await runCli(['authority', 'show'], { env })
    assert.equal(none.code, 1)
    assert.match(none.stderr, /no local authority\. Make one with "authority create HOST"/)

    const made = await runCli(['authority', 'create', 'localhost', 'example.test'], { env })
    assert.deepEqual([made.code, made.stdout], [0, `${file}\n`])
    assert.match(made.stderr, /for localhost, example\.test and is valid until \d{4}-\d\d-\d\d/)
    assert.match(made.stderr, /NODE_EXTRA_CA_CERTS/)
    assert.equal(statSync(file.replace('.crt', '.key')).mode & 0o777, 0o600)

    const shown = await runCli(['authority', 'show'], { env })
    assert.deepEqual([shown.code, shown.stdout], [0, `${file}\n`])
    const again = await runCli(['authority', 'create', 'localhost'], { env })
    assert.equal(again.code, 1)
    assert.match(again.stderr, /There is an authority already/)

    assert.equal((await runCli(['authority', 'remove'], { env })).code, 0)
    assert.equal(existsSync(file), false)
  })

  it('is in no folder that is relative to where the program starts', async function () {
    if (process.platform === 'win32') this.skip()
    const { code, stderr } = await runCli(['authority', 'show'], { env: { HOME: '', XDG_CONFIG_HOME: '' } })
    assert.equal(code, 1)
    assert.match(stderr, /HOME is not an absolute path\. Set it to your home\./)
  })

  it('refuses wrong usage', async () => {
    for (const args of [['create'], ['show', 'localhost'], ['sell']]) {
      const { code, stderr } = await runCli(['authority', ...args])
      assert.equal(code, 2, args.join(' '))
      assert.match(stderr, /Usage: realtime-inspector authority/)
    }
  })
})
